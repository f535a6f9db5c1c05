import CKernels
import COneDNN
import MartletGraph

extension Lowering {
    /// Beyond so many operations the library's preparations no longer count.
    private static let mostOperations = 4e6
    /// Weights with more elements stay row by row: no small product reads them.
    private static let mostWeights = 100_000

    /// A matrix product that one thread does sooner than oneDNN prepares for it.
    ///
    /// - Returns: Whether it is one; nothing was done otherwise.
    func lowerSmallProduct(_ group: Group, _ a: MatmulAttributes) throws -> Bool {
        let node = graph.nodes[group.anchor]
        guard settings.usesOwnProducts, node.type.rank == 2 else { return false }
        if !a.transposeA, a.transposeB { try exchangeWeights(node.inputs[1]) }
        guard runsOnOneThread(group),
            graph.flops(of: Value(group.anchor)) <= Self.mostOperations
        else { return false }
        if a.transposeA { return try lowerSmallWeightGradient(group, a) }
        if !a.transposeB, try exchangedWeights(node.inputs[1]) != nil {
            return try lowerSmallInputGradient(group)
        }
        return try lowerSmallForward(group, a)
    }

    private func lowerSmallForward(_ group: Group, _ a: MatmulAttributes) throws -> Bool {
        let node = graph.nodes[group.anchor]
        let (rows, columns) = (node.type.shape[0], node.type.shape[1])
        let inner = graph[node.inputs[0]].type.shape[1]
        let right =
            a.transposeB
            ? try exchangedWeights(node.inputs[1]) : try knownPlain(node.inputs[1])
        guard ck_small_product_fits(Int64(columns)), let right,
            let left = try knownPlain(node.inputs[0])
        else { return false }
        let bias = try group.bias.map { try plainPlacement(of: $0).buffer }
        let result = Value(group.position)
        let target = place(result, in: .plain(2)).buffer
        addKernel(
            label(group.members) + " [own]", result,
            reads: [left.buffer, right.buffer] + (bias.map { [$0] } ?? []), writes: [target]
        ) { bindings in
            let x = bindings[left.buffer].assumingMemoryBound(to: Float.self)
            let w = bindings[right.buffer].assumingMemoryBound(to: Float.self)
            let b = bias.map { bindings[$0].assumingMemoryBound(to: Float.self) }
            let y = bindings[target].assumingMemoryBound(to: Float.self)
            let (rows, inner, columns) = (Int64(rows), Int64(inner), Int64(columns))
            return { ck_small_product(rows, inner, columns, x, w, b, y) }
        }
        return true
    }

    /// a · w of weights that lie column by column.
    private func lowerSmallInputGradient(_ group: Group) throws -> Bool {
        let node = graph.nodes[group.anchor]
        let inner = Int64(graph[node.inputs[0]].type.shape[1])
        let (rows, columns) = (Int64(node.type.shape[0]), Int64(node.type.shape[1]))
        guard ck_small_product_fits(columns), group.bias == nil,
            let right = try exchangedWeights(node.inputs[1]),
            let left = try knownPlain(node.inputs[0])
        else { return false }
        let result = Value(group.position)
        let target = place(result, in: .plain(2)).buffer
        let scratch = makeBuffer(Int(4 * inner * columns))
        addKernel(
            label(group.members) + " [own]", result, reads: [left.buffer, right.buffer],
            writes: [target, scratch]
        ) { bindings in
            let dy = bindings[left.buffer].assumingMemoryBound(to: Float.self)
            let w = bindings[right.buffer].assumingMemoryBound(to: Float.self)
            let dx = bindings[target].assumingMemoryBound(to: Float.self)
            let room = bindings[scratch].assumingMemoryBound(to: Float.self)
            return { ck_small_product_by_transposed(rows, inner, columns, dy, w, dx, room) }
        }
        return true
    }

    /// aᵀb; the gradient of weights that lie column by column is made as bᵀa, which lies so, too.
    private func lowerSmallWeightGradient(
        _ group: Group, _ a: MatmulAttributes
    ) throws -> Bool {
        let node = graph.nodes[group.anchor]
        guard !a.transposeB, group.bias == nil else { return false }
        let isExchanged = exchangedWeights.contains(node.type.shape)
        let shape = isExchanged ? node.type.shape.reversed() : node.type.shape
        let operands = isExchanged ? node.inputs.reversed() : node.inputs
        guard ck_small_product_fits(Int64(shape[1])), let left = try knownPlain(operands[0]),
            let right = try knownPlain(operands[1])
        else { return false }
        let result = Value(group.position)
        let layout = isExchanged ? try smallWeights(node.type.shape) : .plain(2)
        let target = place(result, in: layout).buffer
        let inner = Int64(graph[operands[0]].type.shape[0])
        addKernel(
            label(group.members) + " [own]", result, reads: [left.buffer, right.buffer],
            writes: [target]
        ) { bindings in
            let x = bindings[left.buffer].assumingMemoryBound(to: Float.self)
            let dy = bindings[right.buffer].assumingMemoryBound(to: Float.self)
            let dw = bindings[target].assumingMemoryBound(to: Float.self)
            let (rows, columns) = (Int64(shape[0]), Int64(shape[1]))
            return { ck_small_product_transposed(rows, inner, columns, x, dy, dw) }
        }
        return true
    }

    // MARK: Layouts

    /// Weights `[units, inputs]` with the units of one input side by side, as `x · wᵀ` reads them.
    private func smallWeights(_ shape: [Int]) throws -> Layout {
        .opaque(try strided(shape, [1, shape[0]]))
    }

    /// Lets weights lie column by column from their first plan on, whatever its batch size is.
    private func exchangeWeights(_ value: Value) throws {
        let shape = graph[value].type.shape
        guard case .variable = graph[value].op, shape.reduce(1, *) <= Self.mostWeights,
            shape.allSatisfy({ $0 > 1 }), ck_small_product_fits(Int64(shape[0])),
            try home(of: value, in: try smallWeights(shape)) != nil
        else { return }
        exchangedWeights.insert(shape)
    }

    /// Where weights lie column by column, `nil` when they do not.
    func exchangedWeights(_ value: Value) throws -> Placement? {
        let shape = graph[value].type.shape
        guard exchangedWeights.contains(shape) else { return nil }
        let wanted = try smallWeights(shape)
        let known = try knownPlacements(of: value).first { $0.layout.isSame(as: wanted, shape) }
        return known.map { Placement(buffer: $0.buffer, layout: .dense(order: [1, 0])) }
    }

    private func knownPlain(_ value: Value) throws -> Placement? {
        try knownPlacements(of: value).first { $0.layout.isPlain(graph[value].type.shape) }
    }
}
