import MartletGraph

extension GradientRule {
    /// Equal extremes share the gradient equally.
    func extreme(_ axes: [Int], in g: inout GraphBuilder) -> Value {
        let shape = g.type(x).shape
        let chosen = g.emit(.compare(.equal), x, g.expand(output, over: axes, to: shape))
        let count = g.sum(g.emit(.cast(node.type.dtype), chosen), axes: axes)
        return g.keep(g.expand(g.divide(dy, count), over: axes, to: shape), where: chosen)
    }

    /// dy times the product of all the other elements: of those before times those after.
    ///
    /// Both are running products, so that zeros among the elements need no division and no special
    /// case, here and in every further derivative.
    func product(_ axes: [Int], in g: inout GraphBuilder) -> Value {
        let shape = g.type(x).shape
        let spread = g.expand(dy, over: axes, to: shape)
        let count = axes.reduce(1) { $0 * shape[$1] }
        guard count > 1 else { return spread }

        let permutation = shape.indices.filter { !axes.contains($0) } + axes
        let isOrdered = permutation == Array(shape.indices)
        let ordered = isOrdered ? x : g.emit(.transpose(permutation), x)
        let orderedShape = g.type(ordered).shape
        let rows = g.reshape(ordered, to: [node.type.elementCount, count])
        let others = g.multiply(
            runningProduct(before: true, rows, count, in: &g),
            runningProduct(before: false, rows, count, in: &g))
        let back = g.reshape(others, to: orderedShape)
        return g.times(spread, isOrdered ? back : g.emit(.transpose(inverse(permutation)), back))
    }

    /// For each of `count` columns, the product of the columns before it, or after it.
    ///
    /// - Source: Hillis & Steele, "Data parallel algorithms", CACM 29, 1986: ⌈log₂ count⌉ steps.
    private func runningProduct(
        before: Bool, _ rows: Value, _ count: Int, in g: inout GraphBuilder
    ) -> Value {
        func shifted(_ x: Value, by places: Int) -> Value {
            let kept = before ? 0..<count - places : places..<count
            let (low, high) = before ? (places, 0) : (0, places)
            let padding = PadAttributes(
                low: [0, low], high: [0, high], interior: [0, 0], value: 1)
            return g.emit(.pad(padding), g.part(of: x, axis: 1, kept))
        }
        var result = shifted(rows, by: 1)
        var places = 1
        while places < count - 1 {
            result = g.multiply(result, shifted(result, by: places))
            places *= 2
        }
        return result
    }
}
