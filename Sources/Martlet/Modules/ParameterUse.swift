import MartletGraph

/// What a trace knows and learns about parameters.
struct ParameterUse {
    /// One parameter that the trace read or assigned.
    struct Entry {
        var parameter: Parameter
        /// The path in the model, `conv1.weight`.
        var path: String
        /// The name in the store, `model/conv1.weight`.
        var variable: String
        var type: TensorType
    }

    private let discovery: Discovery?
    private let paths: [ObjectIdentifier: String]
    private let seed: Int
    /// Whether first values are made; a trace that nothing will run needs only types.
    private let makesValues: Bool
    /// In the order of first use.
    private(set) var entries: [Entry] = []
    /// The layers that ran, in order.
    private(set) var runs: [LayerRun] = []
    private var values: [ObjectIdentifier: Value] = [:]
    /// The parameters whose first values this trace made.
    private var fresh: [Parameter] = []

    /// A trace without a model.
    init() { (discovery, paths, seed, makesValues) = (nil, [:], 0, true) }

    /// A trace of the model that was searched.
    init(_ discovery: Discovery, seed: Int, makesValues: Bool = true) {
        (self.discovery, self.seed, self.makesValues) = (discovery, seed, makesValues)
        paths = Dictionary(
            discovery.parameters.map { ($0.parameter.identity, $0.path) }
        ) { first, _ in first }
    }

    /// Notes that a layer ran.
    mutating func note(_ run: LayerRun) { runs.append(run) }

    /// The path of a module, `nil` when it was not found in the model.
    func path(of module: any Module) -> String? { discovery?.modulePaths[ObjectIdentifier(module)] }

    /// The variable of a parameter; the first read makes its node and its first values.
    mutating func read(
        _ parameter: Parameter, _ type: TensorType, _ initializer: Initializer, in trace: Trace
    ) -> Tensor {
        if let value = values[parameter.identity] { return Tensor(trace, value) }
        guard let path = paths[parameter.identity] else { return notFound(type) }
        do {
            _ = try Op.variable(path, type).resultType([])
            let isNew =
                makesValues
                ? try parameter.initialize(type, initializer, seed: seed, path: path)
                : parameter.fix(type)
            if isNew { fresh.append(parameter) }
        } catch {
            return mistake(
                "parameter(\(type))", like: .placeholder(type),
                expected: "a type that values can be made for", received: "\(type)")
        }
        let variable = parameter.home?.variable ?? "model/\(path)"
        let value = trace.builder.variable(variable, type)
        values[parameter.identity] = value
        entries.append(
            Entry(parameter: parameter, path: path, variable: variable, type: type))
        return Tensor(trace, value)
    }

    /// Notes a new value of a parameter that was read before.
    func assign(_ parameter: Parameter, _ value: Tensor, in trace: Trace) {
        guard let entry = entries.first(where: { $0.parameter.identity == parameter.identity }),
            let new = trace.value(of: value)
        else { return }
        guard value.type == entry.type else {
            _ = mistake(
                "assign(\(value.type))", like: value, expected: "\(entry.type)",
                received: "\(value.type)")
            return
        }
        trace.assign(entry.variable, new)
    }

    /// Takes back what a failed trace has fixed.
    func rollBack() {
        for parameter in fresh { parameter.reset() }
    }

    /// The paths that the model has and the trace did not use.
    var unusedPaths: [String] {
        let used = Set(entries.map { $0.parameter.identity })
        return (discovery?.parameters ?? []).filter {
            !used.contains($0.parameter.identity)
        }
        .map(\.path)
    }

    private func notFound(_ type: TensorType) -> Tensor {
        if discovery == nil {
            return mistake(
                "parameter(\(type))", like: .placeholder(type),
                expected: "a trace of a model",
                received: "a layer inside compile or a plain closure",
                fix: "use EvaluationStep(net), TrainStep(net) or valueAndGradient(of: net)")
        }
        let module = TraceContext.current.module
        return mistake(
            "parameter(\(type))", like: .placeholder(type),
            expected: "a parameter that stands in a stored property of the model",
            received: "a parameter of \(module.isEmpty ? "a module" : module) that does not",
            fix: "keep the layer in a let property, an array or a [String: …] dictionary,"
                + " not in a closure, a tuple or a lazy property")
    }
}
