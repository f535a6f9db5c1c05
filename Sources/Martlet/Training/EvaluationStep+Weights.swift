import MartletGraph

extension EvaluationStep {
    /// The inference graph with averages of weights under the names of the weights, `model/<path>`.
    package func modelGraph(for inputs: [TensorType]) throws -> Graph {
        var graph = try graph(for: inputs)
        for index in graph.nodes.indices {
            guard case .variable(let variable, let type) = graph.nodes[index].op,
                let path = Self.path(ofAverage: variable)
            else { continue }
            graph.nodes[index].op = .variable("model/\(path)", type)
        }
        return graph
    }

    /// The values that the model judges with, by the paths of its parameters: averages where the step
    /// uses them, the latest values otherwise.
    public var modelValues: [String: HostTensor] {
        get throws {
            var values = net.parameterValues
            for path in Array(values.keys) {
                if let average = try average(of: path) { values[path] = average }
            }
            return values
        }
    }

    /// The path in `optimizer/<path>/average`, `nil` for other variables.
    private static func path(ofAverage variable: String) -> String? {
        let (start, end) = ("optimizer/", "/" + UpdateOptions.averageName)
        guard variable.hasPrefix(start), variable.hasSuffix(end),
            variable.utf8.count > start.utf8.count + end.utf8.count
        else { return nil }
        return String(variable.dropFirst(start.count).dropLast(end.count))
    }
}
