extension Op {
    /// How many operands the operation takes; `nil` for any number from one.
    public var operandCount: Int? {
        switch self {
        case .input, .variable, .constant, .iota: 0
        case .unary, .cast, .broadcast, .reshape, .transpose, .slice, .pad, .reverse, .reduce,
            .argReduce, .cumulativeSum, .maxPool2D, .averagePool2D, .averagePool2DGradient,
            .softmax, .logSoftmax, .standardize, .oneHot, .random:
            1
        case .binary, .compare, .matmul, .conv2D, .conv2DInputGradient, .conv2DWeightGradient,
            .maxPool2DGradient, .maxPool2DTangent, .standardizeGradient, .gather, .scatterAdd,
            .gatherAlong, .scatterAddAlong:
            2
        case .select: 3
        case .concatenate: nil
        }
    }

    /// The type of the result, or what is wrong with the operands.
    public func resultType(_ inputs: [TensorType]) throws(ShapeError) -> TensorType {
        let rule = ShapeRule(op: self, inputs: inputs)
        try rule.requireOperandCount()
        try rule.requireNumbersInRange()
        let result = try rule.result()
        try rule.requireRepresentable(result)
        return result
    }
}

extension ShapeRule {
    /// The type of the result before its sizes are checked.
    fileprivate func result() throws(ShapeError) -> TensorType {
        let rule = self
        return switch op {
        case .input(_, let type), .variable(_, let type): type
        case .constant(let tensor): tensor.type
        case .iota(let type, let axis): try rule.iota(type, axis)
        case .random(_, let type, _): try rule.random(type)
        case .unary(let op): try rule.unary(op)
        case .binary(let op): try rule.binary(op)
        case .compare: try rule.compare()
        case .select: try rule.select()
        case .cast(let dtype): inputs[0].with(dtype: dtype)
        case .broadcast(let shape): try rule.broadcast(shape)
        case .reshape(let shape): try rule.reshape(shape)
        case .transpose(let permutation): try rule.transpose(permutation)
        case .slice(let box): try rule.slice(box)
        case .pad(let padding): try rule.pad(padding)
        case .concatenate(let axis): try rule.concatenate(axis)
        case .reverse(let axes): try rule.keepingShape(axes)
        case .reduce(let kind, let axes): try rule.reduce(kind, axes)
        case .argReduce(_, let axis): try rule.argReduce(axis)
        case .cumulativeSum(let axis, _): try rule.keepingShape([axis])
        case .matmul(let a): try rule.matmul(a)
        case .conv2D(let a): try rule.conv2D(a)
        case .conv2DInputGradient(let a, let size): try rule.conv2DInputGradient(a, size)
        case .conv2DWeightGradient(let a, let kernel): try rule.conv2DWeightGradient(a, kernel)
        case .maxPool2D(let a), .averagePool2D(let a): try rule.pool2D(a)
        case .maxPool2DGradient(let a): try rule.maxPool2DGradient(a)
        case .maxPool2DTangent(let a): try rule.maxPool2DTangent(a)
        case .averagePool2DGradient(let a, let size): try rule.averagePool2DGradient(a, size)
        case .softmax(let axis), .logSoftmax(let axis): try rule.floatKeepingShape([axis])
        case .standardize(let axes, _): try rule.floatKeepingShape(axes)
        case .standardizeGradient(let axes, _): try rule.standardizeGradient(axes)
        case .gather(let axis): try rule.gather(axis)
        case .scatterAdd(let axis, let size): try rule.scatterAdd(axis, size)
        case .gatherAlong(let axis): try rule.gatherAlong(axis)
        case .scatterAddAlong(let axis, let size): try rule.scatterAddAlong(axis, size)
        case .oneHot(let classes, let dtype): try rule.oneHot(classes, dtype)
        }
    }
}

/// One operation with the types it was given; its methods are the shape rules, by family.
struct ShapeRule {
    var op: Op
    var inputs: [TensorType]

    /// An error about this operation.
    func error(expected: String, received: String, fix: String = "") -> ShapeError {
        let operands = inputs.map(\.description).joined(separator: ", ")
        let attributes = op.attributeText
        let operation = "\(op.name)(\(operands))" + (attributes.isEmpty ? "" : " \(attributes)")
        return ShapeError(
            operation: operation, expected: expected, received: received, fix: fix)
    }

    func requireOperandCount() throws(ShapeError) {
        if let count = op.operandCount {
            guard inputs.count == count else {
                throw error(
                    expected: "\(count) operand\(count == 1 ? "" : "s")",
                    received: "\(inputs.count)")
            }
        } else if inputs.isEmpty {
            throw error(expected: "at least one operand", received: "none")
        }
    }

    func require(axis: Int, of type: TensorType) throws(ShapeError) {
        guard type.shape.indices.contains(axis) else {
            throw error(
                expected: type.rank == 0
                    ? "an operand with axes" : "an axis from 0 to \(type.rank - 1)",
                received: type.rank == 0 ? "a scalar" : "axis \(axis)")
        }
    }

    func require(axes: [Int], of type: TensorType) throws(ShapeError) {
        for axis in axes { try require(axis: axis, of: type) }
        guard axes == Array(Set(axes)).sorted() else {
            throw error(expected: "ascending axes without repeats", received: "axes \(axes)")
        }
    }

    func requireFloat(_ type: TensorType) throws(ShapeError) {
        guard type.dtype.isFloatingPoint else {
            throw error(
                expected: "floating-point numbers (f32 or f64)", received: "\(type)",
                fix: "convert first: x.cast(to: .float32)")
        }
    }

    func require(rank: Int, _ type: TensorType, _ what: String) throws(ShapeError) {
        guard type.rank == rank else {
            throw error(
                expected: "\(what) with \(rank) axes", received: "\(type.rank) axes: \(type)",
                fix: rank == 4 ? "images are [N, C, H, W]: add the missing axes" : "")
        }
    }

    func requireIndices(_ type: TensorType) throws(ShapeError) {
        guard type.dtype == .int32 || type.dtype == .int64 else {
            throw error(
                expected: "indices of type i32 or i64", received: "\(type)",
                fix: "convert the labels first: labels.cast(to: .int32)")
        }
    }

    func requireSame(_ a: TensorType, _ b: TensorType) throws(ShapeError) {
        guard a.dtype == b.dtype else {
            throw error(
                expected: "operands of one element type",
                received: "\(a.dtype.rawValue) and \(b.dtype.rawValue)",
                fix: "convert one: x.cast(to: .\(a.dtype))")
        }
        guard a.shape == b.shape else {
            throw error(
                expected: "operands of one shape", received: "\(a.shape) and \(b.shape)")
        }
    }
}
