import Martlet
import MartletGraph
import MartletReference

/// What has to happen to an array so that its numbers stand in Martlet's order.
struct WeightLayout {
    private let convention: WeightConvention
    private let shape: ModelShape

    init(_ convention: WeightConvention, _ shape: ModelShape) {
        (self.convention, self.shape) = (convention, shape)
    }

    /// The changes for an array of a type on its way to a parameter, whose type may be unknown.
    func changes(_ type: TensorType, to path: String, _ wanted: TensorType?) -> [WeightChange] {
        var changes: [WeightChange] = []
        let owner = ModelShape.owner(path)
        let isWeight = path.hasSuffix("weight")
        switch (convention, shape.kinds[owner] ?? .other, type.rank) {
        case (.keras, .convolution, 4) where isWeight: changes.append(.transposed([3, 2, 0, 1]))
        case (.keras, .depthwise, 4) where isWeight:
            changes.append(.transposed([2, 3, 0, 1]))
            changes.append(
                .reshaped([type.shape[2] * type.shape[3], 1, type.shape[0], type.shape[1]]))
        case (.keras, .dense, 2) where isWeight, (.paddle, .dense, 2) where isWeight:
            changes.append(.transposed([1, 0]))
            changes += reordered(owner, type.shape[0])
        case (.keras, .batchNorm, 1), (.keras, .norm, 1):
            changes += reordered(owner, type.shape[0])
        default: break
        }
        let dtype = wanted?.dtype ?? (type.dtype == .float64 ? .float32 : type.dtype)
        if dtype != type.dtype, dtype.isFloatingPoint, type.dtype.isFloatingPoint {
            changes.append(.converted(dtype))
        }
        return changes
    }

    /// The change of features that Keras counts in the order H, W, C.
    private func reordered(_ owner: String, _ count: Int) -> [WeightChange] {
        guard convention == .keras, let picture = shape.features[owner],
            picture.reduce(1, *) == count, picture[0] > 1, picture[1] * picture[2] > 1
        else { return [] }
        return [.channelsFirst(picture)]
    }

    /// The array with the changes made.
    static func apply(_ changes: [WeightChange], to value: HostTensor) -> HostTensor {
        changes.reduce(value) { value, change in
            switch change {
            case .transposed(let order): return computed(.transpose(order), value)
            case .reshaped(let shape): return value.reshaped(shape)
            case .converted(let dtype): return computed(.cast(dtype), value)
            case .channelsFirst(let picture):
                let split = value.reshaped([
                    rows(value), picture[1], picture[2], picture[0],
                ])
                return computed(.transpose([0, 3, 1, 2]), split).reshaped(value.type.shape)
            case .channelsLast(let picture):
                let split = value.reshaped([rows(value)] + picture)
                return computed(.transpose([0, 2, 3, 1]), split).reshaped(value.type.shape)
            }
        }
    }

    /// Features are the last axis; this many rows stand before them.
    private static func rows(_ value: HostTensor) -> Int {
        value.type.shape.dropLast().reduce(1, *)
    }

    private static func computed(_ op: Op, _ value: HostTensor) -> HostTensor {
        guard let type = try? op.resultType([value.type]),
            let result = try? Interpreter.evaluate(op, [value], type: type)
        else { preconditionFailure("internal: \(op.name) of \(value.type)") }
        return result
    }
}
