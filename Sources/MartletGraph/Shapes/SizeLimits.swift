extension TensorType {
    /// The size of the longest axis, which keeps sums and products of two sizes inside `Int`.
    static let largestSize = Int(Int32.max)
    /// What `isRepresentable` asks for, in words.
    static let representable = "sizes from 0 to \(largestSize), 2^48 elements at most"

    /// True when no size is negative and the elements can be counted and numbered.
    ///
    /// Axes of size 0 count as 1, so that strides are bounded too.
    public var isRepresentable: Bool {
        var count = 1
        for size in shape {
            guard (0...Self.largestSize).contains(size) else { return false }
            count *= max(1, size)
            guard count <= 1 << 48 else { return false }
        }
        return true
    }
}

extension ShapeRule {
    /// Holds every number among the settings to the range in which the rules compute safely.
    func requireNumbersInRange() throws(ShapeError) {
        let limit = TensorType.largestSize
        for number in attributeNumbers where !(-limit...limit).contains(number) {
            throw error(expected: "numbers up to \(limit)", received: "\(number)")
        }
    }

    func requireRepresentable(_ type: TensorType) throws(ShapeError) {
        guard type.shape.allSatisfy({ $0 >= 0 }) else {
            throw error(expected: "sizes of 0 or more", received: "\(type.shape)")
        }
        guard type.isRepresentable else {
            throw error(expected: TensorType.representable, received: "\(type.shape)")
        }
    }

    /// The whole numbers that the rules calculate with.
    private var attributeNumbers: [Int] {
        switch op {
        case .input, .variable, .constant, .random, .unary, .binary, .compare, .select, .cast,
            .matmul:
            []
        case .iota(_, let axis), .argReduce(_, let axis), .softmax(let axis),
            .logSoftmax(let axis), .gather(let axis), .gatherAlong(let axis),
            .concatenate(let axis), .cumulativeSum(let axis, _):
            [axis]
        case .broadcast(let list), .reshape(let list), .transpose(let list), .reverse(let list),
            .reduce(_, let list), .standardize(let list, _), .standardizeGradient(let list, _):
            list
        case .slice(let box): box.starts + box.limits + box.strides
        case .pad(let padding): padding.low + padding.high + padding.interior
        case .conv2D(let a): numbers(a)
        case .conv2DInputGradient(let a, let list), .conv2DWeightGradient(let a, let list):
            numbers(a) + list
        case .maxPool2D(let a), .maxPool2DGradient(let a), .maxPool2DTangent(let a),
            .averagePool2D(let a):
            numbers(a)
        case .averagePool2DGradient(let a, let size): numbers(a) + size
        case .scatterAdd(let axis, let size), .scatterAddAlong(let axis, let size): [axis, size]
        case .oneHot(let classes, _): [classes]
        }
    }

    private func numbers(_ a: Conv2DAttributes) -> [Int] {
        a.stride + a.paddingLow + a.paddingHigh + a.dilation + [a.groups]
    }

    private func numbers(_ a: PoolAttributes) -> [Int] {
        a.kernel + a.stride + a.paddingLow + a.paddingHigh + a.dilation + a.ceilExtra
    }
}
