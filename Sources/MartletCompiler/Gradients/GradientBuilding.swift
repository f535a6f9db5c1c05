import MartletGraph

/// Small pieces that gradient rules are put together from.
extension GraphBuilder {
    /// Repeats the result of a reduction over the `axes` that it folded, back to `shape`.
    mutating func expand(_ x: Value, over axes: [Int], to shape: [Int]) -> Value {
        if axes == Array(0..<axes.count) { return broadcast(x, to: shape) }
        var kept = shape
        for axis in axes { kept[axis] = 1 }
        return broadcast(reshape(x, to: kept), to: shape)
    }

    /// The sum over `axes`, repeated over them again.
    mutating func spreadSum(_ x: Value, over axes: [Int]) -> Value {
        expand(sum(x, axes: axes), over: axes, to: type(x).shape)
    }

    /// `a` times `b`; a factor that is known to be one is left out.
    mutating func times(_ a: Value, _ b: Value) -> Value {
        if knownNumber(a) == 1 { return b }
        if knownNumber(b) == 1 { return a }
        return multiply(a, b)
    }

    /// Compares `x` with one number.
    mutating func compare(_ x: Value, _ comparison: Comparison, to number: Double) -> Value {
        emit(.compare(comparison), x, constant(number, like: x))
    }

    /// `x` where the condition holds, else zeros: unlike a product with 0 it keeps no NaN.
    mutating func keep(_ x: Value, where condition: Value) -> Value {
        select(condition, x, constant(0, like: x))
    }

    /// The number that every element of `value` is known to be, if there is one.
    func knownNumber(_ value: Value) -> Double? {
        var node = graph[value]
        while true {
            switch node.op {
            case .broadcast, .reshape: node = graph[node.inputs[0]]
            case .constant(let tensor) where tensor.type.elementCount == 1:
                return tensor.doubles.first
            default: return nil
            }
        }
    }
}
