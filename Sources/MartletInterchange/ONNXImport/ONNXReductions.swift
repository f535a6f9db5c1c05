import MartletFormats
import MartletGraph

extension ONNXImporter {
    /// A reduction; axes are a setting or, in newer operator sets, an operand.
    mutating func reduce(_ kind: Reduction, _ use: ONNXUse) throws -> Operand {
        let x = value(try use.input(0))
        let shape = builder.type(x).shape
        let given = try use.axes(operand: 1) ?? []
        if given.isEmpty, try use.flag("noop_with_empty_axes") { return operand(x) }
        let axes = given.isEmpty ? Array(shape.indices) : try use.axes(given, rank: shape.count)
        var result = try builder.append(.reduce(kind, axes: axes), [x])
        if use.node.kind == "ReduceMean" {
            let count = axes.reduce(1) { $0 * shape[$1] }
            result = try scaled(result, 1 / Double(max(1, count)))
        }
        if try use.flag("keepdims", true) {
            let kept = shape.indices.map { axes.contains($0) ? 1 : shape[$0] }
            result = try builder.append(.reshape(kept), [result])
        }
        return operand(result)
    }

    mutating func argReduce(_ use: ONNXUse, _ kind: ArgReduction) throws -> Value {
        guard try !use.flag("select_last_index") else {
            throw use.refused("the first of equal elements", "select_last_index")
        }
        let x = value(try use.input(0))
        var shape = builder.type(x).shape
        let axis = try use.axis(try use.integer("axis") ?? 0, rank: shape.count)
        let result = try builder.append(.argReduce(kind, axis: axis), [x])
        guard try use.flag("keepdims", true) else { return result }
        shape[axis] = 1
        return try builder.append(.reshape(shape), [result])
    }

    /// Before operator set 13 all axes from `axis` on were one, since then it is one axis.
    mutating func softmax(_ use: ONNXUse, logarithm: Bool) throws -> Value {
        let x = value(try use.input(0))
        let shape = builder.type(x).shape
        func op(_ axis: Int) -> Op { logarithm ? .logSoftmax(axis: axis) : .softmax(axis: axis) }
        if use.version >= 13 {
            let axis = try use.axis(try use.integer("axis") ?? -1, rank: shape.count)
            return try builder.append(op(axis), [x])
        }
        let axis = try use.axis(try use.integer("axis") ?? 1, rank: shape.count)
        if axis == shape.count - 1 { return try builder.append(op(axis), [x]) }
        let flat = [shape[..<axis].reduce(1, *), shape[axis...].reduce(1, *)]
        let rows = try builder.append(.reshape(flat), [x])
        return try builder.append(.reshape(shape), [try builder.append(op(1), [rows])])
    }
}

// MARK: Normalisation

extension ONNXImporter {
    /// (x − mean) / √(variance + ε) · scale + bias, with given statistics.
    mutating func batchNormalization(_ use: ONNXUse) throws -> Value {
        guard try !use.flag("training_mode"), try use.integer("spatial") != 0 else {
            throw use.refused("batch normalisation for use", "the form for training")
        }
        try use.requireOneResult()
        let x = value(try use.input(0))
        guard builder.type(x).rank >= 2 else {
            throw use.refused("at least 2 axes, [N, C, …]", "\(builder.type(x))", .malformed)
        }
        let scale = value(try use.input(1))
        let bias = value(try use.input(2))
        let mean = value(try use.input(3))
        let variance = try shifted(value(try use.input(4)), try use.float("epsilon", 1e-5))
        let factor = try builder.append(.unary(.rsqrt), [variance])
        let centered = try perChannel(.subtract, x, mean)
        let scaled = try perChannel(
            .multiply, centered, try builder.append(.binary(.multiply), [factor, scale]))
        return try perChannel(.add, scaled, bias)
    }

    mutating func layerNormalization(_ use: ONNXUse) throws -> Value {
        try use.requireOneResult()
        let x = value(try use.input(0))
        let shape = builder.type(x).shape
        let axis = try use.axis(try use.integer("axis") ?? -1, rank: shape.count)
        let epsilon = try use.float("epsilon", 1e-5)
        var result = try builder.append(
            .standardize(axes: Array(axis..<shape.count), epsilon: epsilon), [x])
        let scale = value(try use.input(1))
        result = try builder.append(
            .binary(.multiply), [result, try broadcast(scale, to: shape)])
        guard let bias = use.optional(2) else { return result }
        return try builder.append(
            .binary(.add), [result, try broadcast(value(bias), to: shape)])
    }

    mutating func instanceNormalization(_ use: ONNXUse) throws -> Value {
        let x = value(try use.input(0))
        let rank = builder.type(x).rank
        guard rank > 2 else {
            throw use.refused("pictures, [N, C, …]", "\(builder.type(x))", .malformed)
        }
        let normal = try builder.append(
            .standardize(axes: Array(2..<rank), epsilon: try use.float("epsilon", 1e-5)), [x])
        let scaled = try perChannel(.multiply, normal, value(try use.input(1)))
        return try perChannel(.add, scaled, value(try use.input(2)))
    }

    /// Scale and bias are per group before operator set 21, per channel since.
    mutating func groupNormalization(_ use: ONNXUse) throws -> Value {
        let x = value(try use.input(0))
        let shape = builder.type(x).shape
        guard let groups = try use.integer("num_groups"), shape.count >= 2, groups > 0,
            shape[1] % groups == 0
        else {
            throw use.refused("num_groups that divides the channels", "\(shape)", .malformed)
        }
        let split = [shape[0], groups, shape[1] / groups] + shape[2...]
        var result = try builder.append(.reshape(split), [x])
        let axes = Array(2..<split.count)
        result = try builder.append(
            .standardize(axes: axes, epsilon: try use.float("epsilon", 1e-5)), [result])
        let isPerGroup = use.version < 21
        if !isPerGroup { result = try builder.append(.reshape(shape), [result]) }
        result = try perChannel(.multiply, result, value(try use.input(1)))
        result = try perChannel(.add, result, value(try use.input(2)))
        return isPerGroup ? try builder.append(.reshape(shape), [result]) : result
    }
}
