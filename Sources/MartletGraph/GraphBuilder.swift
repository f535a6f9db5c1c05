/// Appends nodes to a graph, inferring each type; the only way graphs are made.
public struct GraphBuilder: Sendable {
    /// The graph so far.
    public var graph: Graph
    /// Given to every node that is appended from now on.
    public var origin = Origin()

    /// Starts an empty graph.
    public init(name: String) { graph = Graph(name: name) }

    /// Goes on with a graph that exists.
    public init(_ graph: Graph) { self.graph = graph }

    /// The type of a value.
    public func type(_ value: Value) -> TensorType { graph.nodes[value.index].type }

    /// Appends a node, or throws what is wrong with its operands.
    public mutating func append(_ op: Op, _ inputs: [Value] = []) throws(ShapeError) -> Value {
        let type = try op.resultType(inputs.map { graph.nodes[$0.index].type })
        graph.nodes.append(Node(op: op, inputs: inputs, type: type, origin: origin))
        return Value(graph.nodes.count - 1)
    }

    /// Appends a node whose operands are right by construction (gradient rules and passes).
    public mutating func emit(_ op: Op, _ inputs: Value...) -> Value {
        do {
            return try append(op, inputs)
        } catch {
            preconditionFailure("internal: \(error.description)")
        }
    }

    /// Reads an input of the graph.
    public mutating func input(_ name: String, _ type: TensorType) -> Value {
        emit(.input(name, type))
    }

    /// Reads a variable.
    public mutating func variable(_ name: String, _ type: TensorType) -> Value {
        emit(.variable(name, type))
    }

    /// Numbers known now.
    public mutating func constant(_ tensor: HostTensor) -> Value { emit(.constant(tensor)) }

    /// One number in the type of `other`, repeated over its shape.
    public mutating func constant(_ number: Double, like other: Value) -> Value {
        let type = type(other)
        let scalar = emit(.constant(HostTensor(repeating: number, type.with(shape: []))))
        return broadcast(scalar, to: type.shape)
    }
}

extension GraphBuilder {
    /// Repeats `x` up to `shape`; nothing is appended when it has that shape.
    public mutating func broadcast(_ x: Value, to shape: [Int]) -> Value {
        type(x).shape == shape ? x : emit(.broadcast(shape), x)
    }

    /// Gives `x` another shape; nothing is appended when it has that shape.
    public mutating func reshape(_ x: Value, to shape: [Int]) -> Value {
        type(x).shape == shape ? x : emit(.reshape(shape), x)
    }

    /// The sum over `axes`, which disappear.
    public mutating func sum(_ x: Value, axes: [Int]) -> Value {
        axes.isEmpty ? x : emit(.reduce(.sum, axes: axes), x)
    }

    /// The sum over `axes`, which stay with size 1.
    public mutating func sumKeepingAxes(_ x: Value, axes: [Int]) -> Value {
        var shape = type(x).shape
        for axis in axes { shape[axis] = 1 }
        return reshape(sum(x, axes: axes), to: shape)
    }

    public mutating func add(_ a: Value, _ b: Value) -> Value { emit(.binary(.add), a, b) }
    public mutating func subtract(_ a: Value, _ b: Value) -> Value {
        emit(.binary(.subtract), a, b)
    }
    public mutating func multiply(_ a: Value, _ b: Value) -> Value {
        emit(.binary(.multiply), a, b)
    }
    public mutating func divide(_ a: Value, _ b: Value) -> Value { emit(.binary(.divide), a, b) }
    public mutating func negate(_ x: Value) -> Value { emit(.unary(.negate), x) }

    /// `x` times a number.
    public mutating func scale(_ x: Value, by number: Double) -> Value {
        number == 1 ? x : multiply(x, constant(number, like: x))
    }

    /// `a` where `condition` holds, else `b`.
    public mutating func select(_ condition: Value, _ a: Value, _ b: Value) -> Value {
        emit(.select, condition, a, b)
    }

    /// Sums a gradient back to the shape that was broadcast to it.
    public mutating func unbroadcast(_ dy: Value, to shape: [Int]) -> Value {
        let from = type(dy).shape
        if from == shape { return dy }
        let lead = from.count - shape.count
        let axes = from.indices.filter { $0 < lead || (shape[$0 - lead] == 1 && from[$0] != 1) }
        return reshape(sum(dy, axes: Array(axes)), to: shape)
    }
}
