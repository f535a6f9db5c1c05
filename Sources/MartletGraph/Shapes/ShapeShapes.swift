extension ShapeRule {
    func broadcast(_ shape: [Int]) throws(ShapeError) -> TensorType {
        try requireRepresentable(inputs[0].with(shape: shape))
        let from = inputs[0].shape
        let lead = shape.count - from.count
        let fits =
            lead >= 0
            && from.indices.allSatisfy { from[$0] == shape[lead + $0] || from[$0] == 1 }
        guard fits else {
            throw error(
                expected: "sizes equal to \(shape) from the last axis on, or 1",
                received: "\(from)")
        }
        return inputs[0].with(shape: shape)
    }

    func reshape(_ shape: [Int]) throws(ShapeError) -> TensorType {
        let result = inputs[0].with(shape: shape)
        try requireRepresentable(result)
        guard result.elementCount == inputs[0].elementCount else {
            throw error(
                expected: "a shape of \(inputs[0].elementCount) elements",
                received: "\(shape) with \(result.elementCount)")
        }
        return result
    }

    func transpose(_ permutation: [Int]) throws(ShapeError) -> TensorType {
        guard permutation.sorted() == Array(0..<inputs[0].rank) else {
            throw error(
                expected: "each axis from 0 to \(inputs[0].rank - 1) once",
                received: "\(permutation)")
        }
        return inputs[0].with(shape: permutation.map { inputs[0].shape[$0] })
    }

    func slice(_ box: SliceAttributes) throws(ShapeError) -> TensorType {
        let shape = inputs[0].shape
        let counts = [box.starts.count, box.limits.count, box.strides.count]
        guard counts.allSatisfy({ $0 == shape.count }) else {
            throw error(
                expected: "one range for each of \(shape.count) axes",
                received: "\(counts) starts, limits and strides")
        }
        var result: [Int] = []
        for axis in shape.indices {
            let (start, limit) = (box.starts[axis], box.limits[axis])
            guard start >= 0, start <= limit, limit <= shape[axis], box.strides[axis] > 0 else {
                throw error(
                    expected: "a range inside 0 ..< \(shape[axis]) on axis \(axis), by 1 or more",
                    received: "\(start) ..< \(limit) by \(box.strides[axis])")
            }
            result.append((limit - start + box.strides[axis] - 1) / box.strides[axis])
        }
        return inputs[0].with(shape: result)
    }

    func pad(_ padding: PadAttributes) throws(ShapeError) -> TensorType {
        let shape = inputs[0].shape
        let lists = [padding.low, padding.high, padding.interior]
        guard lists.allSatisfy({ $0.count == shape.count && $0.allSatisfy { $0 >= 0 } }) else {
            throw error(
                expected: "widths of 0 or more for each of \(shape.count) axes",
                received: "\(padding.low), \(padding.high), \(padding.interior)")
        }
        return inputs[0].with(
            shape: shape.indices.map {
                padding.low[$0] + padding.high[$0] + shape[$0]
                    + max(0, shape[$0] - 1) * padding.interior[$0]
            })
    }

    func concatenate(_ axis: Int) throws(ShapeError) -> TensorType {
        try require(axis: axis, of: inputs[0])
        var shape = inputs[0].shape
        for (position, type) in inputs.enumerated().dropFirst() {
            var expected = type.shape
            if expected.indices.contains(axis) { expected[axis] = inputs[0].shape[axis] }
            guard type.dtype == inputs[0].dtype, expected == inputs[0].shape else {
                throw error(
                    expected: "operands like \(inputs[0]) on every axis but \(axis)",
                    received: "\(type) as operand \(position)")
            }
            shape[axis] += type.shape[axis]
        }
        return inputs[0].with(shape: shape)
    }

    func keepingShape(_ axes: [Int]) throws(ShapeError) -> TensorType {
        try require(axes: axes, of: inputs[0])
        if case .cumulativeSum = op, inputs[0].dtype == .bool {
            throw error(expected: "numbers", received: "\(inputs[0])")
        }
        return inputs[0]
    }

    func floatKeepingShape(_ axes: [Int]) throws(ShapeError) -> TensorType {
        try requireFloat(inputs[0])
        return try keepingShape(axes)
    }

    func standardizeGradient(_ axes: [Int]) throws(ShapeError) -> TensorType {
        try requireSame(inputs[0], inputs[1])
        return try floatKeepingShape(axes)
    }

    func reduce(_ kind: Reduction, _ axes: [Int]) throws(ShapeError) -> TensorType {
        let type = inputs[0]
        try require(axes: axes, of: type)
        guard type.dtype != .bool else {
            throw error(
                expected: "numbers", received: "\(type)",
                fix: "convert first: x.cast(to: .float32)")
        }
        if kind == .max || kind == .min, axes.contains(where: { type.shape[$0] == 0 }) {
            throw error(
                expected: "at least one element to choose from", received: "\(type)")
        }
        return type.with(
            shape: type.shape.indices.filter { !axes.contains($0) }.map { type.shape[$0] })
    }

    func argReduce(_ axis: Int) throws(ShapeError) -> TensorType {
        let type = inputs[0]
        try require(axis: axis, of: type)
        guard type.dtype != .bool, type.shape[axis] > 0 else {
            throw error(expected: "numbers, at least one on axis \(axis)", received: "\(type)")
        }
        var shape = type.shape
        shape.remove(at: axis)
        return TensorType(.int64, shape)
    }

    func gather(_ axis: Int) throws(ShapeError) -> TensorType {
        try require(axis: axis, of: inputs[0])
        try requireIndices(inputs[1])
        let shape = inputs[0].shape
        return inputs[0].with(shape: shape[..<axis] + inputs[1].shape + shape[(axis + 1)...])
    }

    func scatterAdd(_ axis: Int, _ size: Int) throws(ShapeError) -> TensorType {
        try requireIndices(inputs[1])
        let (updates, indices) = (inputs[0].shape, inputs[1].shape)
        try require(size: size)
        guard axis >= 0, axis + indices.count <= updates.count,
            Array(updates[axis..<axis + indices.count]) == indices
        else {
            throw error(
                expected: "updates whose axes from \(axis) on are \(indices)",
                received: "\(updates)")
        }
        return inputs[0].with(
            shape: updates[..<axis] + [size] + updates[(axis + indices.count)...])
    }

    private func require(size: Int) throws(ShapeError) {
        guard size >= 0 else { throw error(expected: "a size of 0 or more", received: "\(size)") }
    }

    func gatherAlong(_ axis: Int) throws(ShapeError) -> TensorType {
        try require(axis: axis, of: inputs[0])
        try requireIndices(inputs[1])
        var expected = inputs[0].shape
        if inputs[1].rank == expected.count { expected[axis] = inputs[1].shape[axis] }
        guard inputs[1].shape == expected else {
            throw error(
                expected: "indices shaped like \(inputs[0].shape) on every axis but \(axis)",
                received: "\(inputs[1].shape)")
        }
        return inputs[0].with(shape: inputs[1].shape)
    }

    func scatterAddAlong(_ axis: Int, _ size: Int) throws(ShapeError) -> TensorType {
        try require(axis: axis, of: inputs[0])
        try requireIndices(inputs[1])
        try require(size: size)
        guard inputs[0].shape == inputs[1].shape else {
            throw error(
                expected: "indices of the updates' shape \(inputs[0].shape)",
                received: "\(inputs[1].shape)")
        }
        var shape = inputs[0].shape
        shape[axis] = size
        return inputs[0].with(shape: shape)
    }

    func oneHot(_ classes: Int, _ dtype: DataType) throws(ShapeError) -> TensorType {
        try requireIndices(inputs[0])
        guard classes > 0 else {
            throw error(expected: "at least one class", received: "\(classes)")
        }
        return TensorType(dtype, inputs[0].shape + [classes])
    }
}
