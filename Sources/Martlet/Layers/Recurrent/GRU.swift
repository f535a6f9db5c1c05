/// A recurrent layer whose gates mix the last result with a new candidate.
///
///     r, z = σ of the first two parts of W_ih · x + b_ih + W_hh · h' + b_hh
///     n = tanh(W_in · x + b_in + r · (W_hn · h' + b_hn))        h = (1 − z) · n + z · h'
///
/// - Shapes: `x` is `[N, steps, inputs]`; the result is the last h, `[N, units]`, or with
///   `returnsSequences` every h, `[N, steps, units]`.
/// - Creates: for each level l `weight_ih_l` `[3·units, inputs]`, `weight_hh_l` `[3·units, units]`,
///   `bias_ih_l` and `bias_hh_l` `[3·units]`, in the order r, z, n; all uniform within ±1/√units.
/// - Errors: the trace reports rank ≠ 3 or another number of inputs than before.
/// - Same as: `torch.nn.GRU(inputs, units, levels, batch_first=True)`; Keras `GRU` with
///   `reset_after=True` has the order z, r, n and transposed matrices.
/// - Source: Cho et al., arXiv:1406.1078.
public final class GRU: Layer {
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
            "gru", units: units, gates: 3, levels: levels, usesBias: usesBias,
            inputUnits: inputUnits)
        parameterList = self.levels.parameters
    }

    /// The settings as the structure print shows them.
    public var layerSettings: String { levels.settings(returnsSequences: returnsSequences).text }

    /// Applies the layer.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        running(x) {
            levels(x, returnsSequences: returnsSequences) { input, hidden, old in
                let (a, b) = (input.split(count: 3, axis: 1), hidden.split(count: 3, axis: 1))
                let (reset, keep) = (sigmoid(a[0] + b[0]), sigmoid(a[1] + b[1]))
                let news = tanh(a[2] + reset * b[2])
                return [old.map { news + keep * ($0[0] - news) } ?? (1 - keep) * news]
            }
        }
    }
}
