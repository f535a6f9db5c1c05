import Martlet
import MartletFormats
import MartletGraph

extension ONNXLowering {
    mutating func convolution(
        _ a: Conv2DAttributes, _ node: Node, _ value: Value, bias: Value?
    ) throws -> String {
        var inputs = [try name(node.inputs[0]), try name(node.inputs[1])]
        if let bias { inputs.append(try name(bias)) }
        let kernel = Array(graph[node.inputs[1]].type.shape[2...])
        return emit(
            "Conv", inputs,
            [
                "kernel_shape": .integers(kernel), "strides": .integers(a.stride),
                "pads": .integers(a.paddingLow + a.paddingHigh),
                "dilations": .integers(a.dilation), "group": .integer(a.groups),
            ], at: value)
    }

    /// A product of matrices, or of stacks of them; with a bias only of matrices.
    mutating func product(
        _ a: MatmulAttributes, _ node: Node, _ value: Value, bias: Value?
    ) throws -> String {
        var inputs = [try name(node.inputs[0]), try name(node.inputs[1])]
        let rank = node.type.rank
        if rank == 2, bias != nil || a.transposeA || a.transposeB {
            if let bias { inputs.append(try name(bias)) }
            return emit(
                "Gemm", inputs,
                [
                    "transA": .integer(a.transposeA ? 1 : 0),
                    "transB": .integer(a.transposeB ? 1 : 0),
                ], at: value)
        }
        let order = Array(0..<rank - 2) + [rank - 1, rank - 2]
        for (index, isTransposed) in [a.transposeA, a.transposeB].enumerated() where isTransposed {
            inputs[index] = emit(
                "Transpose", [inputs[index]], ["perm": .integers(order)], at: value)
        }
        return emit("MatMul", inputs, at: value)
    }

    /// A sum that ONNX has as part of another node, `nil` for other sums.
    mutating func fusedSum(_ node: Node, _ value: Value) throws -> String? {
        if let norm = try batchNorm(value) { return norm }
        for (first, second) in [(0, 1), (1, 0)] {
            let inner = node.inputs[first]
            guard uses[inner.index] == 1 else { continue }
            switch graph[inner].op {
            case .conv2D(let attributes):
                guard let bias = channelVector(node.inputs[second], of: node.type) else {
                    continue
                }
                return try convolution(attributes, graph[inner], value, bias: bias)
            case .matmul(let attributes):
                let bias = source(of: node.inputs[second])
                guard node.type.rank == 2, graph[bias].type.shape == [node.type.shape[1]] else {
                    continue
                }
                return try product(attributes, graph[inner], value, bias: bias)
            default: continue
            }
        }
        return nil
    }

    /// The vector `[C]` that was repeated over the channels of a picture or of rows.
    private func channelVector(_ value: Value, of type: TensorType) -> Value? {
        guard type.rank >= 2, case .broadcast = graph[value].op else { return nil }
        var vector = source(of: value)
        let shape = graph[vector].type.shape
        let column = [type.shape[1]] + [Int](repeating: 1, count: type.rank - 2)
        guard shape == column else { return nil }
        if type.rank > 2 {
            guard case .reshape = graph[vector].op else { return nil }
            vector = graph[vector].inputs[0]
        }
        return graph[vector].type.shape == [type.shape[1]] ? vector : nil
    }

    /// ((x − mean) · 1/√(variance + ε)) · weight + bias, all per channel, as one node.
    private mutating func batchNorm(_ value: Value) throws -> String? {
        guard let (scaled, bias) = perChannel(.add, value), uses[scaled.index] == 1,
            let (normal, weight) = perChannel(.multiply, scaled), uses[normal.index] == 1,
            let (centered, scale) = perChannel(.multiply, normal), uses[centered.index] == 1,
            let (x, mean) = perChannel(.subtract, centered),
            case .unary(.rsqrt) = graph[scale].op,
            case .binary(.add) = graph[graph[scale].inputs[0]].op
        else { return nil }
        let sum = graph[graph[scale].inputs[0]]
        let (variance, number) = (sum.inputs[0], source(of: sum.inputs[1]))
        guard case .constant(let epsilon) = graph[number].op, epsilon.type.elementCount == 1,
            let epsilon = epsilon.doubles.first
        else { return nil }
        var inputs: [String] = []
        for operand in [x, weight, bias, mean, variance] { inputs.append(try name(operand)) }
        return emit(
            "BatchNormalization", inputs, ["epsilon": .float(Float(epsilon))], at: value)
    }

    /// The operands of an operation with one number per channel.
    private func perChannel(_ op: BinaryOp, _ value: Value) -> (Value, Value)? {
        let node = graph[value]
        guard case .binary(op) = node.op,
            let vector = channelVector(node.inputs[1], of: node.type)
        else { return nil }
        return (node.inputs[0], vector)
    }

    /// Padding counts as minus infinity here and there, so rounding up is only more of it.
    mutating func maxPool(
        _ window: PoolAttributes, _ node: Node, _ value: Value
    ) throws -> String {
        try single(
            "MaxPool", node, value,
            settings(window).merging(["dilations": .integers(window.dilation)]) { $1 })
    }

    /// The divisor never counts what rounding up has added, so a border that counts is put around
    /// the picture before.
    mutating func averagePool(
        _ window: PoolAttributes, _ node: Node, _ value: Value
    ) throws -> String {
        guard window.dilation == [1, 1] else {
            throw refused(value, "an average without dilation", "\(window.dilation)")
        }
        var (x, window) = (try name(node.inputs[0]), window)
        let high = zip(window.paddingHigh, window.ceilExtra).map { $0 - $1 }
        let isPadded = (window.paddingLow + high).contains { $0 > 0 }
        let isRoundedUp = window.ceilExtra != [0, 0]
        if window.countsPadding, isPadded, isRoundedUp {
            let pads = constant([0, 0] + window.paddingLow + [0, 0] + high)
            x = emit("Pad", [x, pads, constant(0, node.type.dtype)], at: value)
            (window.paddingLow, window.paddingHigh) = ([0, 0], window.ceilExtra)
        }
        var attributes = settings(window)
        if window.countsPadding, !isRoundedUp {
            attributes["count_include_pad"] = .integer(1)
        }
        return emit("AveragePool", [x], attributes, at: value)
    }

    private func settings(_ window: PoolAttributes) -> [String: ONNXAttribute] {
        [
            "kernel_shape": .integers(window.kernel), "strides": .integers(window.stride),
            "pads": .integers(window.paddingLow + window.paddingHigh),
        ]
    }
}
