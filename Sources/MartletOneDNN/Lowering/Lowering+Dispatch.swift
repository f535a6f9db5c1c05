import CKernels
import MartletGraph

extension Lowering {
    /// Appends the steps of one group.
    ///
    /// One-line cases only: each family has a file of its own.
    func lower(_ group: Group) throws {
        let value = Value(group.anchor)
        if group.members.contains(where: hasManyAxes) { return try lowerGroupOnReference(group) }
        switch group.kind {
        case .elementwise: try lowerElementwise(group)
        case .reduction: try lowerReduction(group)
        case .product: try lowerProduct(group)
        case .single: try lowerSingle(value, graph[value])
        }
    }

    /// Whether a node or one of its operands has more axes than our kernels step through.
    func hasManyAxes(_ index: Int) -> Bool {
        let node = graph.nodes[index]
        return node.type.rank > Int(CK_MAX_RANK)
            || node.inputs.contains { graph[$0].type.rank > Int(CK_MAX_RANK) }
    }

    /// Whether oneDNN can compute a node: 32-bit floats everywhere, and nothing empty.
    func isFilledFloat32(_ node: Node) -> Bool {
        let types = [node.type] + node.inputs.map { graph[$0].type }
        return types.allSatisfy { $0.dtype == .float32 && $0.elementCount > 0 }
    }

    private func lowerProduct(_ group: Group) throws {
        switch graph.nodes[group.anchor].op {
        case .conv2D(let attributes): try lowerConvolution(group, attributes)
        case .matmul(let attributes): try lowerMatmul(group, attributes)
        default: preconditionFailure("internal: \(graph.nodes[group.anchor].op.name) is no product")
        }
    }

    private func lowerSingle(_ value: Value, _ node: Node) throws {
        switch node.op {
        case .reshape: try lowerReshape(value, node)
        case .transpose(let permutation): try lowerTranspose(value, node, permutation)
        case .slice(let box): try lowerSlice(value, node, box)
        case .pad(let padding): try lowerPad(value, node, padding)
        case .concatenate(let axis): try lowerConcatenate(value, node, axis)
        case .reverse(let axes): try lowerReverse(value, node, axes)
        case .conv2DInputGradient(let a, let size):
            try lowerConvolutionInputGradient(value, node, a, size)
        case .conv2DWeightGradient(let a, let kernel):
            try lowerConvolutionWeightGradient(value, node, a, kernel)
        case .maxPool2D(let a): try lowerMaxPool(value, node, a)
        case .maxPool2DGradient(let a): try lowerMaxPoolGradient(value, node, a)
        case .averagePool2D(let a): try lowerAveragePool(value, node, a)
        case .averagePool2DGradient(let a, _): try lowerAveragePoolGradient(value, node, a)
        case .standardize(let axes, let epsilon): try lowerStandardize(value, node, axes, epsilon)
        case .standardizeGradient(let axes, let epsilon):
            try lowerStandardizeGradient(value, node, axes, epsilon)
        case .softmax(let axis): try lowerSoftmax(value, node, axis, logarithm: false)
        case .logSoftmax(let axis): try lowerSoftmax(value, node, axis, logarithm: true)
        case .argReduce(let kind, let axis): try lowerArgReduce(value, node, kind, axis)
        case .cumulativeSum(let axis, let reverse):
            try lowerCumulativeSum(value, node, axis, reverse)
        case .gather(let axis): try lowerGather(value, node, axis)
        case .scatterAdd(let axis, _): try lowerScatterAdd(value, node, axis)
        case .gatherAlong(let axis): try lowerGatherAlong(value, node, axis)
        case .scatterAddAlong(let axis, _): try lowerScatterAddAlong(value, node, axis)
        case .oneHot(let classes, _): try lowerOneHot(value, node, classes)
        case .random(let distribution, _, let stream):
            try lowerRandom(value, node, distribution, stream)
        default: try lowerOnReference(value, node)
        }
    }
}
