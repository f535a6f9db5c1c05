import Martlet
import MartletFormats
import MartletGraph
import MartletReference

extension Layer {
    /// Finds the parameter for every array of a file; nothing is changed.
    ///
    /// Arrays of PyTorch and Paddle are matched by name. Layers of Keras are matched by name where the
    /// model has all of their names, otherwise by their order, each kind of layer by itself.
    ///
    /// - Parameters:
    ///   - inputShape: The shape of one example, C, H, W for pictures. The shapes of a model that has
    ///     not run yet are checked only with it, and Keras' order of flattened pictures is only then
    ///     corrected.
    /// - Throws: `ModelError` for a model that does not take such examples.
    public func mapping(
        of arrays: [NamedTensor], convention: WeightConvention, inputShape: [Int]? = nil
    ) throws -> ParameterMapping {
        var shapes: [LayerShape] = []
        if let inputShape {
            shapes = try layerShapes(inputShape: inputShape)
            // The trace fixes the types of the parameters.
            _ = try EvaluationStep(self) { net, x in net(x) }
                .graph(for: [TensorType(.float32, [2] + inputShape)])
        }
        return mapping(of: arrays, convention, ModelShape(self, shapes))
    }

    /// Finds the parameters for the tensors of a weight file.
    ///
    /// - Parameter convention: Keras' for files of Keras, Paddle's for files of Paddle, PyTorch's
    ///   for all others, unless given.
    public func mapping(
        of file: WeightFile, convention: WeightConvention? = nil, inputShape: [Int]? = nil
    ) throws -> ParameterMapping {
        let usual: WeightConvention =
            switch file.format {
            case WeightFormat.keras.name: .keras
            case "PaddlePaddle": .paddle
            default: .pyTorch
            }
        let arrays = try file.tensors().map { NamedTensor($0.name, $0.tensor) }
        return try mapping(of: arrays, convention: convention ?? usual, inputShape: inputShape)
    }
}

extension Module {
    /// The same for a module that is no `Layer`: shapes that no trace has fixed are not checked.
    public func mapping(
        of arrays: [NamedTensor], convention: WeightConvention
    ) -> ParameterMapping {
        mapping(of: arrays, convention, ModelShape(self, []))
    }

    func mapping(
        of arrays: [NamedTensor], _ convention: WeightConvention, _ shape: ModelShape
    ) -> ParameterMapping {
        let parameters = parameters
        let paths = parameters.map(\.path)
        let names: WeightNames
        switch convention {
        case .keras: names = KerasNames(shape, arrays, paths).names
        case .pyTorch, .paddle: names = WeightNames(dotted: arrays.map(\.name), paths: paths)
        }
        var mapping = ParameterMapping()
        mapping.ignored = names.ignored
        let types = Dictionary(
            parameters.map { ($0.path, $0.parameter.type) }, uniquingKeysWith: { first, _ in first }
        )
        var taken: Set<String> = []
        for array in arrays where !names.ignored.contains(array.name) {
            guard let path = names.paths[array.name], taken.insert(path).inserted else {
                mapping.unexpected.append(.init(name: array.name))
                continue
            }
            let type = types[path] ?? nil
            let changes = WeightLayout(convention, shape)
                .changes(array.value.type, to: path, type)
            let value = WeightLayout.apply(changes, to: array.value)
            if let type, type != value.type {
                mapping.mismatched.append(
                    .init(path: path, name: array.name, expected: type, received: value.type))
            } else {
                mapping.matched.append(
                    .init(path: path, name: array.name, changes: changes, value: value))
            }
        }
        mapping.missing = paths.filter { !taken.contains($0) }.map { .init(name: $0) }
        mapping.findNearest()
        return mapping
    }
}
