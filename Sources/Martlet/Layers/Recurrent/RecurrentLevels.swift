/// The weights of a recurrent layer and its way through time, which the graph unrolls.
///
/// Level l reads what level l − 1 gives. Its parameters have PyTorch's names: `weight_ih_l0`
/// `[gates·units, inputs]`, `weight_hh_l0` `[gates·units, units]`, `bias_ih_l0` and `bias_hh_l0`
/// `[gates·units]`, all uniform within ±1/√units at first.
struct RecurrentLevels {
    /// What a step hands to the next one; the first array is the result of the step.
    typealias State = [Tensor]

    /// The name of the layer in messages.
    let name: String
    let units: Int
    let gates: Int
    let inputUnits: Int?
    /// Four for each level, or two without biases; in a stored property of the layer, too.
    let parameters: [Parameter]
    let usesBias: Bool

    init(
        _ name: String, units: Int, gates: Int, levels: Int, usesBias: Bool, inputUnits: Int?
    ) {
        precondition(units > 0, "\(name): units must be positive, got \(units)")
        precondition(levels > 0, "\(name): levels must be positive, got \(levels)")
        (self.name, self.units, self.gates) = (name, units, gates)
        (self.usesBias, self.inputUnits) = (usesBias, inputUnits)
        let kinds =
            usesBias
            ? ["weight_ih", "weight_hh", "bias_ih", "bias_hh"] : ["weight_ih", "weight_hh"]
        parameters = (0..<levels).flatMap { level in
            kinds.map { Parameter(name: "\($0)_l\(level)") }
        }
    }

    /// The size of the input, once it is known.
    var knownInputs: Int? { inputUnits ?? parameters.first?.type?.shape[1] }

    /// The number of levels.
    var count: Int { parameters.count / (usesBias ? 4 : 2) }

    /// Runs all levels over `x` `[N, T, inputs]`.
    ///
    /// - Parameter step: Makes the new state from the two products `[N, gates·units]` (of input and
    ///   of the last result, each with its bias) and the old state, `nil` at the first step.
    /// - Returns: the last result `[N, units]`, or all of them, `[N, T, units]`.
    func callAsFunction(
        _ x: Tensor, returnsSequences: Bool,
        step: (_ input: Tensor, _ hidden: Tensor, _ old: State?) -> State
    ) -> Tensor {
        if let wrong = check(x) { return wrong }
        var sequence = (0..<x.shape[1]).map { time in
            x.part(axis: 1, from: time, to: time + 1).reshaped([x.shape[0], x.shape[2]])
        }
        for level in 0..<count {
            sequence = run(level, sequence, step)
        }
        return returnsSequences ? stacked(sequence, axis: 1) : sequence[sequence.count - 1]
    }

    private func run(
        _ level: Int, _ sequence: [Tensor],
        _ step: (_ input: Tensor, _ hidden: Tensor, _ old: State?) -> State
    ) -> [Tensor] {
        let (rows, inputs, dtype) = (gates * units, sequence[0].shape[1], sequence[0].dtype)
        let first = level * (usesBias ? 4 : 2)
        let rule = Initializer.fanInUniform(units)
        let inputWeight = parameters[first]([rows, inputs], rule, dtype: dtype)
        let hiddenWeight = parameters[first + 1]([rows, units], rule, dtype: dtype)
        let inputBias = usesBias ? parameters[first + 2]([rows], rule, dtype: dtype) : nil
        let hiddenBias = usesBias ? parameters[first + 3]([rows], rule, dtype: dtype) : nil
        // The state before the first step is zero, so its product is zero.
        let start = (hiddenBias ?? Tensor.zeros([rows], dtype: dtype)).reshaped([1, rows])

        var state: State?
        return sequence.map { x in
            var input = x.matmul(transposed: inputWeight)
            if let inputBias { input = input + inputBias }
            var hidden = start
            if let state {
                hidden = state[0].matmul(transposed: hiddenWeight)
                if let hiddenBias { hidden = hidden + hiddenBias }
            }
            let new = step(input, hidden, state)
            state = new
            return new[0]
        }
    }

    private func check(_ x: Tensor) -> Tensor? {
        let operation = "\(name)(\(x.type), units \(units))"
        guard x.rank == 3, x.shape[1] > 0 else {
            return mistake(
                operation, like: x,
                expected: "sequences with 3 axes, [N, steps, inputs], and at least one step",
                received: "\(x.shape)",
                fix: x.rank == 4
                    ? "read the rows of pictures as steps: Reshape([\(x.shape[2]), "
                        + "\(x.shape[1] * x.shape[3])])"
                    : "")
        }
        guard let known = knownInputs, known != x.shape[2] else { return nil }
        return mistake(
            operation, like: x,
            expected: "\(known) on the last axis, "
                + (inputUnits == nil ? "fixed by the first trace" : "as inputUnits says"),
            received: "\(x.shape[2])",
            fix: "leave inputUnits out, or build the model with the new size")
    }

    /// The settings for the structure print.
    func settings(returnsSequences: Bool) -> SettingsText {
        SettingsText(knownInputs, units)
            .with("levels", count, default: 1)
            .with("returnsSequences", returnsSequences, default: false)
            .with("usesBias", usesBias, default: true)
    }
}
