/// A recurrent layer with a memory cell that gates write, keep and read.
///
///     i, f, g, o = σ, σ, tanh, σ of the four parts of W_ih · x + b_ih + W_hh · h' + b_hh
///     c = f · c' + i · g        h = o · tanh(c)        c' and h' are the last ones, zeros at first
///
/// - Shapes: `x` is `[N, steps, inputs]`; the result is the last h, `[N, units]`, or with
///   `returnsSequences` every h, `[N, steps, units]`.
/// - Creates: for each level l `weight_ih_l` `[4·units, inputs]`, `weight_hh_l` `[4·units, units]`,
///   `bias_ih_l` and `bias_hh_l` `[4·units]`, in the order i, f, g, o; all uniform within ±1/√units.
/// - Errors: the trace reports rank ≠ 3 or another number of inputs than before.
/// - Same as: `torch.nn.LSTM(inputs, units, levels, batch_first=True)`. Keras `LSTM` has one bias,
///   transposed matrices, and starts the bias of f at 1.
/// - Source: Hochreiter & Schmidhuber, Neural Computation 9 (1997), with Gers' forget gate.
public final class LSTM: Layer {
    /// The size of the state.
    public let units: Int
    /// Whether the result holds every step or the last one alone.
    public let returnsSequences: Bool
    private let levels: RecurrentLevels
    private let parameterList: [Parameter]

    /// Makes a layer.
    ///
    /// - Parameters:
    ///   - units: The size of the state.
    ///   - levels: How many such layers stand one on the other.
    ///   - returnsSequences: Whether the result holds every step or the last one alone.
    ///   - usesBias: Whether numbers of their own are added.
    ///   - inputUnits: An assertion about the size of the input, which is otherwise inferred.
    public init(
        _ units: Int, levels: Int = 1, returnsSequences: Bool = false, usesBias: Bool = true,
        inputUnits: Int? = nil
    ) {
        (self.units, self.returnsSequences) = (units, returnsSequences)
        self.levels = RecurrentLevels(
            "lstm", units: units, gates: 4, levels: levels, usesBias: usesBias,
            inputUnits: inputUnits)
        parameterList = self.levels.parameters
    }

    /// The settings as the structure print shows them.
    public var layerSettings: String { levels.settings(returnsSequences: returnsSequences).text }

    /// Applies the layer.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        running(x) {
            levels(x, returnsSequences: returnsSequences) { input, hidden, old in
                let parts = (input + hidden).split(count: 4, axis: 1)
                let (write, keep) = (sigmoid(parts[0]), sigmoid(parts[1]))
                let (news, read) = (tanh(parts[2]), sigmoid(parts[3]))
                let cell = old.map { keep * $0[1] + write * news } ?? write * news
                return [read * tanh(cell), cell]
            }
        }
    }
}
