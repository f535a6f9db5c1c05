import MartletGraph

/// A table of a model's layers, their results' shapes and their parameters.
public struct ModelSummary: Hashable, Sendable, CustomStringConvertible {
    /// One layer.
    public struct Row: Hashable, Sendable {
        /// The layer's place in the model, `conv1`.
        public var path: String
        /// The name of the layer's type, `Conv2D`.
        public var kind: String
        /// The shape of the result, `nil` where it is the size of the batch; empty when the layer
        /// does not tell it.
        public var outputShape: [Int?]
        /// The number of numbers in the layer's own parameters, running statistics included.
        public var parameterCount: Int
    }

    /// The name of the model's type.
    public var name: String
    /// The layers in the order in which they run.
    public var rows: [Row]
    /// The number of numbers that optimizers change.
    public var trainableCount: Int
    /// The number of numbers in frozen parameters and running statistics.
    public var nonTrainableCount: Int
    /// The memory of all parameters.
    public var byteCount: Int

    /// The number of numbers in all parameters.
    public var parameterCount: Int { trainableCount + nonTrainableCount }

    init(_ view: ModelView) {
        let modules = view.discovery.modules
        name = modules.first.map { String(describing: type(of: $0.module)) } ?? ""
        (rows, trainableCount, nonTrainableCount, byteCount) = ([], 0, 0, 0)
        var counts: [ObjectIdentifier: Int] = [:]
        for ((path, parameter), owner) in zip(view.discovery.parameters, view.discovery.owners) {
            guard let type = view.types[path] else { continue }
            let module = ObjectIdentifier(modules[owner].module)
            counts[module, default: 0] += type.elementCount
            byteCount += type.byteCount
            if parameter.isTrainable {
                trainableCount += type.elementCount
            } else {
                nonTrainableCount += type.elementCount
            }
        }
        for (module, shape) in view.shapes {
            rows.append(
                Row(
                    path: shape.path, kind: shape.kind, outputShape: shape.output,
                    parameterCount: counts.removeValue(forKey: module) ?? 0))
        }
        // Modules with parameters of their own that call other layers.
        for node in modules {
            guard let count = counts.removeValue(forKey: ObjectIdentifier(node.module)) else {
                continue
            }
            rows.append(
                Row(
                    path: node.path, kind: String(describing: type(of: node.module)),
                    outputShape: [], parameterCount: count))
        }
    }

    /// The table in at most 80 columns.
    public var description: String { text(width: 80) }

    /// The table in at most `width` columns where that is possible at all: first paths are cut, then
    /// each layer takes two lines.
    public func text(width: Int) -> String { SummaryTable(self, width: width).text }
}

extension Layer {
    /// A table of the layers for examples of a shape; nothing is computed, and no size is fixed.
    ///
    ///     print(try model.summary(inputShape: [1, 28, 28]))
    ///
    /// - Parameters:
    ///   - inputShape: The shape of one example, without the batch.
    ///   - dtype: The element type of the examples.
    /// - Throws: `ModelError` for a mistake in the model or an input that does not fit it.
    public func summary(
        inputShape: [Int], dtype: DataType = .float32
    ) throws -> ModelSummary {
        ModelSummary(try ModelView(self, inputShape, dtype) { self($0) })
    }
}

extension Module {
    /// The same for a module that is no `Layer`, or by another of its functions.
    public func summary(
        inputShape: [Int], dtype: DataType = .float32, forward: (Tensor) -> Tensor
    ) throws -> ModelSummary {
        ModelSummary(try ModelView(self, inputShape, dtype, forward: forward))
    }
}
