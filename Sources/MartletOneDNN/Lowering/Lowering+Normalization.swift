import CKernels
import COneDNN
import MartletGraph

extension Lowering {
    /// Which normalisation of oneDNN standardises over the given axes.
    private enum Standardization {
        /// Over everything but the channels.
        case batch(layout: Layout, dims: [Int])
        /// Over the last axes, seen as rows.
        case layer(rows: Int, columns: Int)
    }

    private func standardization(_ type: TensorType, _ axes: [Int]) -> Standardization? {
        guard type.dtype == .float32, type.elementCount > 0 else { return nil }
        let shape = type.shape
        if type.rank == 4, axes == [0, 2, 3] { return .batch(layout: .channelsLast, dims: shape) }
        if type.rank == 2, axes == [0] { return .batch(layout: .plain(2), dims: shape + [1, 1]) }
        let first = type.rank - axes.count
        guard !axes.isEmpty, axes == Array(first..<type.rank) else { return nil }
        return .layer(
            rows: shape[..<first].reduce(1, *), columns: shape[first...].reduce(1, *))
    }

    /// (x − mean) / √(variance + ε), remembering mean and variance.
    func lowerStandardize(_ value: Value, _ node: Node, _ axes: [Int], _ epsilon: Double) throws {
        let x = node.inputs[0]
        guard let kind = standardization(node.type, axes) else {
            return try lowerOnReference(value, node)
        }
        let target: Placement
        switch kind {
        case .batch(let layout, _): target = place(value, in: layout)
        case .layer: target = place(value, in: .plain(node.type.rank))
        }
        try emitStandardize(x, value, kind, axes, epsilon, to: target.buffer)
    }

    private func emitStandardize(
        _ x: Value, _ value: Value, _ kind: Standardization, _ axes: [Int], _ epsilon: Double,
        to target: BufferID
    ) throws {
        let source = try operand(x, kind)
        let primitive = try primitive(kind, epsilon, isGradient: false)
        let mean = makeBuffer(primitive.byteCount(MDNN_MEAN))
        let variance = makeBuffer(primitive.byteCount(MDNN_VARIANCE))
        statistics[Pair(x, axes)] = (mean, variance)
        addPrimitive(
            "standardize", value, primitive, reads: [(Int(MDNN_SOURCE), source)],
            writes: [
                (Int(MDNN_DESTINATION), target), (Int(MDNN_MEAN), mean),
                (Int(MDNN_VARIANCE), variance),
            ])
    }

    /// The gradient, from the statistics of the forward pass.
    func lowerStandardizeGradient(
        _ value: Value, _ node: Node, _ axes: [Int], _ epsilon: Double
    ) throws {
        let (x, dy) = (node.inputs[0], node.inputs[1])
        guard let kind = standardization(node.type, axes) else {
            return try lowerOnReference(value, node)
        }
        if statistics[Pair(x, axes)] == nil {
            try emitStandardize(
                x, value, kind, axes, epsilon, to: makeBuffer(node.type.byteCount))
        }
        guard let known = statistics[Pair(x, axes)] else { return }
        let layout: Layout
        switch kind {
        case .batch(let chosen, _): layout = chosen
        case .layer: layout = .plain(node.type.rank)
        }
        addPrimitive(
            node.op.name, value, try primitive(kind, epsilon, isGradient: true),
            reads: [
                (Int(MDNN_SOURCE), try operand(x, kind)),
                (Int(MDNN_DESTINATION_GRADIENT), try operand(dy, kind)),
                (Int(MDNN_MEAN), known.mean), (Int(MDNN_VARIANCE), known.variance),
            ],
            writes: [(Int(MDNN_SOURCE_GRADIENT), place(value, in: layout).buffer)])
    }

    private func operand(_ value: Value, _ kind: Standardization) throws -> BufferID {
        switch kind {
        case .batch(let layout, _): try placement(of: value, in: layout).buffer
        case .layer: try plainPlacement(of: value).buffer
        }
    }

    private func primitive(
        _ kind: Standardization, _ epsilon: Double, isGradient: Bool
    ) throws -> Primitive {
        switch kind {
        case .batch(_, let dims):
            let x = try strided(dims, Layout.channelsLast.strides(dims) ?? [])
            let make = isGradient ? mdnn_batch_norm_gradient : mdnn_batch_norm
            return try Primitive(make(x.handle, Float(epsilon)))
        case .layer(let rows, let columns):
            let x = try strided([rows, columns], [columns, 1])
            let make = isGradient ? mdnn_layer_norm_gradient : mdnn_layer_norm
            return try Primitive(make(x.handle, Float(epsilon)))
        }
    }

    /// Softmax or its logarithm along one axis.
    func lowerSoftmax(_ value: Value, _ node: Node, _ axis: Int, logarithm: Bool) throws {
        guard node.type.dtype == .float32 else { return try lowerOnReference(value, node) }
        let (outer, size, inner) = spans(node.type.shape, axis)
        let source = try plainPlacement(of: node.inputs[0]).buffer
        let target = place(value, in: .plain(node.type.rank)).buffer
        guard node.type.elementCount > 0 else { return }
        addKernel(node.op.name, value, reads: [source], writes: [target]) { bindings in
            let x = bindings[source].assumingMemoryBound(to: Float.self)
            let y = bindings[target].assumingMemoryBound(to: Float.self)
            return { ck_softmax_f32(x, y, outer, size, inner, logarithm) }
        }
    }

    /// The sizes before, of and after an axis.
    func spans(_ shape: [Int], _ axis: Int) -> (outer: Int64, axis: Int64, inner: Int64) {
        (
            Int64(shape[..<axis].reduce(1, *)), Int64(shape[axis]),
            Int64(shape[(axis + 1)...].reduce(1, *))
        )
    }
}
