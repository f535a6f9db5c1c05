import Martlet
import MartletFormats
import MartletGraph

extension ModelFile {
    /// The arrays of the model under the paths of its parameters, in the order of the graph.
    public var arrays: [NamedTensor] {
        get throws {
            var seen: Set<String> = []
            return try graph(examples: 1).variables.compactMap { name, _, _ in
                guard seen.insert(name).inserted, let value = weights[name] else { return nil }
                return NamedTensor(GraphLayers.path(name), value)
            }
        }
    }

    /// Finds the place in this model for every array; nothing is changed.
    ///
    /// The layers are read off the model's graph, so its source is not needed.
    ///
    /// - Throws: an error when the graph of the model cannot be made.
    public func mapping(
        of arrays: [NamedTensor], convention: WeightConvention
    ) throws -> ParameterMapping {
        let graph = try graph(examples: 1)
        var seen: Set<String> = []
        let parameters = graph.variables.compactMap {
            name, type, _ -> (path: String, type: TensorType?)? in
            let path = GraphLayers.path(name)
            return seen.insert(path).inserted ? (path, type) : nil
        }
        return ParameterMapping(of: arrays, convention, ModelShape(graph), to: parameters)
    }

    /// The same model with the arrays of a mapping in it.
    ///
    /// - Parameters:
    ///   - allowsMissing: Whether parameters may keep the values they have.
    ///   - allowsUnexpected: Whether arrays may be left over.
    /// - Throws: `MappingError` with all differences.
    public func applying(
        _ mapping: ParameterMapping, allowsMissing: Bool = false, allowsUnexpected: Bool = false
    ) throws -> ModelFile {
        try mapping.check(allowsMissing: allowsMissing, allowsUnexpected: allowsUnexpected)
        let values = Dictionary(
            mapping.matched.map { ($0.path, $0.value) }, uniquingKeysWith: { first, _ in first })
        var replaced = weights
        for name in weights.keys {
            if let value = values[GraphLayers.path(name)] { replaced[name] = value }
        }
        return try replacingWeights(replaced)
    }
}
