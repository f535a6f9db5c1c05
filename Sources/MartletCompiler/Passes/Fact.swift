import MartletGraph

/// What is known of the elements of a value without running anything.
struct Fact {
    /// The one number that all elements are, as a tensor without axes; `nil` when not known.
    var splat: HostTensor?
    /// No element has its sign bit set, NaN aside: none is negative and none is −0.
    var isNonNegative = false

    /// The number of `splat`, rounded to `Double`.
    var number: Double? { splat?.doubles.first }

    /// Derives what is known of a node from what is known of its operands.
    init(of node: Node, operands: [Fact]) {
        switch node.op {
        case .constant(let tensor):
            splat = tensor.splat
            isNonNegative = tensor.hasNoSignBit
        case .broadcast, .reshape, .transpose, .slice, .reverse:
            self = operands[0]
        default:
            isNonNegative = Fact.isNonNegative(node, operands)
        }
    }

    private static func isNonNegative(_ node: Node, _ operands: [Fact]) -> Bool {
        guard node.type.dtype.isFloatingPoint else {
            return node.type.dtype == .uint8 || node.type.dtype == .bool
        }
        switch node.op {
        case .iota, .random(.uniform, _, _), .softmax, .oneHot, .unary(.exp), .unary(.abs),
            .unary(.sigmoid):
            return true
        case .unary(.sqrt), .unary(.rsqrt), .unary(.reciprocal), .unary(.relu), .unary(.floor),
            .cast, .reduce, .gather, .scatterAdd, .gatherAlong, .scatterAddAlong, .cumulativeSum,
            .averagePool2D, .averagePool2DGradient:
            return operands[0].isNonNegative
        case .pad(let pad): return operands[0].isNonNegative && pad.value.sign == .plus
        case .concatenate: return operands.allSatisfy(\.isNonNegative)
        case .select: return operands[1].isNonNegative && operands[2].isNonNegative
        case .binary(.multiply) where node.inputs[0] == node.inputs[1]: return true
        case .binary(.power):
            // Even powers of anything; 0 is even, and the remainder of infinity is not a number.
            return operands[0].isNonNegative
                || operands[1].number?.remainder(dividingBy: 2) == 0
        case .binary(.add), .binary(.multiply), .binary(.divide), .binary(.maximum),
            .binary(.minimum):
            return operands[0].isNonNegative && operands[1].isNonNegative
        default: return false
        }
    }
}

extension HostTensor {
    /// The number that all elements have bit for bit, without axes; `nil` when they differ.
    var splat: HostTensor? {
        let width = type.dtype.byteCount
        guard bytes.count >= width else { return nil }
        let same = bytes.withUnsafeBytes { bytes in
            (width..<max(width, bytes.count)).allSatisfy { bytes[$0] == bytes[$0 - width] }
        }
        guard same else { return nil }
        return HostTensor(type: type.with(shape: []), bytes: Array(bytes[..<width]))
    }

    /// True when no element but NaN has its sign bit set; large tensors are not looked through.
    var hasNoSignBit: Bool {
        guard type.elementCount <= 4096 else { return false }
        return doubles.allSatisfy { $0.sign == .plus || $0.isNaN }
    }
}
