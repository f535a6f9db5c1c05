import COneDNN
import MartletGraph

extension Lowering {
    /// A matrix product, with the bias of its group.
    func lowerMatmul(_ group: Group, _ a: MatmulAttributes) throws {
        let node = graph.nodes[group.anchor]
        let result = Value(group.position)
        guard isFilledFloat32(node) else { return try lowerGroupOnReference(group) }
        if try lowerSmallProduct(group, a) { return }
        let left = try matrix(node.inputs[0], isTransposed: a.transposeA)
        let right = try matrix(node.inputs[1], isTransposed: a.transposeB)
        let shape = collapsed(node.type.shape)
        let y = try strided(shape, TensorType(.float32, shape).strides)
        let bias = try group.bias.map { bias in
            let dims = [Int](repeating: 1, count: shape.count - 1) + [shape[shape.count - 1]]
            return (
                placement: try plainPlacement(of: bias),
                layout: try strided(dims, TensorType(.float32, dims).strides)
            )
        }
        let primitive = try Primitive(
            mdnn_matmul(
                left.layout.handle, right.layout.handle, bias?.layout.handle, y.handle))
        var reads = [(Int(MDNN_SOURCE), left.buffer), (Int(MDNN_WEIGHTS), right.buffer)]
        if let bias { reads.append((Int(MDNN_BIAS), bias.placement.buffer)) }
        addPrimitive(
            label(group.members), result, primitive, reads: reads,
            writes: [
                (
                    Int(MDNN_DESTINATION),
                    place(result, in: .plain(node.type.rank)).buffer
                )
            ])
    }

    /// An operand as a matrix or a stack of matrices; a transposed one is read with its strides
    /// exchanged, nothing is copied.
    private func matrix(
        _ value: Value, isTransposed: Bool
    ) throws -> (buffer: BufferID, layout: OpaqueLayout) {
        let shape = graph[value].type.shape
        let rank = shape.count
        var exchanged = Array(0..<rank)
        exchanged.swapAt(rank - 1, rank - 2)
        var placed = try exchangedWeights(value) ?? densePlacement(of: value)
        let isExchanged = placed.layout.isSame(as: .dense(order: exchanged), shape)
        if !isExchanged, !placed.layout.isPlain(shape) { placed = try plainPlacement(of: value) }
        var dims = collapsed(shape)
        var strides = TensorType(.float32, dims).strides
        let last = dims.count - 1
        if isExchanged, !placed.layout.isPlain(shape) {
            (strides[last], strides[last - 1]) = (dims[last - 1], 1)
        }
        if isTransposed {
            dims.swapAt(last, last - 1)
            strides.swapAt(last, last - 1)
        }
        return (placed.buffer, try strided(dims, strides))
    }

    /// All leading axes as one.
    private func collapsed(_ shape: [Int]) -> [Int] {
        guard shape.count > 2 else { return shape }
        return [shape.dropLast(2).reduce(1, *)] + shape.suffix(2)
    }
}
