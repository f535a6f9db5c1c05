import MartletGraph

/// Nodes that one step of the plan computes together.
struct Group {
    enum Kind {
        /// Elementwise nodes of one shape.
        case elementwise
        /// A reduction with the elementwise nodes that feed only it.
        case reduction
        /// A convolution or matrix product with the bias behind it.
        case product
        /// One node.
        case single
    }

    var kind: Kind
    /// Ascending; the last one ran latest, and the group runs in its place.
    var members: [Int]
    /// The node that gives the group its kind: the reduction, the product, the only node.
    var anchor: Int
    /// For products: the value added to every row or channel.
    var bias: Value?

    var position: Int { members[members.count - 1] }
}

/// Splits a graph into the groups of nodes that become steps.
///
/// A group runs at the place of its last node. A node may therefore join the group of an operand only
/// while nothing outside that group has used any of its values; this one rule keeps the order valid.
struct Grouping {
    private let graph: Graph
    /// The nodes that use each node, broadcasts looked through, in order.
    let users: [[Int]]
    /// Nodes whose value leaves the graph.
    let escaping: Set<Int>
    private var groups: [Int: Group] = [:]
    private var groupOf: [Int]
    private var isSealed: Set<Int> = []

    /// Registers of a program: operands, constants and results together.
    private static let registerLimit = 60

    init(_ graph: Graph) {
        self.graph = graph
        groupOf = [Int](repeating: -1, count: graph.nodes.count)
        let leaving = graph.outputs.map(\.value) + graph.assignments.map(\.value)
        escaping = Set((leaving + leaving.map { graph.source(of: $0) }).map(\.index))
        users = graph.effectiveUsers()
    }

    /// The groups in the order in which they run.
    mutating func make() -> [Group] {
        for index in graph.nodes.indices where groupOf[index] < 0 {
            if isSource(graph.nodes[index].op) { continue }
            if isProduct(graph.nodes[index].op) {
                addProduct(index)
            } else if graph.nodes[index].op.isElementwise {
                addElementwise(index)
            } else {
                add(Group(kind: .single, members: [index], anchor: index))
            }
            sealOperands(of: index)
        }
        absorbIntoReductions()
        return groups.values.sorted { $0.position < $1.position }
    }

    /// Sources, and broadcasts, which their users look through.
    private func isSource(_ op: Op) -> Bool {
        switch op {
        case .input, .variable, .constant, .iota, .broadcast: true
        default: false
        }
    }

    private func isProduct(_ op: Op) -> Bool {
        switch op {
        case .conv2D, .matmul: true
        default: false
        }
    }

    private mutating func add(_ group: Group) {
        groups[group.anchor] = group
        for member in group.members { groupOf[member] = group.anchor }
    }

    /// Nothing may join the groups that `index` reads any more, but for its own.
    private mutating func sealOperands(of index: Int) {
        let own = groupOf[index]
        for member in groups[own]?.members ?? [] {
            for operand in graph.nodes[member].inputs {
                let group = groupOf[graph.source(of: operand).index]
                if group >= 0, group != own { isSealed.insert(group) }
            }
        }
    }

    // MARK: Products

    /// A product with the bias that directly follows it.
    private mutating func addProduct(_ index: Int) {
        var group = Group(kind: .product, members: [index], anchor: index)
        if graph.nodes[index].type.dtype == .float32, let (add, bias) = biasAfter(index) {
            group.bias = bias
            group.members.append(add)
        }
        add(group)
    }

    private func onlyUser(_ index: Int) -> Int? {
        guard !escaping.contains(index), users[index].count == 1 else { return nil }
        let user = users[index][0]
        // The user must read the value itself, not a broadcast of it.
        return graph.nodes[user].inputs.contains(Value(index)) ? user : nil
    }

    /// The addition after a product whose other operand is one number per channel or column.
    private func biasAfter(_ index: Int) -> (add: Int, bias: Value)? {
        guard let add = onlyUser(index), graph.nodes[add].op == .binary(.add) else { return nil }
        let operands = graph.nodes[add].inputs
        let other = operands[0] == Value(index) ? operands[1] : operands[0]
        guard case .broadcast = graph[other].op else { return nil }
        let bias = graph.source(of: other)
        let shape = graph.nodes[index].type.shape
        let axis: Int
        if case .conv2D = graph.nodes[index].op { axis = 1 } else { axis = shape.count - 1 }
        var expected = [Int](repeating: 1, count: shape.count)
        expected[axis] = shape[axis]
        let lead = shape.count - graph[bias].type.rank
        // Operands are sealed when the product is met, so a bias that is computed later could still
        // join a group that runs after the product; a reshape of a variable cannot.
        guard lead >= 0, shape[axis] > 1, graph[bias].type.elementCount == shape[axis],
            graph[bias].type.shape == Array(expected[lead...]),
            bias.index < index || graph.isReadyAtStart(bias)
        else { return nil }
        return (add, bias)
    }

    // MARK: Elementwise groups

    private mutating func addElementwise(_ index: Int) {
        let shape = graph.nodes[index].type.shape
        let kind = graph.registerClass(of: index)
        var merged: [Int] = []
        for operand in graph.nodes[index].inputs where !graph.convertsWhenLoaded(index) {
            let group = groupOf[operand.index]
            guard group >= 0, !merged.contains(group), !isSealed.contains(group),
                let candidate = groups[group], candidate.kind == .elementwise,
                graph.nodes[candidate.anchor].type.shape == shape,
                !graph.convertsWhenStored(operand.index),
                fits(kind, candidate)
            else { continue }
            let members = merged.flatMap { groups[$0]?.members ?? [] } + candidate.members
            if agree(merged + [group], kind), registerCount(members + [index]) <= Self.registerLimit
            {
                merged.append(group)
            }
        }
        var members = [index]
        for group in merged { members += groups.removeValue(forKey: group)?.members ?? [] }
        add(Group(kind: .elementwise, members: members.sorted(), anchor: index))
    }

    /// The class of a group: that of its first member that has one.
    private func registerClass(_ group: Group) -> RegisterClass? {
        group.members.lazy.compactMap { graph.registerClass(of: $0) }.first
    }

    private func fits(_ kind: RegisterClass?, _ group: Group) -> Bool {
        guard let kind, let other = registerClass(group) else { return true }
        return kind == other
    }

    private func agree(_ merged: [Int], _ kind: RegisterClass?) -> Bool {
        Set(merged.compactMap { groups[$0].flatMap(registerClass) } + [kind].compactMap { $0 })
            .count <= 1
    }

    private func registerCount(_ members: [Int]) -> Int {
        let inside = Set(members)
        let outside = Set(members.flatMap { graph.nodes[$0].inputs }).filter {
            !inside.contains($0.index)
        }
        return 2 * members.count + outside.count
    }

    // MARK: Reductions

    /// Moves an elementwise group whose only value feeds one reduction into that reduction.
    private mutating func absorbIntoReductions() {
        for (key, group) in groups where group.kind == .single {
            guard case .reduce = graph.nodes[key].op else { continue }
            let operand = graph.nodes[key].inputs[0].index
            guard groupOf[operand] >= 0, let feeding = groups[groupOf[operand]],
                feeding.kind == .elementwise, !graph.convertsWhenStored(operand),
                feeding.members.allSatisfy({ member in
                    !escaping.contains(member)
                        && users[member].allSatisfy { feeding.members.contains($0) || $0 == key }
                        && (member == operand || !users[member].contains(key))
                })
            else {
                groups[key]?.kind = .reduction
                continue
            }
            groups[groupOf[operand]] = nil
            groups[key] = Group(
                kind: .reduction, members: feeding.members + [key], anchor: key)
            for member in feeding.members { groupOf[member] = key }
        }
    }
}

extension Graph {
    /// The value behind any broadcasts.
    func source(of value: Value) -> Value {
        var value = value
        while case .broadcast = self[value].op { value = self[value].inputs[0] }
        return value
    }

    /// Whether a value is there before the first step: a source, or a reshape of one.
    func isReadyAtStart(_ value: Value) -> Bool {
        switch self[value].op {
        case .input, .variable, .constant: true
        case .reshape: isReadyAtStart(self[value].inputs[0])
        default: false
        }
    }

    /// Who uses each node, looking through broadcasts; each user once, ascending.
    func effectiveUsers() -> [[Int]] {
        var users = [[Int]](repeating: [], count: nodes.count)
        for (index, node) in nodes.enumerated() {
            if case .broadcast = node.op { continue }
            for operand in node.inputs {
                let source = source(of: operand).index
                if users[source].last != index { users[source].append(index) }
                if source != operand.index, users[operand.index].last != index {
                    users[operand.index].append(index)
                }
            }
        }
        return users
    }
}
