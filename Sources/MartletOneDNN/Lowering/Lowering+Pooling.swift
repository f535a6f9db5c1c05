import CKernels
import COneDNN
import MartletGraph

extension Lowering {
    /// The largest element of each window; also remembers where it was, for the gradient.
    func lowerMaxPool(_ value: Value, _ node: Node, _ a: PoolAttributes) throws {
        guard isFilledFloat32(node) else { return try lowerOnReference(value, node) }
        let target = place(value, in: .channelsLast).buffer
        _ = try emitMaxPool(node.inputs[0], value, a, to: target)
    }

    /// Appends the forward pass and returns the places of the largest elements.
    private func emitMaxPool(
        _ x: Value, _ value: Value, _ a: PoolAttributes, to target: BufferID
    ) throws -> BufferID {
        let pool = try pool(graph[x].type.shape, a)
        let outputs = pool.images * pool.channels * pool.output_size.0 * pool.output_size.1
        let places = makeBuffer(Int(outputs) * 4)
        poolPlaces[Pair(x, a)] = places
        let source = try placement(of: x, in: .channelsLast).buffer
        addKernel("maxPool2D", value, reads: [source], writes: [target, places]) { bindings in
            let x = bindings[source].assumingMemoryBound(to: Float.self)
            let y = bindings[target].assumingMemoryBound(to: Float.self)
            let found = bindings[places].assumingMemoryBound(to: Int32.self)
            return { withUnsafePointer(to: pool) { ck_max_pool($0, x, y, found) } }
        }
        return places
    }

    /// Sends the gradient to the places that the forward pass remembered.
    func lowerMaxPoolGradient(_ value: Value, _ node: Node, _ a: PoolAttributes) throws {
        guard isFilledFloat32(node) else { return try lowerOnReference(value, node) }
        let (x, dy) = (node.inputs[0], node.inputs[1])
        let places =
            try poolPlaces[Pair(x, a)]
            ?? emitMaxPool(x, value, a, to: makeBuffer(graph[dy].type.byteCount))
        let pool = try pool(graph[x].type.shape, a)
        let source = try placement(of: dy, in: .channelsLast).buffer
        let target = place(value, in: .channelsLast).buffer
        addKernel(node.op.name, value, reads: [source, places], writes: [target]) { bindings in
            let dy = bindings[source].assumingMemoryBound(to: Float.self)
            let found = bindings[places].assumingMemoryBound(to: Int32.self)
            let dx = bindings[target].assumingMemoryBound(to: Float.self)
            return { withUnsafePointer(to: pool) { ck_max_pool_gradient($0, dy, found, dx) } }
        }
    }

    /// The geometry of a max pooling as our kernels know it.
    private func pool(_ x: [Int], _ a: PoolAttributes) throws -> ck_pool {
        let y = try Op.maxPool2D(a).resultType([TensorType(.float32, x)]).shape
        func pair(_ numbers: [Int]) -> (Int64, Int64) { (Int64(numbers[0]), Int64(numbers[1])) }
        return ck_pool(
            images: Int64(x[0]), channels: Int64(x[1]), size: pair(Array(x[2...])),
            output_size: pair(Array(y[2...])), kernel: pair(a.kernel), stride: pair(a.stride),
            dilation: pair(a.dilation), padding: pair(a.paddingLow))
    }

    /// The mean of each window.
    func lowerAveragePool(_ value: Value, _ node: Node, _ a: PoolAttributes) throws {
        guard canPool(node, a), let countsPadding = countsPadding(a) else {
            return try lowerOnReference(value, node)
        }
        let x = node.inputs[0]
        let primitive = try pooling(
            countsPadding: countsPadding, graph[x].type.shape, a, isGradient: false)
        addPrimitive(
            node.op.name, value, primitive,
            reads: [(Int(MDNN_SOURCE), try placement(of: x, in: .channelsLast).buffer)],
            writes: [(Int(MDNN_DESTINATION), place(value, in: .channelsLast).buffer)])
    }

    /// Spreads the gradient over each window.
    func lowerAveragePoolGradient(_ value: Value, _ node: Node, _ a: PoolAttributes) throws {
        guard canPool(node, a), let countsPadding = countsPadding(a) else {
            return try lowerOnReference(value, node)
        }
        let primitive = try pooling(
            countsPadding: countsPadding, node.type.shape, a, isGradient: true)
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
        countsPadding: Bool, _ x: [Int], _ a: PoolAttributes, isGradient: Bool
    ) throws -> Primitive {
        var window = makeWindow(
            kernel: a.kernel, stride: a.stride, dilation: a.dilation, low: a.paddingLow,
            high: a.paddingHigh)
        let y = try Op.averagePool2D(a).resultType([TensorType(.float32, x)]).shape
        let source = try strided(x, Layout.channelsLast.strides(x) ?? [])
        let target = try strided(y, Layout.channelsLast.strides(y) ?? [])
        let make = isGradient ? mdnn_average_pooling_gradient : mdnn_average_pooling
        return try Primitive(make(countsPadding, source.handle, target.handle, &window))
    }

    /// Whether oneDNN must count padding; `nil` for the one mixture it does not know.
    private func countsPadding(_ a: PoolAttributes) -> Bool? {
        let isDeclared = a.paddingLow != [0, 0] || a.paddingHigh != a.ceilExtra
        if !a.countsPadding || !isDeclared { return false }
        return a.ceilExtra == [0, 0] ? true : nil
    }

    private func canPool(_ node: Node, _ a: PoolAttributes) -> Bool {
        a.dilation == [1, 1] && isFilledFloat32(node)
    }
}
