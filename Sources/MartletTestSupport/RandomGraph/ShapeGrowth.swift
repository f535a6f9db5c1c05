import MartletGraph

extension GraphGrower {
    /// Any value, or a new source when there is none that fits.
    private func any(_ fits: (Value) -> Bool = { _ in true }) -> Value {
        pick(fits) ?? source(TensorType(.float32, shape(rank: 1...4)))
    }

    /// A number that may fill gaps in `x`.
    private func filler(for x: Value) -> Double {
        switch type(x).dtype {
        case .float32, .float64: choose([0, 0, -1, 0.5])
        case .int32, .int64: choose([0, 0, -2, 3])
        case .uint8, .bool: choose([0, 1])
        }
    }

    func growBroadcast() {
        let x = any { shape($0).count < 4 }
        let lead = (0..<integer(0...1)).map { _ in integer(1...5) }
        let rest = shape(x).map { $0 == 1 && flip(0.7) ? integer(1...6) : $0 }
        _ = add(.broadcast(lead + rest), [x], bounds[x.index])
    }

    func growReshape() {
        let x = any()
        var result = shape(x)
        switch integer(0...3) {
        case 0: result = [result.reduce(1, *)]
        case 1: result.insert(1, at: integer(0...result.count))
        case 2 where result.count >= 2:
            let axis = integer(0...result.count - 2)
            result.replaceSubrange(axis...axis + 1, with: [result[axis] * result[axis + 1]])
        default:
            guard !result.isEmpty else { return }
            let axis = integer(0...result.count - 1)
            let divisor = choose((1...result[axis]).filter { result[axis] % $0 == 0 })
            result.replaceSubrange(axis...axis, with: [divisor, result[axis] / divisor])
        }
        _ = add(.reshape(result), [x], bounds[x.index])
    }

    func growTranspose() {
        let x = any { shape($0).count >= 2 }
        _ = add(.transpose(shuffled(Array(0..<shape(x).count))), [x], bounds[x.index])
    }

    func growSlice() {
        let x = any { !shape($0).isEmpty }
        var box = SliceAttributes(starts: [], limits: [], strides: [])
        for size in shape(x) {
            let start = flip(0.5) ? 0 : integer(0...size - 1)
            box.starts.append(start)
            box.limits.append(flip(0.4) ? size : integer(start + 1...size))
            box.strides.append(flip(0.6) ? 1 : integer(1...3))
        }
        _ = add(.slice(box), [x], bounds[x.index])
    }

    func growPad() {
        let x = any { !shape($0).isEmpty }
        let widths = { self.shape(x).map { _ in self.flip(0.5) ? 0 : self.integer(0...2) } }
        let gaps = flip(0.7) ? shape(x).map { _ in 0 } : widths()
        let value = filler(for: x)
        _ = add(
            .pad(PadAttributes(low: widths(), high: widths(), interior: gaps, value: value)), [x],
            bounds[x.index].union(Bounds(value, value)))
    }

    func growConcatenate() {
        let x = any { !shape($0).isEmpty }
        guard !shape(x).isEmpty else { return }
        let axis = integer(0...shape(x).count - 1)
        var parts = [x]
        for _ in 0..<integer(0...3) {
            let partner = pick {
                var expected = shape(x)
                guard type($0).dtype == type(x).dtype, shape($0).count == expected.count else {
                    return false
                }
                expected[axis] = shape($0)[axis]
                return shape($0) == expected
            }
            var fresh = shape(x)
            fresh[axis] = integer(1...4)
            if let partner, flip(0.7) {
                parts.append(partner)
            } else {
                parts.append(source(type(x).with(shape: fresh)))
            }
        }
        let all = parts.dropFirst().reduce(bounds[x.index]) { $0.union(bounds[$1.index]) }
        _ = add(.concatenate(axis: axis), shuffled(parts), all)
    }

    func growReverse() {
        let x = any { !shape($0).isEmpty }
        _ = add(.reverse(axes(of: x)), [x], bounds[x.index])
    }

    /// Some axes of `x`, ascending; at least one when there are any.
    func axes(of x: Value) -> [Int] {
        let all = Array(shape(x).indices)
        let some = all.filter { _ in flip(0.5) }
        return some.isEmpty && !all.isEmpty ? [choose(all)] : some
    }

    func growIota() {
        let type = TensorType(choose([.float32, .int32, .int64, .uint8]), shape(rank: 1...3))
        let axis = integer(0...type.rank - 1)
        _ = add(.iota(type, axis: axis), [], Bounds(0, Double(type.shape[axis] - 1)))
    }

    func growRandom() {
        let distribution = choose(RandomDistribution.allCases)
        let key =
            pick { type($0) == TensorType(.int64, [2]) }
            ?? source(TensorType(.int64, [2]), 0...100_000)
        let op = Op.random(
            distribution, TensorType(floatType(), shape()), stream: integer(0...1000))
        // A normal number in single precision never lies beyond √(2·ln 2³²) = 6.66.
        _ = add(
            op, [key],
            distribution == .uniform ? Bounds(0, 1) : Bounds(-7, 7, error: 5e-6))
    }
}
