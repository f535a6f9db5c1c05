import CKernels
import MartletGraph

extension Lowering {
    /// The same memory under another shape.
    func lowerReshape(_ value: Value, _ node: Node) throws {
        let source = try plainPlacement(of: node.inputs[0])
        view(value, Placement(buffer: source.buffer, layout: .plain(node.type.rank)))
    }

    /// The same memory with the axes named in another order.
    func lowerTranspose(_ value: Value, _ node: Node, _ permutation: [Int]) throws {
        let source = try densePlacement(of: node.inputs[0])
        guard case .dense(let order) = source.layout else {
            preconditionFailure("internal: a dense placement is not dense")
        }
        let position = Dictionary(
            uniqueKeysWithValues: permutation.enumerated().map { ($1, $0) })
        let renamed = order.compactMap { position[$0] }
        view(value, Placement(buffer: source.buffer, layout: .dense(order: renamed)))
    }

    /// A copy of a box of the operand, in the operand's order of axes.
    func lowerSlice(_ value: Value, _ node: Node, _ box: SliceAttributes) throws {
        let source = try densePlacement(of: node.inputs[0])
        let target = place(value, in: source.layout)
        let strides = source.layout.strides(graph[node.inputs[0]].type.shape) ?? []
        copy(
            value, node.op.name,
            from: Program.Operand(
                buffer: source.buffer, dtype: node.type.dtype,
                strides: strides.indices.map { strides[$0] * box.strides[$0] },
                offset: strides.indices.reduce(0) { $0 + strides[$1] * box.starts[$1] }),
            to: Program.Operand(
                buffer: target.buffer, dtype: node.type.dtype,
                strides: target.layout.strides(node.type.shape) ?? []),
            node.type.shape, target.layout)
    }

    /// The value everywhere, then the operand in its places.
    func lowerPad(_ value: Value, _ node: Node, _ padding: PadAttributes) throws {
        let source = try densePlacement(of: node.inputs[0])
        let shape = graph[node.inputs[0]].type.shape
        let target = place(value, in: source.layout)
        let strides = target.layout.strides(node.type.shape) ?? []
        let (count, dtype, number) = (node.type.elementCount, node.type.dtype, padding.value)
        guard count > 0 else { return }
        addKernel("fill", value, reads: [], writes: [target.buffer]) { bindings in
            let data = bindings[target.buffer]
            return { ck_fill(dtype.code, data, Int64(count), number) }
        }
        copy(
            value, "pad",
            from: Program.Operand(
                buffer: source.buffer, dtype: dtype, strides: source.layout.strides(shape) ?? []),
            to: Program.Operand(
                buffer: target.buffer, dtype: dtype,
                strides: strides.indices.map { strides[$0] * (padding.interior[$0] + 1) },
                offset: strides.indices.reduce(0) { $0 + strides[$1] * padding.low[$1] }),
            shape, source.layout)
    }

    /// Each operand into its part of the result.
    func lowerConcatenate(_ value: Value, _ node: Node, _ axis: Int) throws {
        let layout = try densePlacement(of: node.inputs[0]).layout
        let target = place(value, in: layout)
        let strides = layout.strides(node.type.shape) ?? []
        var start = 0
        for input in node.inputs {
            let shape = graph[input].type.shape
            let source = try densePlacement(of: input)
            copy(
                value, "concatenate",
                from: Program.Operand(
                    buffer: source.buffer, dtype: node.type.dtype,
                    strides: source.layout.strides(shape) ?? []),
                to: Program.Operand(
                    buffer: target.buffer, dtype: node.type.dtype, strides: strides,
                    offset: start * strides[axis]),
                shape, layout)
            start += shape[axis]
        }
    }

    /// A copy that reads some axes backwards.
    func lowerReverse(_ value: Value, _ node: Node, _ axes: [Int]) throws {
        let source = try densePlacement(of: node.inputs[0])
        let target = place(value, in: source.layout)
        let shape = node.type.shape
        let strides = source.layout.strides(shape) ?? []
        guard node.type.elementCount > 0 else { return }
        copy(
            value, "reverse",
            from: Program.Operand(
                buffer: source.buffer, dtype: node.type.dtype,
                strides: strides.indices.map { axes.contains($0) ? -strides[$0] : strides[$0] },
                offset: axes.reduce(0) { $0 + strides[$1] * (shape[$1] - 1) }),
            to: Program.Operand(
                buffer: target.buffer, dtype: node.type.dtype, strides: strides),
            shape, source.layout)
    }

    /// Appends a copy that steps through the axes in the order of `layout`.
    private func copy(
        _ value: Value, _ label: String, from: Program.Operand, to: Program.Operand,
        _ shape: [Int], _ layout: Layout
    ) {
        guard case .dense(let order) = layout else {
            preconditionFailure("internal: a copy through an opaque layout")
        }
        var (from, to) = (from, to)
        from.strides = order.map { from.strides[$0] }
        to.strides = order.map { to.strides[$0] }
        addProgram(label, value, Program.copy(from, to: to, dims: order.map { shape[$0] }))
    }
}
