extension ShapeRule {
    func matmul(_ a: MatmulAttributes) throws(ShapeError) -> TensorType {
        let (x, y) = (inputs[0], inputs[1])
        try requireFloat(x)
        guard x.dtype == y.dtype, x.rank == y.rank, x.rank >= 2,
            x.shape.dropLast(2) == y.shape.dropLast(2)
        else {
            throw error(
                expected: "two matrices, or stacks of matrices with equal leading axes",
                received: "\(x) and \(y)")
        }
        let batch = Array(x.shape.dropLast(2)), rank = x.rank
        let rows = x.shape[rank - (a.transposeA ? 1 : 2)]
        let inner = x.shape[rank - (a.transposeA ? 2 : 1)]
        let innerB = y.shape[rank - (a.transposeB ? 1 : 2)]
        let columns = y.shape[rank - (a.transposeB ? 2 : 1)]
        guard inner == innerB else {
            throw error(
                expected: "\(inner) \(a.transposeB ? "columns" : "rows") on the right side, as many"
                    + " as \(a.transposeA ? "rows" : "columns") on the left",
                received: "\(innerB)")
        }
        return x.with(shape: batch + [rows, columns])
    }

    func conv2D(_ a: Conv2DAttributes) throws(ShapeError) -> TensorType {
        let (x, weight) = (inputs[0], inputs[1])
        try requireImages(x, weight, "a weight")
        try require(a)
        try require(groups: a.groups, divide: weight.shape[0], "output channels")
        guard x.shape[1] == weight.shape[1] * a.groups else {
            let grouped = a.groups == 1 ? "" : " (\(a.groups) groups of \(weight.shape[1]))"
            throw error(
                expected: "\(weight.shape[1] * a.groups) channels on axis 1\(grouped)",
                received: "\(x.shape[1])")
        }
        let kernel = Array(weight.shape[2...])
        return x.with(
            shape: [x.shape[0], weight.shape[0]]
                + (try windows(
                    Array(x.shape[2...]), kernel, a.stride, a.paddingLow, a.paddingHigh,
                    a.dilation)))
    }

    func conv2DInputGradient(
        _ a: Conv2DAttributes, _ size: [Int]
    ) throws(ShapeError) -> TensorType {
        let (dy, weight) = (inputs[0], inputs[1])
        try requireImages(dy, weight, "a weight")
        try require(a)
        try require(groups: a.groups, divide: weight.shape[0], "output channels")
        let expected = try windows(
            size, Array(weight.shape[2...]), a.stride, a.paddingLow, a.paddingHigh, a.dilation)
        guard Array(dy.shape[1...]) == [weight.shape[0]] + expected else {
            throw error(
                expected: "a gradient of shape \([dy.shape[0], weight.shape[0]] + expected)",
                received: "\(dy.shape)")
        }
        return dy.with(shape: [dy.shape[0], weight.shape[1] * a.groups] + size)
    }

    func conv2DWeightGradient(
        _ a: Conv2DAttributes, _ kernel: [Int]
    ) throws(ShapeError) -> TensorType {
        let (dy, x) = (inputs[0], inputs[1])
        try requireImages(dy, x, "an input")
        try require(a)
        try require(groups: a.groups, divide: dy.shape[1], "output channels")
        try require(groups: a.groups, divide: x.shape[1], "input channels")
        let expected = try windows(
            Array(x.shape[2...]), kernel, a.stride, a.paddingLow, a.paddingHigh, a.dilation)
        guard dy.shape[0] == x.shape[0], Array(dy.shape[2...]) == expected else {
            throw error(
                expected: "a gradient of shape \([x.shape[0], dy.shape[1]] + expected)",
                received: "\(dy.shape)")
        }
        return dy.with(shape: [dy.shape[1], x.shape[1] / a.groups] + kernel)
    }

    func pool2D(_ a: PoolAttributes) throws(ShapeError) -> TensorType {
        let x = inputs[0]
        try requireFloat(x)
        try require(rank: 4, x, "images")
        try require(a)
        return x.with(
            shape: Array(x.shape[..<2])
                + (try windows(
                    Array(x.shape[2...]), a.kernel, a.stride, a.paddingLow, a.paddingHigh,
                    a.dilation)))
    }

    func maxPool2DGradient(_ a: PoolAttributes) throws(ShapeError) -> TensorType {
        let pooled = try ShapeRule(op: op, inputs: [inputs[0]]).pool2D(a)
        guard inputs[1] == pooled else {
            throw error(expected: "a gradient of type \(pooled)", received: "\(inputs[1])")
        }
        return inputs[0]
    }

    func maxPool2DTangent(_ a: PoolAttributes) throws(ShapeError) -> TensorType {
        try requireSame(inputs[0], inputs[1])
        return try ShapeRule(op: op, inputs: [inputs[0]]).pool2D(a)
    }

    func averagePool2DGradient(
        _ a: PoolAttributes, _ size: [Int]
    ) throws(ShapeError) -> TensorType {
        let dy = inputs[0]
        try requireFloat(dy)
        try require(rank: 4, dy, "a gradient")
        try require(a)
        let expected = try windows(
            size, a.kernel, a.stride, a.paddingLow, a.paddingHigh, a.dilation)
        guard Array(dy.shape[2...]) == expected else {
            throw error(
                expected: "a gradient of height and width \(expected)", received: "\(dy.shape)")
        }
        return dy.with(shape: dy.shape[..<2] + size)
    }

    private func requireImages(
        _ x: TensorType, _ other: TensorType, _ what: String
    ) throws(ShapeError) {
        try requireFloat(x)
        try require(rank: 4, x, "images")
        try require(rank: 4, other, what)
        guard x.dtype == other.dtype else {
            throw error(expected: "operands of one element type", received: "\(x) and \(other)")
        }
    }

    private func require(_ a: Conv2DAttributes) throws(ShapeError) {
        let pairs = [a.stride, a.paddingLow, a.paddingHigh, a.dilation]
        guard pairs.allSatisfy({ $0.count == 2 }), (a.stride + a.dilation).allSatisfy({ $0 > 0 }),
            (a.paddingLow + a.paddingHigh).allSatisfy({ $0 >= 0 }), a.groups > 0
        else {
            throw error(
                expected: "stride, dilation and groups of 1 or more, padding of 0 or more",
                received: op.attributeText)
        }
    }

    private func require(groups: Int, divide count: Int, _ what: String) throws(ShapeError) {
        guard count % groups == 0 else {
            throw error(
                expected: "\(what) that \(groups) groups divide", received: "\(count)")
        }
    }

    private func require(_ a: PoolAttributes) throws(ShapeError) {
        let pairs = [a.kernel, a.stride, a.paddingLow, a.paddingHigh, a.dilation, a.ceilExtra]
        guard pairs.allSatisfy({ $0.count == 2 }),
            (a.kernel + a.stride + a.dilation).allSatisfy({ $0 > 0 }),
            (a.paddingLow + a.paddingHigh).allSatisfy({ $0 >= 0 }),
            (0..<2).allSatisfy({
                a.paddingLow[$0] <= (a.kernel[$0] - 1) * a.dilation[$0]
                    && (0...a.paddingHigh[$0]).contains(a.ceilExtra[$0])
            })
        else {
            throw error(
                expected: "kernel, stride and dilation of 1 or more, padding that the window"
                    + " reaches past, and ceilExtra as part of it",
                received: op.attributeText)
        }
    }

    /// The number of windows along height and width.
    private func windows(
        _ size: [Int], _ kernel: [Int], _ stride: [Int], _ low: [Int], _ high: [Int],
        _ dilation: [Int]
    ) throws(ShapeError) -> [Int] {
        guard size.count == 2, kernel.count == 2 else {
            throw error(
                expected: "a height and a width",
                received: "\(size.count == 2 ? kernel : size)")
        }
        var result: [Int] = []
        for axis in 0..<2 {
            let padded = size[axis] + low[axis] + high[axis]
            let reach = dilation[axis] * (kernel[axis] - 1) + 1
            guard kernel[axis] > 0, padded >= reach else {
                throw error(
                    expected: "\(axis == 0 ? "height" : "width") of at least \(reach)"
                        + " after padding, the reach of the window",
                    received: "\(padded)",
                    fix: "use a smaller kernel, padding, or a larger picture")
            }
            result.append((padded - reach) / stride[axis] + 1)
        }
        return result
    }
}
