/// A simple recurrent layer: each step sees its input and the last step's result.
///
///     h = f(W_ih · x + b_ih + W_hh · h' + b_hh)        h' is the last h, zeros at first
///
/// - Shapes: `x` is `[N, steps, inputs]`; the result is the last h, `[N, units]`, or with
///   `returnsSequences` every h, `[N, steps, units]`.
/// - Creates: for each level l `weight_ih_l` `[units, inputs]`, `weight_hh_l` `[units, units]`,
///   `bias_ih_l` and `bias_hh_l` `[units]`, all uniform within ±1/√units, on the first trace.
/// - Errors: the trace reports rank ≠ 3 or another number of inputs than before.
/// - Same as: `torch.nn.RNN(inputs, units, levels, batch_first=True)`.
/// - Source: Elman, Cognitive Science 14 (1990).
public final class RNN: Layer {
    /// The function that bounds the state.
    public enum Nonlinearity: String, Hashable, Sendable {
        case tanh, relu
    }

    /// The size of the state.
    public let units: Int
    /// The function that bounds the state.
    public let nonlinearity: Nonlinearity
    /// Whether the result holds every step or the last one alone.
    public let returnsSequences: Bool
    private let levels: RecurrentLevels
    private let parameterList: [Parameter]

    /// Makes a layer.
    ///
    /// - Parameters:
    ///   - units: The size of the state.
    ///   - levels: How many such layers stand one on the other.
    ///   - nonlinearity: The function that bounds the state.
    ///   - returnsSequences: Whether the result holds every step or the last one alone.
    ///   - usesBias: Whether numbers of their own are added.
    ///   - inputUnits: An assertion about the size of the input, which is otherwise inferred.
    public init(
        _ units: Int, levels: Int = 1, nonlinearity: Nonlinearity = .tanh,
        returnsSequences: Bool = false, usesBias: Bool = true, inputUnits: Int? = nil
    ) {
        (self.units, self.nonlinearity) = (units, nonlinearity)
        self.returnsSequences = returnsSequences
        self.levels = RecurrentLevels(
            "rnn", units: units, gates: 1, levels: levels, usesBias: usesBias,
            inputUnits: inputUnits)
        parameterList = self.levels.parameters
    }

    /// The settings as the structure print shows them.
    public var layerSettings: String {
        let text = levels.settings(returnsSequences: returnsSequences).text
        return nonlinearity == .tanh ? text : "\(text), nonlinearity: .\(nonlinearity)"
    }

    /// Applies the layer.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        running(x) {
            levels(x, returnsSequences: returnsSequences) { input, hidden, _ in
                let sum = input + hidden
                return [nonlinearity == .tanh ? tanh(sum) : relu(sum)]
            }
        }
    }
}
