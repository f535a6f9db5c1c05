import MartletGraph

/// Leaves out the last rows and columns that a pooling drops, from the input on.
///
/// A pooling of 2 × 2 sees 10 of 11 rows, so a convolution before it need not compute the others, which
/// spares a sixth of its products, and what comes before may be smaller, too. Run it on a forward graph
/// before gradients are derived; they are then smaller as well. Results are the same, but for pixels of
/// the input that are not numbers and reach nothing that is seen: their products with gradients of 0
/// no longer spoil the gradient of the weights.
///
/// Only chains of convolutions, poolings and elementwise operations that start at an input are cropped;
/// everything else keeps its size. Without a convolution in the chain the graph stays as it is.
public func cropUnseen(_ graph: Graph) -> Graph {
    // A value that nobody reads is not seen either.
    var crop = Crop(removeDeadNodes(graph))
    crop.findNeeds()
    return crop.isWorthwhile ? crop.rebuilt() : graph
}

/// How much of the last two axes of each value is seen.
private struct Crop {
    let graph: Graph
    /// Values that can be made smaller.
    private var isFlexible: [Bool]
    /// Height and width that users read.
    private var needs: [[Int]]

    init(_ graph: Graph) {
        self.graph = graph
        isFlexible = []
        needs = graph.nodes.map { _ in [0, 0] }
        for node in graph.nodes { isFlexible.append(canShrink(node)) }
    }

    private func canShrink(_ node: Node) -> Bool {
        guard node.type.rank == 4 else { return false }
        switch node.op {
        case .input: return true
        case .broadcast:
            return graph[node.inputs[0]].type.shape.suffix(2).allSatisfy { $0 == 1 }
        case .conv2D(let a):
            return isFlexible[node.inputs[0].index] && a.paddingLow == [0, 0]
                && a.paddingHigh == [0, 0]
        case .maxPool2D(let a):
            return isFlexible[node.inputs[0].index] && a.paddingLow == [0, 0]
                && a.paddingHigh == [0, 0] && a.ceilExtra == [0, 0]
        default:
            return node.op.isElementwise && node.inputs.allSatisfy { isFlexible[$0.index] }
        }
    }

    private func size(_ value: Value) -> [Int] { Array(graph[value].type.shape.suffix(2)) }

    /// Walks from the results to the inputs.
    mutating func findNeeds() {
        for value in graph.outputs.map(\.value) + graph.assignments.map(\.value) {
            needs[value.index] = size(value)
        }
        for index in graph.nodes.indices.reversed() {
            let node = graph.nodes[index]
            if !isFlexible[index] || needs[index].contains(0) {
                needs[index] = size(Value(index))
            }
            for (position, operand) in node.inputs.enumerated() {
                let need = need(of: node, needs[index], position)
                guard isFlexible[index], isFlexible[operand.index], let need else {
                    needs[operand.index] = size(operand)
                    continue
                }
                needs[operand.index] = zip(needs[operand.index], need).map { max($0, $1) }
            }
        }
    }

    /// What a node whose result is seen as far as `seen` reads of an operand; `nil` for everything.
    private func need(of node: Node, _ seen: [Int], _ position: Int) -> [Int]? {
        func reach(_ kernel: [Int], _ stride: [Int], _ dilation: [Int]) -> [Int] {
            (0..<2).map { (seen[$0] - 1) * stride[$0] + (kernel[$0] - 1) * dilation[$0] + 1 }
        }
        switch node.op {
        case .conv2D(let a):
            let kernel = Array(graph[node.inputs[1]].type.shape.suffix(2))
            return position == 0 ? reach(kernel, a.stride, a.dilation) : nil
        case .maxPool2D(let a): return reach(a.kernel, a.stride, a.dilation)
        case .broadcast: return nil
        default: return seen
        }
    }

    private func isCropped(_ index: Int) -> Bool {
        isFlexible[index] && needs[index] != size(Value(index))
    }

    /// Whether a convolution becomes smaller.
    var isWorthwhile: Bool {
        graph.nodes.indices.contains { index in
            guard case .conv2D = graph.nodes[index].op else { return false }
            return isCropped(index)
        }
    }

    /// The graph with smaller values.
    func rebuilt() -> Graph {
        var builder = GraphBuilder(name: graph.name)
        var places: [Value] = []
        for (index, node) in graph.nodes.enumerated() {
            builder.origin = node.origin
            builder.origin.forward = node.origin.forward.map { places[$0.index] }
            places.append(copy(node, index, places, &builder))
        }
        var result = builder.graph
        result.outputs = graph.outputs.map { Graph.Output($0.name, places[$0.value.index]) }
        result.assignments = graph.assignments.map {
            Graph.Assignment($0.variable, places[$0.value.index])
        }
        return result
    }

    private func copy(
        _ node: Node, _ index: Int, _ places: [Value], _ builder: inout GraphBuilder
    ) -> Value {
        var inputs = node.inputs.map { places[$0.index] }
        do {
            guard isCropped(index) else { return try builder.append(node.op, inputs) }
            try fit(&inputs, of: node, index, &builder)
            let shape = Array(node.type.shape.prefix(2)) + needs[index]
            switch node.op {
            case .input:
                let whole = try builder.append(node.op, inputs)
                let box = SliceAttributes(
                    starts: [0, 0, 0, 0], limits: shape, strides: [1, 1, 1, 1])
                return try builder.append(.slice(box), [whole])
            case .broadcast: return try builder.append(.broadcast(shape), inputs)
            default: return try builder.append(node.op, inputs)
            }
        } catch {
            preconditionFailure("internal: cropping made a wrong node: \(error.description)")
        }
    }

    /// Cuts operands that others need larger than this node does.
    private func fit(
        _ inputs: inout [Value], of node: Node, _ index: Int, _ builder: inout GraphBuilder
    ) throws(ShapeError) {
        for (position, operand) in node.inputs.enumerated() where isFlexible[operand.index] {
            guard let need = need(of: node, needs[index], position) else { continue }
            let shape = builder.graph[inputs[position]].type.shape
            guard Array(shape.suffix(2)) != need else { continue }
            let box = SliceAttributes(
                starts: [0, 0, 0, 0], limits: Array(shape.prefix(2)) + need,
                strides: [1, 1, 1, 1])
            inputs[position] = try builder.append(.slice(box), [inputs[position]])
        }
    }
}
