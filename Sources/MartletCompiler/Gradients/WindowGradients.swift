import MartletGraph

extension GradientRule {
    /// Two products, whose attributes do the transposing.
    func matmul(_ a: MatmulAttributes, in g: inout GraphBuilder) -> [Value?] {
        var result: [Value?] = [nil, nil]
        if wanted[0] {
            g.markGradient(of: output, "inputGradient")
            result[0] =
                a.transposeA
                ? g.matmul(second, a.transposeB, dy, true)
                : g.matmul(dy, false, second, !a.transposeB)
        }
        if wanted[1] {
            g.markGradient(of: output, "weightGradient")
            result[1] =
                a.transposeB
                ? g.matmul(dy, true, x, a.transposeA)
                : g.matmul(x, !a.transposeA, dy, false)
        }
        return result
    }

    /// Operands x, weight.
    ///
    /// - Source: Dumoulin & Visin, "A guide to convolution arithmetic", arXiv:1603.07285.
    func conv2D(_ a: Conv2DAttributes, in g: inout GraphBuilder) -> [Value?] {
        [
            wanted[0] ? g.conv2DInputGradient(a, dy, second, like: x, of: output) : nil,
            wanted[1] ? g.conv2DWeightGradient(a, dy, x, like: second, of: output) : nil,
        ]
    }

    /// Operands e, weight: the loss is ⟨dy, inputGradient(e, weight)⟩ = ⟨e, conv2D(dy, weight)⟩.
    func conv2DInputGradient(_ a: Conv2DAttributes, in g: inout GraphBuilder) -> [Value?] {
        [
            wanted[0] ? g.emit(.conv2D(a), dy, second) : nil,
            wanted[1] ? g.conv2DWeightGradient(a, x, dy, like: second, of: output) : nil,
        ]
    }

    /// Operands e, x: the loss is ⟨dy, weightGradient(e, x)⟩ = ⟨e, conv2D(x, dy)⟩.
    func conv2DWeightGradient(_ a: Conv2DAttributes, in g: inout GraphBuilder) -> [Value?] {
        [
            wanted[0] ? g.emit(.conv2D(a), second, dy) : nil,
            wanted[1] ? g.conv2DInputGradient(a, x, dy, like: second, of: output) : nil,
        ]
    }

    /// Needs nothing but the size of the operand.
    func averagePool2D(_ a: PoolAttributes, in g: inout GraphBuilder) -> Value {
        let size = Array(g.type(x).shape[2...])
        return g.emit(.averagePool2DGradient(a, size: size), dy)
    }
}

extension GraphBuilder {
    fileprivate mutating func matmul(
        _ a: Value, _ transposeA: Bool, _ b: Value, _ transposeB: Bool
    ) -> Value {
        emit(.matmul(MatmulAttributes(transposeA: transposeA, transposeB: transposeB)), a, b)
    }

    fileprivate mutating func conv2DInputGradient(
        _ a: Conv2DAttributes, _ dy: Value, _ weight: Value, like x: Value, of forward: Value
    ) -> Value {
        markGradient(of: forward, "inputGradient")
        let size = Array(type(x).shape[2...])
        return emit(.conv2DInputGradient(a, size: size), dy, weight)
    }

    fileprivate mutating func conv2DWeightGradient(
        _ a: Conv2DAttributes, _ dy: Value, _ x: Value, like weight: Value, of forward: Value
    ) -> Value {
        markGradient(of: forward, "weightGradient")
        let kernel = Array(type(weight).shape[2...])
        return emit(.conv2DWeightGradient(a, kernel: kernel), dy, x)
    }
}
