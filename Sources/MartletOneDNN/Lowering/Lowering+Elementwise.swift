import CKernels
import MartletGraph

extension Lowering {
    /// One fused program for a group of elementwise nodes.
    func lowerElementwise(_ group: Group) throws {
        let members = Set(group.members)
        let results = group.members.filter { index in
            escaping.contains(index) || users[index].contains { !members.contains($0) }
        }
        let shape = graph.nodes[group.anchor].type.shape
        let layout = try commonLayout(group.members, results, shape)
        var builder = try ProgramBuilder(self, group.members, shape, layout)
        for result in results {
            let placement = place(Value(result), in: layout)
            builder.store(result, placement)
        }
        addProgram(label(group.members), Value(group.position), builder.program)
    }

    /// A reduction, fused with the elementwise nodes that feed it.
    func lowerReduction(_ group: Group) throws {
        let node = graph.nodes[group.anchor]
        guard case .reduce(let kind, let axes) = node.op else {
            preconditionFailure("internal: \(node.op.name) is no reduction")
        }
        let value = Value(group.anchor)
        if weightGradient(besides: value) != nil { return }
        let operand = graph[node.inputs[0]].type
        let feeding = group.members.filter { $0 != group.anchor }
        let layout = try commonLayout(
            feeding.isEmpty ? [group.anchor] : feeding, [], operand.shape)
        guard case .dense(let order) = layout else {
            preconditionFailure("internal: a reduction over an opaque layout")
        }
        var builder = try ProgramBuilder(self, feeding, operand.shape, layout)
        let register = try builder.register(of: node.inputs[0])
        // The result is row-major over the axes that stay.
        let target = place(value, in: .plain(node.type.rank))
        let kept = operand.shape.indices.filter { !axes.contains($0) }
        var strides = [Int](repeating: 0, count: operand.rank)
        for (position, axis) in kept.enumerated() { strides[axis] = node.type.strides[position] }
        builder.program.outputs = [
            Program.Operand(
                buffer: target.buffer, dtype: node.type.dtype, strides: order.map { strides[$0] })
        ]
        builder.program.outputRegisters = [register]
        builder.program.reduction = (kind, order.map { axes.contains($0) })
        addProgram(label(group.members), value, builder.program)
    }

    /// Computes a broadcast in memory, for users that cannot look through it.
    func materialize(_ value: Value) throws {
        if hasManyAxes(value.index) { return try lowerOnReference(value, graph[value]) }
        let shape = graph[value].type.shape
        let layout = Layout.plain(shape.count)
        var builder = try ProgramBuilder(self, [], shape, layout)
        let register = try builder.register(of: value)
        let placement = place(value, in: layout)
        builder.program.outputs = [
            builder.operand(placement, graph[value].type.dtype)
        ]
        builder.program.outputRegisters = [register]
        addProgram("broadcast", value, builder.program)
    }

    /// The names of the operations of a group, `multiply+add+relu`.
    func label(_ members: [Int]) -> String {
        members.map { graph.nodes[$0].op.name }.joined(separator: "+")
    }

    // MARK: Layouts

    /// The layout in which a program steps: that of its operands, opaque only when all can share it.
    private func commonLayout(
        _ members: [Int], _ results: [Int], _ shape: [Int]
    ) throws -> Layout {
        let inside = Set(members)
        var full: [Value] = [], others: [Value] = []
        for operand in members.flatMap({ graph.nodes[$0].inputs })
        where !inside.contains(operand.index) {
            let source = graph.source(of: operand)
            if source == operand, graph[source].type.shape == shape {
                full.append(source)
            } else {
                others.append(source)
            }
        }
        let plain = Layout.plain(shape.count)
        var dense: Layout?
        var opaque: OpaqueLayout?
        for value in full {
            switch try placement(of: value).layout {
            case .opaque(let layout):
                // A variable that cannot move decides; anything else can follow it.
                if try opaque == nil || isSettled(value) { opaque = layout }
            case .dense(let order):
                let layout = Layout.dense(order: order)
                if !layout.isPlain(shape) { dense = dense ?? layout }
            }
        }
        guard let opaque else { return dense ?? plain }
        let isPossible =
            !results.isEmpty
            && (full.map(\.index) + members + results).allSatisfy {
                graph.nodes[$0].type.dtype == .float32
                    || (inside.contains($0) && !results.contains($0)
                        && graph.nodes[$0].type.dtype == .bool)
            }
            && others.allSatisfy { graph[$0].type.elementCount == 1 }
        guard isPossible else { return plain }
        let candidate = Layout.opaque(opaque)
        if opaque.isPadded {
            // Only a chain that keeps the padding at zero may run over it.
            let buffersBefore = buffers.count, stepsBefore = steps.count
            var builder = try ProgramBuilder(self, members, shape, plain, isTrial: true)
            for result in results { builder.program.outputRegisters.append(builder.known(result)) }
            precondition(
                buffers.count == buffersBefore && steps.count == stepsBefore,
                "internal: a trial left something behind")
            guard builder.program.keepsZeros else { return plain }
        }
        return candidate
    }
}
