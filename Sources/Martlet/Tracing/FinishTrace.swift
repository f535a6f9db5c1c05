import MartletCompiler
import MartletGraph

extension Trace {
    /// The graph with the given results, or the first mistake of the trace.
    func finish(outputs: [(name: String, tensor: Tensor)]) throws(ModelError) -> Graph {
        var results: [Graph.Output] = []
        for (name, tensor) in outputs {
            results.append(Graph.Output(name, try result(tensor, name)))
        }
        if let error { throw error }
        var graph = builder.graph
        graph.outputs = results
        graph.assignments = assignments.map { Graph.Assignment($0.name, $0.value) }
        return graph
    }

    /// The node of a tensor that the traced closure returned.
    func result(_ tensor: Tensor, _ name: String) throws(ModelError) -> Value {
        if let error = error ?? tensor.error { throw error }
        if let value = value(of: tensor) { return value }
        throw ModelError(
            function: builder.graph.name, operation: "\(name) \(tensor.type)",
            expected: "a tensor of this trace", received: "a tensor that another trace left behind")
    }

    /// Goes on with another form of the graph; values from before are not valid any more.
    func replaceGraph(_ graph: Graph) {
        builder = GraphBuilder(graph)
        forgetValues()
    }
}
