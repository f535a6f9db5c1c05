import Martlet
import MartletGraph

extension ModelFile {
    /// A network with its present values, and what happens to pictures before it sees them.
    ///
    /// - Parameters:
    ///   - description: The size of the pictures, the classes, and what the results mean.
    ///   - scaling: What becomes of the bytes of a picture.
    ///   - seed: Of the first values, for a network that has none yet.
    /// - Throws: `ModelError` for a network that does not take such pictures.
    public init(
        _ description: ModelDescription, network: some Layer, scaling: Scaling, seed: Int = 0
    ) throws {
        let channels = description.preparation.channels
        guard scaling.scale.count == 1 || scaling.scale.count == channels else {
            throw ModelError(
                function: "modelFile", operation: description.name,
                expected: "a factor for each of \(channels) channels, or one for all",
                received: "\(scaling.scale.count)")
        }
        let step = try EvaluationStep(network, seed: seed) { net, x in
            net(scaling(x)).cast(to: .float32)
        }
        let shape = description.preparation.imageShape
        let one = try step.graph(for: [TensorType(.uint8, [1] + shape)])
        let values = network.parameterValues
        var described = description
        if described.structure.isEmpty { described.structure = network.structure }
        try self.init(
            described,
            values: { variable in
                guard let value = values[GraphLayers.path(variable)] else {
                    throw ModelError(
                        function: "modelFile", path: variable, expected: "a parameter with a value",
                        received: "none")
                }
                return value
            }
        ) { examples in
            if examples == 1 { return one }
            return try step.graph(for: [TensorType(.uint8, [examples] + shape)])
        }
    }
}
