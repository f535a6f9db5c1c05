/// Something with parameters: a final class whose stored properties are parameters and modules.
///
/// Parameters are found by looking at the stored properties once: parameters, modules, optionals,
/// arrays and dictionaries with `String` keys of them. Their names are the paths of properties,
/// `conv1.weight`, `blocks.0.bias`.
public protocol Module: AnyObject {
    /// The settings as the structure print shows them, `10, kernelSize: 5`; empty unless given.
    var layerSettings: String { get }
}

/// A module that takes one tensor and gives one.
public protocol Layer: Module {
    /// Applies the layer.
    func callAsFunction(_ x: Tensor) -> Tensor
}

extension Module {
    /// No settings.
    public var layerSettings: String { "" }

    /// Runs the body of a layer.
    ///
    /// Nodes and errors inside carry the layer's path, and summaries show the layer with the shape of
    /// its result. Layers that only call other layers can do without.
    public func running(_ x: Tensor, _ body: () -> Tensor) -> Tensor {
        if x.isPoisoned { return apply(.unary(.negate), x) }
        let context = TraceContext.current
        let kind = String(describing: Swift.type(of: self))
        let path = context.trace?.parameters.path(of: self)
        let result = TraceContext.with({ $0.module = path ?? kind }, body)
        if let trace = context.trace, let path, !result.isPoisoned {
            trace.parameters.note(
                LayerRun(
                    module: ObjectIdentifier(self), path: path, kind: kind, input: x.type,
                    output: result.type))
        }
        return result
    }
}

/// One use of a layer in a trace.
struct LayerRun {
    var module: ObjectIdentifier
    var path: String
    /// The name of the layer's type.
    var kind: String
    var input: TensorType
    var output: TensorType
}
