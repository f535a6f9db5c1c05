import Martlet
import MartletFormats
import MartletGraph

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
        guard let inputShape else {
            return mapping(of: arrays, convention, ModelShape(self))
        }
        return mapping(of: arrays, convention, try ModelShape(self, inputShape: inputShape))
    }

    /// Finds the parameters for the tensors of a weight file.
    ///
    /// - Parameter convention: Keras' for files of Keras, Paddle's for files of Paddle, PyTorch's
    ///   for all others, unless given.
    public func mapping(
        of file: WeightFile, convention: WeightConvention? = nil, inputShape: [Int]? = nil
    ) throws -> ParameterMapping {
        let arrays = try file.tensors().map { NamedTensor($0.name, $0.tensor) }
        return try mapping(
            of: arrays, convention: convention ?? WeightConvention(usualIn: file),
            inputShape: inputShape)
    }
}

extension Module {
    /// The same for a module that is no `Layer`: shapes that no trace has fixed are not checked.
    public func mapping(
        of arrays: [NamedTensor], convention: WeightConvention
    ) -> ParameterMapping {
        mapping(of: arrays, convention, ModelShape(self))
    }

    func mapping(
        of arrays: [NamedTensor], _ convention: WeightConvention, _ shape: ModelShape
    ) -> ParameterMapping {
        ParameterMapping(
            of: arrays, convention, shape,
            to: parameters.map { (path: $0.path, type: $0.parameter.type) })
    }
}

extension WeightConvention {
    /// The convention of the program that writes files of a format.
    public init(usualIn file: WeightFile) {
        switch file.format {
        case WeightFormat.keras.name: self = .keras
        case "PaddlePaddle": self = .paddle
        default: self = .pyTorch
        }
    }
}

extension ParameterMapping {
    /// Finds the parameter for every array.
    ///
    /// - Parameter parameters: The parameters by path, with the types that are known.
    init(
        of arrays: [NamedTensor], _ convention: WeightConvention, _ shape: ModelShape,
        to parameters: [(path: String, type: TensorType?)]
    ) {
        self.init()
        let paths = parameters.map(\.path)
        let names: WeightNames
        switch convention {
        case .keras: names = KerasNames(shape, arrays, paths).names
        case .pyTorch, .paddle: names = WeightNames(dotted: arrays.map(\.name), paths: paths)
        }
        ignored = names.ignored
        let left = Set(names.ignored)
        let types = Dictionary(
            parameters.map { ($0.path, $0.type) }, uniquingKeysWith: { first, _ in first })
        var taken: Set<String> = []
        for array in arrays where !left.contains(array.name) {
            guard let path = names.paths[array.name], taken.insert(path).inserted else {
                unexpected.append(.init(name: array.name))
                continue
            }
            let type = types[path] ?? nil
            let changes = WeightLayout(convention, shape)
                .changes(array.value.type, to: path, type)
            let value = WeightLayout.apply(changes, to: array.value)
            if let type, type != value.type {
                mismatched.append(
                    .init(path: path, name: array.name, expected: type, received: value.type))
            } else {
                matched.append(.init(path: path, name: array.name, changes: changes, value: value))
            }
        }
        missing = paths.filter { !taken.contains($0) }.map { .init(name: $0) }
        findNearest()
    }
}
