import COneDNN
import MartletCompiler
import MartletGraph

/// The sizes and layouts that a convolution and its two gradients share.
private struct ConvolutionShapes {
    var window: mdnn_window
    /// Sizes of the weights as oneDNN counts them: five with groups.
    var weightDims: [Int]
    var x: OpaqueLayout, y: OpaqueLayout, weights: OpaqueLayout

    /// Images with channels last, weights as oneDNN likes them.
    init(
        _ a: Conv2DAttributes, x: [Int], weight: [Int], y: [Int], weights: OpaqueLayout? = nil
    ) throws {
        window = makeWindow(
            kernel: Array(weight[2...]), stride: a.stride, dilation: a.dilation,
            low: a.paddingLow, high: a.paddingHigh)
        weightDims =
            a.groups == 1 ? weight : [a.groups, weight[0] / a.groups] + Array(weight[1...])
        self.x = try strided(x, Layout.channelsLast.strides(x) ?? [])
        self.y = try strided(y, Layout.channelsLast.strides(y) ?? [])
        self.weights = try weights ?? anyLayout(weightDims)
    }
}

/// A window as the shim describes it.
func makeWindow(
    kernel: [Int], stride: [Int], dilation: [Int], low: [Int], high: [Int]
) -> mdnn_window {
    func pair(_ numbers: [Int]) -> (Int64, Int64) { (Int64(numbers[0]), Int64(numbers[1])) }
    return mdnn_window(
        kernel: pair(kernel), stride: pair(stride), dilation: pair(dilation),
        padding_low: pair(low), padding_high: pair(high))
}

extension Lowering {
    /// A convolution, with the bias of its group.
    func lowerConvolution(_ group: Group, _ a: Conv2DAttributes) throws {
        let node = graph.nodes[group.anchor]
        let result = Value(group.position)
        guard isFilledFloat32(node) else { return try lowerGroupOnReference(group) }
        let (x, weight) = (node.inputs[0], node.inputs[1])
        if let own = ownConvolution(
            .forward, a, x: graph[x].type.shape, weight: graph[weight].type.shape,
            y: node.type.shape)
        {
            return try lowerOwnConvolution(group, own)
        }
        var shapes = try ConvolutionShapes(
            a, x: graph[x].type.shape, weight: graph[weight].type.shape, y: node.type.shape)
        let bias = try group.bias.map { bias in
            (
                placement: try plainPlacement(of: bias),
                layout: try strided([node.type.shape[1]], [1])
            )
        }
        let primitive = try Primitive(
            mdnn_convolution(
                shapes.x.handle, shapes.weights.handle, bias?.layout.handle, shapes.y.handle,
                &shapes.window))
        // The weights first: they may move to another layout, and may be the images, too.
        let weightBuffer = try weights(weight, primitive, shapes.weightDims)
        var reads = [
            (Int(MDNN_SOURCE), try placement(of: x, in: .channelsLast).buffer),
            (Int(MDNN_WEIGHTS), weightBuffer),
        ]
        if let bias { reads.append((Int(MDNN_BIAS), bias.placement.buffer)) }
        addPrimitive(
            label(group.members), result, primitive, reads: reads,
            writes: [(Int(MDNN_DESTINATION), place(result, in: .channelsLast).buffer)])
    }

    /// The gradient with respect to the images.
    func lowerConvolutionInputGradient(
        _ value: Value, _ node: Node, _ a: Conv2DAttributes, _ size: [Int]
    ) throws {
        guard isFilledFloat32(node) else {
            return try lowerOnReference(value, node)
        }
        let (dy, weight) = (node.inputs[0], node.inputs[1])
        if let own = ownConvolution(
            .inputGradient, a, x: node.type.shape, weight: graph[weight].type.shape,
            y: graph[dy].type.shape)
        {
            return try lowerOwnConvolutionInputGradient(value, node, own)
        }
        var shapes = try ConvolutionShapes(
            a, x: node.type.shape, weight: graph[weight].type.shape, y: graph[dy].type.shape)
        let primitive = try Primitive(
            mdnn_convolution_input_gradient(
                shapes.x.handle, shapes.weights.handle, shapes.y.handle, &shapes.window))
        // The weights first, as in the forward pass.
        let weightBuffer = try weights(weight, primitive, shapes.weightDims, isForward: false)
        addPrimitive(
            node.op.name, value, primitive,
            reads: [
                (
                    Int(MDNN_DESTINATION_GRADIENT),
                    try placement(of: dy, in: .channelsLast).buffer
                ),
                (Int(MDNN_WEIGHTS), weightBuffer),
            ],
            writes: [(Int(MDNN_SOURCE_GRADIENT), place(value, in: .channelsLast).buffer)])
    }

    /// The gradient with respect to the weights, and to the bias when the graph wants that too.
    func lowerConvolutionWeightGradient(
        _ value: Value, _ node: Node, _ a: Conv2DAttributes, _ kernel: [Int]
    ) throws {
        guard isFilledFloat32(node) else {
            return try lowerOnReference(value, node)
        }
        let (dy, x) = (node.inputs[0], node.inputs[1])
        let channels = node.type.shape[0]
        let biasGradients = biasGradients(of: dy, after: value)
        if let own = ownConvolution(
            .weightGradient, a, x: graph[x].type.shape, weight: node.type.shape,
            y: graph[dy].type.shape)
        {
            return try lowerOwnConvolutionWeightGradient(
                value, node, own, biasGradients: biasGradients)
        }
        let bias = biasGradients.isEmpty ? nil : try strided([channels], [1])
        func make(_ weights: OpaqueLayout?) throws -> (Primitive, ConvolutionShapes) {
            var shapes = try ConvolutionShapes(
                a, x: graph[x].type.shape, weight: node.type.shape, y: graph[dy].type.shape,
                weights: weights)
            let made = mdnn_convolution_weight_gradient(
                shapes.x.handle, shapes.weights.handle, bias?.handle, shapes.y.handle,
                &shapes.window)
            return (try Primitive(made), shapes)
        }
        let (primitive, shapes) = try preferringHome(node.type.shape, a.groups, make)
        guard let chosen = primitive.layout(MDNN_WEIGHTS_GRADIENT, dims: shapes.weightDims) else {
            throw EngineError("oneDNN does not tell the layout of a weight gradient")
        }
        var writes = [
            (
                Int(MDNN_WEIGHTS_GRADIENT),
                place(value, in: layout(chosen, node.type.shape)).buffer
            )
        ]
        if bias != nil {
            let buffer = makeBuffer(channels * 4)
            writes.append((Int(MDNN_BIAS_GRADIENT), buffer))
            for gradient in biasGradients {
                alias(gradient, Placement(buffer: buffer, layout: .plain(1)))
            }
        }
        addPrimitive(
            node.op.name, value, primitive,
            reads: [
                (
                    Int(MDNN_DESTINATION_GRADIENT),
                    try placement(of: dy, in: .channelsLast).buffer
                ),
                (Int(MDNN_SOURCE), try placement(of: x, in: .channelsLast).buffer),
            ],
            writes: writes)
    }

    /// The layout in which the forward pass reads the weights, if a gradient can be made in it without
    /// losing speed; then the optimizer needs no conversion.
    private func preferringHome<Shapes>(
        _ shape: [Int], _ groups: Int, _ make: (OpaqueLayout?) throws -> (Primitive, Shapes)
    ) throws -> (Primitive, Shapes) {
        let free = try make(nil)
        guard let home = weightHomes[Pair(shape, groups)],
            let fixed = try? make(home), fixed.0.implementation == free.0.implementation
        else { return free }
        return fixed
    }

    /// The sums of `dy` over all axes but the channels that nothing needs before the weight gradient.
    private func biasGradients(of dy: Value, after value: Value) -> [Value] {
        users[dy.index].map { Value($0) }.filter { weightGradient(besides: $0) == value }
    }

    /// The weight gradient of a convolution that computes a reduction on the way.
    ///
    /// That is possible when the reduction is the bias gradient, the sum of `dy` over all axes but the
    /// channels, and all its users come after the weight gradient.
    func weightGradient(besides reduction: Value) -> Value? {
        let node = graph[reduction]
        guard node.op == .reduce(.sum, axes: [0, 2, 3]), node.type.dtype == .float32 else {
            return nil
        }
        let dy = node.inputs[0]
        let found = users[dy.index].first { user in
            guard case .conv2DWeightGradient = graph.nodes[user].op else { return false }
            return graph.nodes[user].inputs[0] == dy
                && isFilledFloat32(graph.nodes[user])
        }
        guard let found, users[reduction.index].allSatisfy({ $0 > found }) else { return nil }
        return Value(found)
    }

    /// The weights where the primitive wants them.
    private func weights(
        _ weight: Value, _ primitive: Primitive, _ dims: [Int], isForward: Bool = true
    ) throws -> BufferID {
        guard let wanted = primitive.layout(MDNN_WEIGHTS, dims: dims) else {
            throw EngineError("oneDNN does not tell the layout of its weights")
        }
        let shape = graph[weight].type.shape
        if isForward { weightHomes[Pair(shape, dims.count == shape.count ? 1 : dims[0])] = wanted }
        return try placement(of: weight, in: layout(wanted, shape)).buffer
    }

    /// The opaque layout, or the plain one when they are the same.
    func layout(_ opaque: OpaqueLayout, _ shape: [Int]) -> Layout {
        if let plain = try? plainTwin(opaque), plain.isEqual(to: opaque) {
            return .plain(shape.count)
        }
        return .opaque(opaque)
    }
}
