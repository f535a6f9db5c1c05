import Martlet
import MartletCompiler
import MartletGraph

/// What is wrong with a layer.
public struct LayerProblem: Error, CustomStringConvertible {
    public var description: String
}

/// Checks everything that one expects of a layer.
///
///     try checkLayer(
///         Dense(4), input: [2, 3], output: [2, 4], parameters: ["weight": [4, 3], "bias": [4]])
///
/// - the shape of the result, and names and shapes of the parameters;
/// - the gradients of input and parameters, as it trains and as it is used, against differences in
///   `Double` on the reference engine;
/// - that both engines give the same results and gradients in `Float`;
/// - that training lowers a loss, by parameters and by the input itself;
/// - that values taken out and put into a new layer give the same bits, and that others are refused;
/// - that two runs, and a second plan, give the same bits.
///
/// - Parameters:
///   - make: Is called anew for each check.
///   - parameters: The shapes by path, running statistics included.
///   - indices: For layers that look rows up: the input holds whole numbers below this.
/// - Throws: `LayerProblem`, or what the model throws.
public func checkLayer(
    _ make: @autoclosure () -> any Layer, input: [Int], output: [Int],
    parameters: [String: [Int]] = [:], indices: Int? = nil, seed: UInt64 = 1
) throws {
    let check = LayerCheck(input: input, output: output, indices: indices, seed: seed)
    try check.shapes(make(), parameters)
    for mode in [TraceMode.training, .inference] { try check.gradient(make(), make(), mode) }
    try check.engines(make(), make())
    try check.trainingAndState(make(), make())
}

struct LayerCheck {
    let input: [Int], output: [Int]
    let indices: Int?
    let seed: UInt64

    func shapes(_ layer: any Layer, _ expected: [String: [Int]]) throws {
        let probe = try LayerProbe(layer, self, dtype: .float32)
        let use = try evaluation(probe, BothEngines.reference.get())
        let type = try use.outputTypes(for: [])[0]
        try require(type.shape == output, "the result is \(type.shape), expected \(output)")
        let found = layer.parameterValues.mapValues(\.type.shape)
        try require(found == expected, "the parameters are \(found), expected \(expected)")
        try require(
            layer.parameters.map(\.path).allSatisfy { expected[$0] != nil },
            "some parameters have no values after a trace")
    }

    func gradient(_ first: any Layer, _ second: any Layer, _ mode: TraceMode) throws {
        let engine = try BothEngines.reference.get()
        let weights = numbers(output, seed &+ 1)
        func loss(
            _ net: LayerProbe
        ) throws -> (value: Double, gradients: [String: HostTensor]) {
            let (value, gradients) = try valueAndGradient(
                of: net, mode: mode, seed: 3, engine: engine
            ) { net in
                let y = net.run()
                return (y * Tensor(weights.converted(to: y.dtype))).sum()
            }
            return (try value.host().doubles[0], try gradients.mapValues { try $0.host() })
        }
        // The first trace makes values, in `Float` where they do not follow the input's type.
        let start = try {
            let net = try LayerProbe(first, self, dtype: .float64)
            _ = try loss(net)
            return net.parameterValues.mapValues { $0.converted(to: .float64) }
        }()
        let probe = try LayerProbe(second, self, dtype: .float64)
        try probe.setParameters(start)
        let gradients = try loss(probe).gradients
        for trial in 0..<2 {
            var directions: [String: [Double]] = [:]
            for (index, path) in gradients.keys.sorted().enumerated() {
                let shape = gradients[path]?.type.shape ?? []
                directions[path] =
                    numbers(shape, seed &+ UInt64(100 * trial + index + 2)).doubles
            }
            func value(_ distance: Double) throws -> Double {
                try probe.setParameters(moved(start, directions, distance))
                return try loss(probe).value
            }
            let step = 1e-4
            let near = try value(step) - value(-step)
            let far = try value(2 * step) - value(-2 * step)
            let expected = (8 * near - far) / (12 * step)
            let actual = gradients.reduce(0) { total, entry in
                total
                    + zip(entry.value.doubles, directions[entry.key] ?? [])
                    .reduce(0) { $0 + $1.0 * $1.1 }
            }
            try require(
                abs(actual - expected) <= 1e-7 * max(1, abs(expected)),
                "\(mode.rawValue), direction \(trial): differences give \(expected), "
                    + "the gradient \(actual)")
        }
    }

    func engines(_ first: any Layer, _ second: any Layer) throws {
        guard let fast = try BothEngines.fast() else { return }
        let plain = try BothEngines.reference.get()
        let a = try LayerProbe(first, self, dtype: .float32)
        let b = try LayerProbe(second, self, dtype: .float32)
        let expected = try evaluation(a, plain)()[0]
        try b.setParameters(a.parameterValues)
        try close(try evaluation(b, fast)()[0], expected, "result")
        let weights = Tensor(numbers(output, seed &+ 1).converted(to: .float32))
        func gradients(_ net: LayerProbe, _ engine: any Engine) throws -> [String: HostTensor] {
            try valueAndGradient(of: net, seed: 3, engine: engine) { ($0.run() * weights).sum() }
                .gradients.mapValues { try $0.host() }
        }
        let (got, wanted) = (try gradients(b, fast), try gradients(a, plain))
        for (path, gradient) in wanted {
            guard let other = got[path] else { throw problem("no gradient of \(path)") }
            try close(other, gradient, "gradient of \(path)")
        }
    }

    func trainingAndState(_ first: any Layer, _ second: any Layer) throws {
        let engine = try Engines.current()
        let net = try LayerProbe(first, self, dtype: .float32)
        let target = numbers(output, seed &+ 1).converted(to: .float32)
        let step = try TrainStep(
            net, optimizer: Adam(learningRate: 0.05), seed: 3, engine: engine
        ) { net, _, y in
            meanSquaredError(net.run(), y)
        }
        let losses = try (0..<40).map { _ in try step(target, target) }
        let (before, after) = (losses.prefix(5).reduce(0, +), losses.suffix(5).reduce(0, +))
        try require(after < before, "40 steps took the loss from \(before / 5) to \(after / 5)")

        let use = try evaluation(net, engine)
        let result = try use()[0]
        try require(try use()[0] == result, "two runs gave different bits")
        try require(try evaluation(net, engine)()[0] == result, "two plans gave different bits")

        let copy = try LayerProbe(second, self, dtype: .float32)
        try copy.setParameters(net.parameterValues)
        try require(
            try evaluation(copy, engine)()[0] == result,
            "a new layer with the same values gave different bits")
        guard let (path, value) = net.parameterValues.first else { return }
        var wrong = net.parameterValues
        wrong[path] = HostTensor(zeros: value.type.with(shape: value.type.shape + [2]))
        do {
            try copy.setParameters(wrong)
        } catch is ParameterError {
            return
        }
        throw problem("a value of another shape for \(path) was taken")
    }

    private func evaluation(
        _ probe: LayerProbe, _ engine: any Engine
    ) throws -> EvaluationStep<LayerProbe> {
        try EvaluationStep(probe, engine: engine) { net, _ in [net.run()] }
    }

    private func numbers(_ shape: [Int], _ seed: UInt64) -> HostTensor {
        var random = SeededGenerator(seed: seed)
        let count = shape.reduce(1, *)
        let values = (0..<count).map { _ in Double.random(in: -1...1, using: &random) }
        return HostTensor(values, shape: shape)
    }

    private func moved(
        _ start: [String: HostTensor], _ directions: [String: [Double]], _ distance: Double
    ) -> [String: HostTensor] {
        var values = start
        for (path, direction) in directions {
            guard let value = start[path] else { continue }
            values[path] = HostTensor(
                zip(value.doubles, direction).map { $0 + distance * $1 }, shape: value.type.shape)
        }
        return values
    }

    private func close(_ got: HostTensor, _ expected: HostTensor, _ what: String) throws {
        let comparison = FixtureComparison(
            got, expected, FixtureTolerance(rtol: 1e-4, atol: 1e-5))
        try require(comparison.passes, "oneDNN's \(what): \(comparison.summary)")
    }

    private func require(_ isRight: Bool, _ text: @autoclosure () -> String) throws {
        if !isRight { throw problem(text()) }
    }

    private func problem(_ text: String) -> LayerProblem {
        LayerProblem(description: "\(text) (seed \(seed))")
    }
}

/// The two engines that are compared.
private enum BothEngines {
    static let reference = Result { try Engines.make(.reference) }

    /// The oneDNN engine; `nil`, with a line that says so, where there is none.
    static func fast() throws -> (any Engine)? {
        do {
            return try Engines.make(.oneDNN)
        } catch {
            print("checkLayer: engines are not compared: \(error)")
            return nil
        }
    }
}
