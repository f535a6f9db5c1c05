/// The result of one node: its position in the graph.
public struct Value: Hashable, Sendable, Comparable {
    /// The index of the node in `Graph.nodes`.
    public let index: Int

    /// Names the node at `index`.
    public init(_ index: Int) { self.index = index }

    public static func < (a: Value, b: Value) -> Bool { a.index < b.index }
}

/// Where a node comes from: the module that made it and, for gradients, the node it belongs to.
public struct Origin: Hashable, Sendable {
    /// The module path with the operation's name, `net.conv1/conv2D`; empty outside modules.
    public var path: String
    /// The forward node that a gradient node was derived from.
    public var forward: Value?

    /// Makes an origin; everything may be left out.
    public init(path: String = "", forward: Value? = nil) {
        (self.path, self.forward) = (path, forward)
    }
}

/// One operation with its operands and its type.
public struct Node: Sendable {
    public var op: Op
    public var inputs: [Value]
    public var type: TensorType
    public var origin: Origin
}

/// A pure computation with static shapes, plus the state it reads and replaces.
///
/// Nodes stand in an order in which every operand precedes its users. A run reads all inputs and
/// variables, computes the outputs, and then stores the assigned values into their variables.
public struct Graph: Sendable {
    /// A named result.
    public struct Output: Hashable, Sendable {
        public var name: String
        public var value: Value

        /// Names `value`.
        public init(_ name: String, _ value: Value) { (self.name, self.value) = (name, value) }
    }

    /// The new value of a variable after the run.
    public struct Assignment: Hashable, Sendable {
        public var variable: String
        public var value: Value

        /// Stores `value` in `variable` at the end of a run.
        public init(_ variable: String, _ value: Value) {
            (self.variable, self.value) = (variable, value)
        }
    }

    public var name: String
    public var nodes: [Node]
    public var outputs: [Output]
    public var assignments: [Assignment]

    /// An empty graph.
    public init(name: String) {
        (self.name, self.nodes, self.outputs, self.assignments) = (name, [], [], [])
    }

    /// The node behind a value.
    public subscript(value: Value) -> Node { nodes[value.index] }

    /// The graph's inputs in the order of their nodes.
    public var inputs: [(name: String, type: TensorType, value: Value)] {
        nodes.indices.compactMap { index in
            guard case .input(let name, let type) = nodes[index].op else { return nil }
            return (name, type, Value(index))
        }
    }

    /// The variables that the graph reads, in the order of their nodes.
    public var variables: [(name: String, type: TensorType, value: Value)] {
        nodes.indices.compactMap { index in
            guard case .variable(let name, let type) = nodes[index].op else { return nil }
            return (name, type, Value(index))
        }
    }
}
