extension Module {
    /// This module (with the empty path) and all modules below it by path, in the order of the stored
    /// properties; one that stands at two places has its first path.
    public var modules: [(path: String, module: any Module)] {
        Discovery(self).modules.map { ($0.path, $0.module) }
    }

    /// The module at a path, `blocks.0.conv1`; the empty path is this module.
    public func module(at path: String) -> (any Module)? {
        modules.first { $0.path == path }?.module
    }

    /// The parameter at a path, `blocks.0.conv1.weight`.
    public func parameter(at path: String) -> Parameter? {
        parameters.first { $0.path == path }?.parameter
    }

    /// Makes optimizers leave parameters as they are: all, or those whose path the condition takes.
    ///
    ///     net.freeze { $0.hasPrefix("stem.") }
    ///
    /// Running statistics move all the same, as in PyTorch. Training steps compile again.
    public func freeze(where condition: (_ path: String) -> Bool = { _ in true }) {
        for (path, parameter) in parameters where condition(path) { parameter.isFrozen = true }
    }

    /// Makes optimizers change frozen parameters again: all, or those whose path the condition takes.
    public func unfreeze(where condition: (_ path: String) -> Bool = { _ in true }) {
        for (path, parameter) in parameters where condition(path) { parameter.isFrozen = false }
    }

    /// Puts another layer at a place in a `Sequential`, before the model's first step is made.
    ///
    ///     try net.replaceLayer(at: "features.layers.3", with: Dense(5))
    ///
    /// A layer in a property of one's own class is replaced by assigning the property.
    ///
    /// - Throws: `ModelError` when there is no such place.
    public func replaceLayer(at path: String, with layer: any Layer) throws {
        var parts = path.split(separator: ".").map(String.init)
        let index = parts.popLast().flatMap { Int($0) }
        let property = parts.popLast()
        let parent = parts.joined(separator: ".")
        if let index, property == "layers", let list = module(at: parent) as? Sequential,
            list.layers.indices.contains(index)
        {
            list.layers[index] = layer
            return
        }
        let places = modules.flatMap { path, module in
            ((module as? Sequential)?.layers.indices.map { $0 } ?? []).map {
                path.isEmpty ? "layers.\($0)" : "\(path).layers.\($0)"
            }
        }
        throw ModelError(
            function: "replaceLayer", operation: "replaceLayer(at: \(path))",
            expected: places.isEmpty
                ? "a model with a Sequential" : "one of \(places.joined(separator: ", "))",
            received: path,
            fix: module(at: path) == nil ? "" : "assign the property that holds it")
    }
}
