import MartletGraph

/// Steps that bring a value into the range where the next operation is well conditioned.
extension GraphGrower {
    /// One number in the type of `other`, as a scalar constant and its repetition.
    func number(_ number: Double, like other: Value) -> Value? {
        let type = type(other)
        let scalar = add(
            .constant(HostTensor(repeating: number, type.with(shape: []))), [],
            Bounds(number, number))
        return scalar.flatMap { spread($0, to: type.shape) }
    }

    /// `x` repeated up to `shape`.
    func spread(_ x: Value, to shape: [Int]) -> Value? {
        self.shape(x) == shape ? x : add(.broadcast(shape), [x], bounds[x.index])
    }

    /// `x` itself when no element is beyond `limit`, else squashed or scaled.
    func tame(_ x: Value, _ limit: Double) -> Value? {
        let known = bounds[x.index]
        guard known.magnitude > limit else { return x }
        if limit >= 1, known.magnitude < 50, flip(0.5) {
            return add(.unary(.tanh), [x], Bounds(-1, 1, error: known.error + 1e-6))
        }
        let factor = limit / known.magnitude
        guard let factorValue = number(factor, like: x) else { return nil }
        let slack = limit * 1.0001
        return add(
            .binary(.multiply), [x, factorValue],
            Bounds(-slack, slack, error: known.error * factor + 1e-7))
    }

    /// `x` itself when every element is well above 0, else sigmoid(x) + 0.5.
    func positive(_ x: Value) -> Value? {
        let known = bounds[x.index]
        if known.low >= 0.25, known.high <= 20 { return x }
        guard
            let squashed = add(
                .unary(.sigmoid), [x], Bounds(0, 1, error: known.error / 4 + 1e-6)),
            let half = number(0.5, like: x)
        else { return nil }
        return add(
            .binary(.add), [squashed, half], Bounds(0.5, 1.5, error: known.error / 4 + 1.2e-6))
    }

    /// The shape that NumPy's rule gives for two shapes, or `nil` when they do not fit.
    func broadcastShape(_ a: [Int], _ b: [Int]) -> [Int]? {
        let rank = max(a.count, b.count)
        let left = Array(repeating: 1, count: rank - a.count) + a
        let right = Array(repeating: 1, count: rank - b.count) + b
        var result: [Int] = []
        for (x, y) in zip(left, right) {
            guard x == y || x == 1 || y == 1 else { return nil }
            result.append(max(x, y))
        }
        return result
    }

    /// A partner of the same element type for `a`, both repeated to one shape.
    func pair(_ a: Value, exact: Bool = false) -> (Value, Value)? {
        let type = type(a)
        let partner = pick {
            self.type($0).dtype == type.dtype && broadcastShape(type.shape, shape($0)) != nil
                && (!exact || bounds[$0.index].isExact)
        }
        var b = partner
        if b == nil || flip(0.2) {
            let shape = type.shape.dropFirst(integer(0...type.rank)).map { flip(0.3) ? 1 : $0 }
            let fresh = source(type.with(shape: Array(shape)))
            if !exact || bounds[fresh.index].isExact { b = fresh }
        }
        guard let b, let shape = broadcastShape(type.shape, self.shape(b)),
            let left = spread(a, to: shape), let right = spread(b, to: shape)
        else { return nil }
        return flip(0.5) ? (left, right) : (right, left)
    }
}
