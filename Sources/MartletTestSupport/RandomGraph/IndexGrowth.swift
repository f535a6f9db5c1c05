import MartletGraph

extension GraphGrower {
    /// Indices of the given shape, most of them inside `0 ..< size`.
    private func indices(_ shape: [Int], _ size: Int) -> Value {
        let found = pick {
            (type($0).dtype == .int32 || type($0).dtype == .int64) && self.shape($0) == shape
        }
        if let found, flip(0.6) { return found }
        let range = flip(0.3) ? -1...Double(size) : 0...Double(size - 1)
        return source(TensorType(indexType(), shape), range)
    }

    func growGather() {
        guard let x = pick({ !shape($0).isEmpty }) else { return }
        let axis = integer(0...shape(x).count - 1)
        let size = shape(x)[axis]
        let result = bounds[x.index].union(Bounds(0, 0))
        if flip(0.5) {
            let places = indices(shape(rank: 0...2), size)
            _ = add(.gather(axis: axis), [x, places], result)
        } else {
            var places = shape(x)
            places[axis] = integer(1...7)
            guard places.reduce(1, *) <= 5000 else { return }
            _ = add(.gatherAlong(axis: axis), [x, indices(places, size)], result)
        }
    }

    func growScatter() {
        let updates = pick {
            let dtype = type($0).dtype
            return !shape($0).isEmpty && dtype != .bool && dtype != .uint8
        }
        guard let updates else { return }
        let sizes = shape(updates)
        let axis = integer(0...sizes.count - 1)
        let size = integer(1...7)
        if flip(0.5) {
            let rank = integer(0...min(2, sizes.count - axis))
            let places = indices(Array(sizes[axis..<axis + rank]), size)
            _ = add(
                .scatterAdd(axis: axis, size: size), [updates, places],
                collected(updates, shape(places).reduce(1, *)))
        } else {
            _ = add(
                .scatterAddAlong(axis: axis, size: size), [updates, indices(sizes, size)],
                collected(updates, sizes[axis]))
        }
    }

    /// Bounds of sums of up to `count` elements.
    private func collected(_ x: Value, _ count: Int) -> Bounds {
        let known = bounds[x.index]
        let high = known.magnitude * Double(count)
        if type(x).dtype.isInteger { return Bounds(-high, high) }
        return .symmetric(high, error: known.error * Double(count).squareRoot())
    }

    func growOneHot() {
        let classes = integer(1...7)
        _ = add(
            .oneHot(classes: classes, choose(DataType.allCases)),
            [indices(shape(rank: 0...3), classes)], Bounds(0, 1))
    }
}
