/// Multiplies by a matrix of weights and adds one bias per unit.
///
///     y = activation(x · weightᵀ + bias)
///
/// - Shapes: `x` is `[…, inputs]`; the result is `[…, units]`.
/// - Creates: `weight` `[units, inputs]` and `bias` `[units]`, on the first trace.
/// - Errors: the trace reports another number of inputs than before, or a scalar.
/// - Same as: `torch.nn.Linear(inputs, units)`; Keras `Dense(units)` with transposed weights.
public final class Dense: Layer {
    /// The number of results.
    public let units: Int
    /// Applied at the end.
    public let activation: Activation
    private let inputUnits: Int?
    private let initialization: Initialization
    private let weight = Parameter()
    private let bias: Parameter?

    /// Makes a layer.
    ///
    /// - Parameters:
    ///   - units: The number of results for each example.
    ///   - activation: Applied to the result.
    ///   - usesBias: Whether each unit adds a number of its own.
    ///   - inputUnits: An assertion about the size of the input, which is otherwise inferred.
    ///   - initialization: PyTorch's first values or Keras'.
    public init(
        _ units: Int, activation: Activation = .identity, usesBias: Bool = true,
        inputUnits: Int? = nil, initialization: Initialization = .fanIn
    ) {
        precondition(units > 0, "Dense: units must be positive, got \(units)")
        (self.units, self.activation, self.inputUnits) = (units, activation, inputUnits)
        self.initialization = initialization
        bias = usesBias ? Parameter() : nil
    }

    /// The settings as the structure print shows them.
    public var layerSettings: String {
        SettingsText(inputUnits ?? weight.type?.shape[1], units)
            .with(activation)
            .with("usesBias", bias != nil, default: true).text
    }

    /// Applies the layer.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        running(x) {
            guard let inputs = x.shape.last else {
                return mistake(
                    "dense(\(x.type))", like: x, expected: "a tensor with axes, [N, inputs]",
                    received: "a scalar")
            }
            let known = inputUnits ?? weight.type?.shape[1]
            if let known, known != inputs {
                return mistake(
                    "dense(\(x.type), weight [\(units), \(known)])", like: x,
                    expected: "\(known) on the last axis, "
                        + (inputUnits == nil ? "fixed by the first trace" : "as inputUnits says"),
                    received: "\(inputs)",
                    fix: x.rank > 2 && x.shape.dropFirst().reduce(1, *) == known
                        ? "flatten first: x.flattened()"
                        : "leave inputUnits out, or build the model with the new size")
            }
            let rule = initialization.weight(fanIn: inputs, fanOut: units)
            var y = x.matmul(transposed: weight([units, inputs], rule, dtype: x.dtype))
            if let bias {
                y = y + bias([units], initialization.bias(fanIn: inputs), dtype: x.dtype)
            }
            return activation(y)
        }
    }
}
