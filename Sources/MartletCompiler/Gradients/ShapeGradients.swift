import MartletGraph

extension GradientRule {
    /// The inverse permutation.
    func transpose(_ permutation: [Int], in g: inout GraphBuilder) -> Value {
        g.emit(.transpose(inverse(permutation)), dy)
    }

    /// Puts the elements back where they were, with zeros around and between them.
    func slice(_ box: SliceAttributes, in g: inout GraphBuilder) -> Value {
        let (sizes, counts) = (g.type(x).shape, node.type.shape)
        let high = sizes.indices.map { axis in
            let covered = counts[axis] == 0 ? 0 : (counts[axis] - 1) * box.strides[axis] + 1
            return sizes[axis] - box.starts[axis] - covered
        }
        let padding = PadAttributes(
            low: box.starts, high: high, interior: box.strides.map { $0 - 1 })
        return g.emit(.pad(padding), dy)
    }

    /// Picks the places that held elements of the operand.
    func pad(_ padding: PadAttributes, in g: inout GraphBuilder) -> Value {
        let sizes = g.type(x).shape
        let strides = padding.interior.map { $0 + 1 }
        let limits = sizes.indices.map { axis in
            let covered = sizes[axis] == 0 ? 0 : (sizes[axis] - 1) * strides[axis] + 1
            return padding.low[axis] + covered
        }
        return g.emit(
            .slice(SliceAttributes(starts: padding.low, limits: limits, strides: strides)), dy)
    }

    /// Each operand gets its own part.
    func concatenate(_ axis: Int, in g: inout GraphBuilder) -> [Value?] {
        var start = 0
        var result: [Value?] = []
        for (operand, isWanted) in zip(node.inputs, wanted) {
            let limit = start + g.type(operand).shape[axis]
            result.append(isWanted ? g.part(of: dy, axis: axis, start..<limit) : nil)
            start = limit
        }
        return result
    }
}

extension GraphBuilder {
    /// The elements of one range along `axis`; nothing is appended when that is all of them.
    mutating func part(of x: Value, axis: Int, _ range: Range<Int>) -> Value {
        let shape = type(x).shape
        if range == 0..<shape[axis] { return x }
        var starts = [Int](repeating: 0, count: shape.count)
        var limits = shape
        (starts[axis], limits[axis]) = (range.lowerBound, range.upperBound)
        let strides = [Int](repeating: 1, count: shape.count)
        return emit(.slice(SliceAttributes(starts: starts, limits: limits, strides: strides)), x)
    }
}

/// The permutation that undoes another one.
func inverse(_ permutation: [Int]) -> [Int] {
    var result = permutation
    for (position, axis) in permutation.enumerated() { result[axis] = position }
    return result
}
