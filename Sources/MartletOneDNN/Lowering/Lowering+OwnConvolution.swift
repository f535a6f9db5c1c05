import CKernels
import MartletCompiler
import MartletGraph

/// Which of a convolution and its gradients a kernel computes.
enum ConvolutionPart {
    case forward, inputGradient, weightGradient
}

extension Lowering {
    /// The geometry for our own kernel, where it is the faster one.
    ///
    /// Ours know no stride, dilation or groups, and padding only for windows of 3×3 with enough
    /// channels, where Winograd's method needs fewer products than oneDNN's direct one. Without
    /// padding, measured on one thread with AVX2, they are faster than oneDNN 2.6 almost everywhere
    /// else; with AVX-512 they are used where channels do not fill oneDNN's blocks of 16.
    func ownConvolution(
        _ part: ConvolutionPart, _ a: Conv2DAttributes, x: [Int], weight: [Int], y: [Int]
    ) -> ck_convolution? {
        guard settings.usesOwnConvolutions, a.stride == [1, 1], a.dilation == [1, 1],
            a.groups == 1, y[2] * y[3] > 1
        else { return nil }
        func pair(_ numbers: some Sequence<Int>) -> (Int64, Int64) {
            let two = Array(numbers)
            return (Int64(two[0]), Int64(two[1]))
        }
        var shape = ck_convolution(
            images: Int64(x[0]), in_channels: Int64(x[1]), out_channels: Int64(weight[0]),
            size: pair(x.suffix(2)), output_size: pair(y.suffix(2)),
            kernel: pair(weight.suffix(2)), padding: pair(a.paddingLow),
            method: Int64(CK_DIRECT), rooms: Int64(ck_allowed_threads()))
        if settings.usesWinograd, isWorthWinograd(shape) {
            shape.method = Int64(CK_WINOGRAD)
            return shape
        }
        guard a.paddingLow == [0, 0], a.paddingHigh == [0, 0] else { return nil }
        let (channels, filters) = (x[1], weight[0])
        let lanes = Int(ck_lane_count())
        if lanes == 16, filters % 16 == 0, channels % 16 == 0 || channels < 4 { return nil }
        switch part {
        case .forward:
            let depth = channels * weight[2] * weight[3]
            if depth < 16, filters % lanes == 0 { return nil }
        case .inputGradient: if channels < 4 { return nil }
        case .weightGradient: break
        }
        return shape
    }

    /// Whether Winograd's method pays: with few channels its transforms cost more than it saves, with
    /// few tiles those of the weights do.
    private func isWorthWinograd(_ shape: ck_convolution) -> Bool {
        let (rows, columns) = (shape.output_size.0, shape.output_size.1)
        let tiles = shape.images * ((rows + 1) / 2) * ((columns + 1) / 2)
        guard min(shape.in_channels, shape.out_channels) >= 16, min(rows, columns) >= 2, tiles >= 24
        else { return false }
        return withUnsafePointer(to: shape) { ck_winograd_fits($0) }
    }

    /// What plans call a kernel of ours.
    private func name(_ operation: String, _ shape: ck_convolution) -> String {
        operation + (shape.method == Int64(CK_WINOGRAD) ? " [winograd]" : " [own]")
    }

    /// The layout of weights that our kernels read: rows, columns, input channels, filters.
    private func ownWeights(_ shape: [Int]) throws -> Layout {
        let (inputs, filters) = (shape[1], shape[0])
        let made = try strided(
            shape, [1, filters, shape[3] * inputs * filters, inputs * filters])
        return layout(made, shape)
    }

    func lowerOwnConvolution(_ group: Group, _ shape: ck_convolution) throws {
        let node = graph.nodes[group.anchor]
        let result = Value(group.position)
        let (x, weight) = (node.inputs[0], node.inputs[1])
        // The weights first: they may move to another layout, and may be the images, too.
        let weights = try placement(of: weight, in: try ownWeights(graph[weight].type.shape)).buffer
        let source = try placement(of: x, in: .channelsLast).buffer
        let bias = try group.bias.map { try plainPlacement(of: $0).buffer }
        let target = place(result, in: .channelsLast).buffer
        let scratch = makeBuffer(Int(withUnsafePointer(to: shape) { ck_convolution_scratch($0) }))
        addKernel(
            name(label(group.members), shape), result,
            reads: [source, weights] + (bias.map { [$0] } ?? []), writes: [target, scratch]
        ) { bindings in
            let x = bindings[source].assumingMemoryBound(to: Float.self)
            let w = bindings[weights].assumingMemoryBound(to: Float.self)
            let b = bias.map { bindings[$0].assumingMemoryBound(to: Float.self) }
            let y = bindings[target].assumingMemoryBound(to: Float.self)
            let room = bindings[scratch]
            return { withUnsafePointer(to: shape) { ck_convolve($0, x, w, b, y, room) } }
        }
    }

    func lowerOwnConvolutionInputGradient(
        _ value: Value, _ node: Node, _ shape: ck_convolution
    ) throws {
        let (dy, weight) = (node.inputs[0], node.inputs[1])
        let weights = try placement(of: weight, in: try ownWeights(graph[weight].type.shape)).buffer
        let source = try placement(of: dy, in: .channelsLast).buffer
        let target = place(value, in: .channelsLast).buffer
        let scratch = makeBuffer(
            Int(withUnsafePointer(to: shape) { ck_convolution_input_scratch($0) }))
        addKernel(
            name(node.op.name, shape), value, reads: [source, weights], writes: [target, scratch]
        ) { bindings in
            let dy = bindings[source].assumingMemoryBound(to: Float.self)
            let w = bindings[weights].assumingMemoryBound(to: Float.self)
            let dx = bindings[target].assumingMemoryBound(to: Float.self)
            let room = bindings[scratch]
            return {
                withUnsafePointer(to: shape) { ck_convolve_input_gradient($0, dy, w, dx, room) }
            }
        }
    }

    /// The gradient of the weights, and of the bias when the graph wants that too.
    func lowerOwnConvolutionWeightGradient(
        _ value: Value, _ node: Node, _ shape: ck_convolution, biasGradients: [Value]
    ) throws {
        let (dy, x) = (node.inputs[0], node.inputs[1])
        let gradient = try placement(of: dy, in: .channelsLast).buffer
        let source = try placement(of: x, in: .channelsLast).buffer
        let target = place(value, in: try ownWeights(node.type.shape)).buffer
        let bias = biasGradients.isEmpty ? nil : makeBuffer(node.type.shape[0] * 4)
        for other in biasGradients {
            if let bias { alias(other, Placement(buffer: bias, layout: .plain(1))) }
        }
        let scratch = makeBuffer(
            Int(withUnsafePointer(to: shape) { ck_convolution_weight_scratch($0) }))
        addKernel(
            name(node.op.name, shape), value, reads: [gradient, source],
            writes: [target, scratch] + (bias.map { [$0] } ?? [])
        ) { bindings in
            let x = bindings[source].assumingMemoryBound(to: Float.self)
            let dy = bindings[gradient].assumingMemoryBound(to: Float.self)
            let dw = bindings[target].assumingMemoryBound(to: Float.self)
            let db = bias.map { bindings[$0].assumingMemoryBound(to: Float.self) }
            let room = bindings[scratch]
            return {
                withUnsafePointer(to: shape) {
                    ck_convolve_weight_gradient($0, x, dy, dw, db, room)
                }
            }
        }
    }
}
