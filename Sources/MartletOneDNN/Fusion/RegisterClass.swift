import CKernels
import MartletGraph

/// What the registers of an elementwise program hold.
enum RegisterClass {
    case float32, float64, integer

    /// The class in which values of a type are computed; `nil` for truth values, which fit all.
    init?(_ dtype: DataType) {
        switch dtype {
        case .float32: self = .float32
        case .float64: self = .float64
        case .int32, .int64, .uint8: self = .integer
        case .bool: return nil
        }
    }

    /// The number that the kernels know the class by.
    var code: Int32 {
        switch self {
        case .float32: Int32(CK_CLASS_F32)
        case .float64: Int32(CK_CLASS_F64)
        case .integer: Int32(CK_CLASS_I64)
        }
    }
}

extension DataType {
    /// The number that the kernels know the type by.
    var code: Int32 {
        switch self {
        case .float32: Int32(CK_F32)
        case .float64: Int32(CK_F64)
        case .int32: Int32(CK_I32)
        case .int64: Int32(CK_I64)
        case .uint8: Int32(CK_U8)
        case .bool: Int32(CK_BOOL)
        }
    }
}

extension Graph {
    /// The register class that an elementwise node computes in; `nil` when any will do.
    func registerClass(of index: Int) -> RegisterClass? {
        let node = nodes[index]
        switch node.op {
        case .compare: return RegisterClass(self[node.inputs[0]].type.dtype)
        case .cast(let target):
            let source = self[node.inputs[0]].type.dtype
            // Floats become integers when they are stored, so they stay floats in registers.
            if source.isFloatingPoint, !target.isFloatingPoint { return RegisterClass(source) }
            return RegisterClass(target) ?? RegisterClass(source)
        default: return RegisterClass(node.type.dtype)
        }
    }

    /// Whether later nodes must read the result from memory because only storing converts it.
    func convertsWhenStored(_ index: Int) -> Bool {
        guard case .cast(let target) = nodes[index].op else { return false }
        return target.isInteger && self[nodes[index].inputs[0]].type.dtype.isFloatingPoint
    }

    /// Whether the operand must come from memory because only loading converts it.
    func convertsWhenLoaded(_ index: Int) -> Bool {
        guard case .cast = nodes[index].op else { return false }
        let source = RegisterClass(self[nodes[index].inputs[0]].type.dtype)
        return source != nil && source != registerClass(of: index)
    }
}
