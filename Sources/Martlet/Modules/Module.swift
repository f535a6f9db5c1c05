/// Something with parameters: a final class whose stored properties are parameters and modules.
///
/// Parameters are found by looking at the stored properties once: parameters, modules, optionals,
/// arrays and dictionaries with `String` keys of them. Their names are the paths of properties,
/// `conv1.weight`, `blocks.0.bias`.
public protocol Module: AnyObject {}

/// A module that takes one tensor and gives one.
public protocol Layer: Module {
    /// Applies the layer.
    func callAsFunction(_ x: Tensor) -> Tensor
}

extension Module {
    /// Runs the body of a layer; nodes and errors inside carry the layer's path.
    func running(_ x: Tensor, _ body: () -> Tensor) -> Tensor {
        if x.isPoisoned { return apply(.unary(.negate), x) }
        let context = TraceContext.current
        let path =
            context.trace?.parameters.path(of: self) ?? String(describing: Swift.type(of: self))
        return TraceContext.with({ $0.module = path }, body)
    }
}
