import COneDNN
import MartletGraph

extension Lowering {
    /// The largest element of each window; also remembers where it was, for the gradient.
    func lowerMaxPool(_ value: Value, _ node: Node, _ a: PoolAttributes) throws {
        guard canPool(node, a) else { return try lowerOnReference(value, node) }
        try emitMaxPool(node.inputs[0], value, a, to: place(value, in: .channelsLast).buffer)
    }

    private func emitMaxPool(
        _ x: Value, _ value: Value, _ a: PoolAttributes, to target: BufferID
    ) throws {
        let primitive = try pooling(MDNN_POOL_MAX, graph[x].type.shape, a, isGradient: false)
        var writes = [(Int(MDNN_DESTINATION), target)]
        let byteCount = primitive.byteCount(MDNN_WORKSPACE)
        if byteCount > 0 {
            let workspace = makeBuffer(byteCount)
            writes.append((Int(MDNN_WORKSPACE), workspace))
            poolWorkspaces[Pair(x, a)] = workspace
        }
        addPrimitive(
            "maxPool2D", value, primitive,
            reads: [(Int(MDNN_SOURCE), try placement(of: x, in: .channelsLast).buffer)],
            writes: writes)
    }

    /// Sends the gradient to the places that the forward pass remembered.
    func lowerMaxPoolGradient(_ value: Value, _ node: Node, _ a: PoolAttributes) throws {
        guard canPool(node, a) else { return try lowerOnReference(value, node) }
        let (x, dy) = (node.inputs[0], node.inputs[1])
        if poolWorkspaces[Pair(x, a)] == nil {
            try emitMaxPool(x, value, a, to: makeBuffer(graph[dy].type.byteCount))
        }
        let primitive = try pooling(MDNN_POOL_MAX, graph[x].type.shape, a, isGradient: true)
        var reads = [
            (Int(MDNN_DESTINATION_GRADIENT), try placement(of: dy, in: .channelsLast).buffer)
        ]
        if let workspace = poolWorkspaces[Pair(x, a)] {
            reads.append((Int(MDNN_WORKSPACE), workspace))
        }
        addPrimitive(
            node.op.name, value, primitive, reads: reads,
            writes: [(Int(MDNN_SOURCE_GRADIENT), place(value, in: .channelsLast).buffer)])
    }

    /// The mean of each window.
    func lowerAveragePool(_ value: Value, _ node: Node, _ a: PoolAttributes) throws {
        guard canPool(node, a), let kind = averageKind(a) else {
            return try lowerOnReference(value, node)
        }
        let x = node.inputs[0]
        let primitive = try pooling(kind, graph[x].type.shape, a, isGradient: false)
        addPrimitive(
            node.op.name, value, primitive,
            reads: [(Int(MDNN_SOURCE), try placement(of: x, in: .channelsLast).buffer)],
            writes: [(Int(MDNN_DESTINATION), place(value, in: .channelsLast).buffer)])
    }

    /// Spreads the gradient over each window.
    func lowerAveragePoolGradient(_ value: Value, _ node: Node, _ a: PoolAttributes) throws {
        guard canPool(node, a), let kind = averageKind(a) else {
            return try lowerOnReference(value, node)
        }
        let primitive = try pooling(kind, node.type.shape, a, isGradient: true)
        addPrimitive(
            node.op.name, value, primitive,
            reads: [
                (
                    Int(MDNN_DESTINATION_GRADIENT),
                    try placement(of: node.inputs[0], in: .channelsLast).buffer
                )
            ],
            writes: [(Int(MDNN_SOURCE_GRADIENT), place(value, in: .channelsLast).buffer)])
    }

    private func pooling(
        _ kind: some BinaryInteger, _ x: [Int], _ a: PoolAttributes, isGradient: Bool
    ) throws -> Primitive {
        var window = makeWindow(
            kernel: a.kernel, stride: a.stride, dilation: a.dilation, low: a.paddingLow,
            high: a.paddingHigh)
        let y = try Op.maxPool2D(a).resultType([TensorType(.float32, x)]).shape
        let source = try strided(x, Layout.channelsLast.strides(x) ?? [])
        let target = try strided(y, Layout.channelsLast.strides(y) ?? [])
        let make = isGradient ? mdnn_pooling_gradient : mdnn_pooling
        return try Primitive(make(Int32(kind), source.handle, target.handle, &window))
    }

    /// How oneDNN must count; `nil` for the one mixture it does not know.
    private func averageKind(_ a: PoolAttributes) -> Int? {
        let hasPadding = (a.paddingLow + a.paddingHigh).contains { $0 > 0 }
        let declared = a.paddingLow != [0, 0] || a.paddingHigh != a.ceilExtra
        if !hasPadding || !a.countsPadding || !declared { return Int(MDNN_POOL_AVERAGE) }
        return a.ceilExtra == [0, 0] ? Int(MDNN_POOL_AVERAGE_WITH_PADDING) : nil
    }

    private func canPool(_ node: Node, _ a: PoolAttributes) -> Bool {
        let types = [node.type] + node.inputs.map { graph[$0].type }
        return a.dilation == [1, 1]
            && types.allSatisfy { $0.dtype == .float32 && $0.elementCount > 0 }
    }
}
