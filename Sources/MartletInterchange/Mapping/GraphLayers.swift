import MartletGraph

/// The layers of a traced model, found by what happens to its variables.
///
/// A variable `model/fc1.weight` belongs to the layer `fc1`. A layer is what its weight is used for:
/// the operand of a convolution, of a matrix product, of a look-up, or a factor.
struct GraphLayers {
    private(set) var kinds: [String: ModelShape.Kind] = [:]
    /// The layers in the order in which the graph uses them.
    private(set) var paths: [String] = []
    /// Channels, height and width of the picture that a layer sees flattened.
    private(set) var features: [String: [Int]] = [:]
    private(set) var groupNorms: Set<String> = []
    private(set) var multipliers: [String: Int] = [:]

    private let graph: Graph
    /// The paths of the variables that a value is made of, for values that need no input.
    private var sources: [Value: Set<String>] = [:]
    /// The picture that the last axis of a value counts.
    private var pictures: [Value: [Int]] = [:]

    /// Walks through a graph once.
    init(_ graph: Graph) {
        self.graph = graph
        for (index, node) in graph.nodes.enumerated() { look(at: node, Value(index)) }
        settleNorms()
    }

    /// `fc1.weight` for the variable `model/fc1.weight`.
    static func path(_ variable: String) -> String {
        var path = variable.hasPrefix("model/") ? variable.dropFirst(6) : variable[...]
        while path.last == "'" { path.removeLast() }
        return String(path)
    }

    private mutating func look(at node: Node, _ value: Value) {
        switch node.op {
        case .variable(let name, _):
            let path = Self.path(name)
            sources[value] = [path]
            let owner = ModelShape.owner(path)
            if !paths.contains(owner) { paths.append(owner) }
        case .constant, .iota: sources[value] = []
        case .input, .random: break
        case .conv2D(let attributes): noteConvolution(node, attributes)
        case .matmul: noteProduct(node)
        case .gather: note(node.inputs[0], .embedding)
        default: follow(node, value)
        }
    }

    private mutating func note(_ value: Value, _ kind: ModelShape.Kind) {
        for path in sources[value] ?? [] where path.hasSuffix("weight") {
            kinds[ModelShape.owner(path)] = kind
        }
    }

    private mutating func noteConvolution(_ node: Node, _ attributes: Conv2DAttributes) {
        let (x, weight) = (graph[node.inputs[0]].type.shape, graph[node.inputs[1]].type.shape)
        guard attributes.groups > 1, attributes.groups == x[1], weight[1] == 1 else {
            return note(node.inputs[1], .convolution)
        }
        note(node.inputs[1], .depthwise)
        for path in sources[node.inputs[1]] ?? [] {
            multipliers[ModelShape.owner(path)] = weight[0] / attributes.groups
        }
    }

    private mutating func noteProduct(_ node: Node) {
        for (operand, other) in [(0, 1), (1, 0)] {
            note(node.inputs[operand], .dense)
            guard let picture = pictures[node.inputs[other]] else { continue }
            noteFeatures(of: node.inputs[operand], picture)
        }
    }

    private mutating func noteFeatures(of value: Value, _ picture: [Int]) {
        for path in sources[value] ?? [] { features[ModelShape.owner(path)] = picture }
    }

    /// Follows what is made of variables alone, and rows that are flattened pictures.
    private mutating func follow(_ node: Node, _ value: Value) {
        let known = node.inputs.map { sources[$0] }
        if known.allSatisfy({ $0 != nil }) {
            sources[value] = known.reduce(into: Set<String>()) { $0.formUnion($1 ?? []) }
            if case .reshape(let shape) = node.op, shape.count > 1, shape.last == 1 {
                for path in sources[value] ?? [] { groupNorms.insert(ModelShape.owner(path)) }
            }
            return
        }
        let shape = node.type.shape
        switch node.op {
        case .reshape where shape.count == 2:
            let from = graph[node.inputs[0]].type.shape
            if from.count == 4, from[0] == shape[0] { pictures[value] = Array(from[1...]) }
        case .unary, .binary, .cast, .select, .standardize, .compare:
            let known = pictures
            guard let picture = node.inputs.compactMap({ known[$0] }).first,
                shape.last == picture.reduce(1, *)
            else { return }
            pictures[value] = picture
            for input in node.inputs { noteFeatures(of: input, picture) }
        default: break
        }
    }

    /// Layers of one axis are norms; running statistics tell which are batch norms.
    private mutating func settleNorms() {
        var names: [String: Set<String>] = [:]
        for (variable, _, _) in graph.variables {
            let path = Self.path(variable)
            let name = path.split(separator: ".").last.map(String.init) ?? path
            names[ModelShape.owner(path), default: []].insert(name)
        }
        for path in paths {
            let own = names[path] ?? []
            if own.contains("running_mean") {
                kinds[path] = .batchNorm
            } else if !own.isSubset(of: ["weight", "bias"]) {
                kinds[path] = .other
            } else if kinds[path] == nil {
                kinds[path] = .norm
            }
        }
        groupNorms.formIntersection(paths.filter { kinds[$0] == .norm })
    }
}
