import MartletGraph

extension GradientRule {
    /// The result is y · (dy − Σ dy·y).
    func softmax(_ axis: Int, in g: inout GraphBuilder) -> Value {
        let sum = g.spreadSum(g.times(dy, output), over: [axis])
        return g.multiply(output, g.subtract(dy, sum))
    }

    /// The result is dy − exp(y) · Σ dy.
    func logSoftmax(_ axis: Int, in g: inout GraphBuilder) -> Value {
        let probabilities = g.emit(.unary(.exp), output)
        return g.subtract(dy, g.times(probabilities, g.spreadSum(dy, over: [axis])))
    }

    /// Differentiates the gradient of `standardize` with operands x, e once more.
    ///
    /// As a function of e the operation is a symmetric matrix, hence its own gradient; for x its
    /// formula is written out and differentiated.
    func standardizeGradient(
        _ axes: [Int], _ epsilon: Double, in g: inout GraphBuilder
    ) -> [Value?] {
        var result: [Value?] = [nil, nil]
        if wanted[1] {
            result[1] = g.emit(.standardizeGradient(axes: axes, epsilon: epsilon), x, dy)
        }
        if wanted[0] {
            let first = g.graph.nodes.count
            let formula = g.standardizeGradientFormula(x, second, axes, epsilon)
            result[0] = g.partials(of: formula, seed: dy, wrt: [x], since: first)[0]
        }
        return result
    }
}

extension GraphBuilder {
    /// Writes `standardizeGradient` out in smaller operations.
    ///
    /// That is r · (dy − mean dy − y · mean (dy·y)) with y = (x − mean x) · r and r = 1/√(variance + ε).
    fileprivate mutating func standardizeGradientFormula(
        _ x: Value, _ dy: Value, _ axes: [Int], _ epsilon: Double
    ) -> Value {
        let shape = type(x).shape
        let count = Double(axes.reduce(1) { $0 * shape[$1] })
        func mean(_ value: Value, in g: inout GraphBuilder) -> Value {
            g.scale(g.sum(value, axes: axes), by: 1 / count)
        }
        let centered = subtract(x, expand(mean(x, in: &self), over: axes, to: shape))
        let variance = mean(multiply(centered, centered), in: &self)
        let root = emit(.unary(.rsqrt), add(variance, constant(epsilon, like: variance)))
        let rate = expand(root, over: axes, to: shape)
        let y = multiply(centered, rate)
        let along = expand(mean(multiply(dy, y), in: &self), over: axes, to: shape)
        let level = expand(mean(dy, in: &self), over: axes, to: shape)
        return multiply(rate, subtract(subtract(dy, level), multiply(y, along)))
    }
}
