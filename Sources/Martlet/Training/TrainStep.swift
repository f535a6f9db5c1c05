import MartletCompiler
import MartletGraph

/// A training step: forward pass, gradients and update as one plan.
///
///     let step = try TrainStep(net, optimizer: SGD(learningRate: 0.01)) { net, x, y in
///         crossEntropy(net(x), y)
///     }
///     let loss = try step(images, labels)
///
/// The closure is traced once for each combination of input types, in training mode. The plans share
/// their variables: `model/<path>`, `optimizer/<path>/<slot>`, `optimizer/count` (i64) and `generator`
/// (i64[2]: seed and step). After the first call with given types a call allocates nothing.
/// A model has one train step at a time. Not safe for concurrent use.
public final class TrainStep<Net: Module, Rule: Optimizer> {
    /// The model.
    public let net: Net
    /// The rule; only its learning rate may change after the first step, and its momentum if it is an input.
    public var optimizer: Rule
    /// The first number of the generator's state.
    public let seed: Int

    private let body: (Net, Tensor, Tensor) throws -> [Tensor]
    let discovery: Discovery
    let state: ModelState
    private var plans: PlanCache<StepTypes, any Executable>
    private var latest: (types: StepTypes, plan: any Executable)?
    private var isFirstTrace = true

    /// Makes a step whose closure gives the loss.
    ///
    /// - Parameters:
    ///   - net: The model.
    ///   - optimizer: The rule of the updates.
    ///   - seed: Decides the parameters' first values and dropout.
    ///   - engine: The engine of the model's values, or `Engines.current()`, unless given.
    ///   - loss: The loss of a batch `x` with targets `y`, a scalar.
    /// - Throws: `EngineError` when there is no engine.
    public convenience init(
        _ net: Net, optimizer: Rule, seed: Int = 0, engine: (any Engine)? = nil,
        loss: @escaping (_ net: Net, _ x: Tensor, _ y: Tensor) throws -> Tensor
    ) throws {
        try self.init(net, optimizer: optimizer, seed: seed, engine: engine) { net, x, y in
            (try loss(net, x, y), [])
        }
    }

    /// Makes a step whose closure gives the loss and other numbers to look at, each a scalar.
    public init(
        _ net: Net, optimizer: Rule, seed: Int = 0, engine: (any Engine)? = nil,
        lossAndMetrics:
            @escaping (
                _ net: Net, _ x: Tensor, _ y: Tensor
            ) throws -> (loss: Tensor, metrics: [Tensor])
    ) throws {
        (self.net, self.optimizer, self.seed) = (net, optimizer, seed)
        body = { net, x, y in
            let (loss, metrics) = try lossAndMetrics(net, x, y)
            return [loss] + metrics
        }
        discovery = Discovery(net)
        state = try ModelState.of(discovery, engine: engine)
        plans = PlanCache(name: "train", describe: \.parts)
        try state.store.write(generatorName, HostTensor([Int64(seed), 0], shape: [2]))
        try state.store.write(countName, HostTensor(Int64(0)))
        // What an earlier step kept for its updates is not this one's.
        for (name, slot, parameter) in slots {
            guard let type = parameter.type, state.store.type(of: name) != nil else { continue }
            try state.store.write(
                name, optimizer.firstValue(ofSlot: slot, for: parameter, type))
        }
    }

    /// The optimizer's variables that there may be: name in the store, name of the slot, parameter.
    var slots: [(name: String, slot: String, parameter: Parameter)] {
        discovery.parameters.filter(\.parameter.isLearned).flatMap { path, parameter in
            optimizer.slotNames.map { ("optimizer/\(path)/\($0)", $0, parameter) }
        }
    }

    /// The engine that runs the plans.
    public var engine: any Engine { state.engine }

    /// Every compilation so far with its reason.
    public var compilations: [(name: String, reason: String)] {
        plans.compilations.map { ($0.name, $0.reason) }
    }

    /// Traces and compiles for inputs of the given types, so that mistakes show before training.
    ///
    /// - Throws: `ModelError` for a mistake in the model, `EngineError` from the engine.
    public func prepare(x: TensorType, y: TensorType) throws {
        _ = try plan(StepTypes(x: x, y: y))
    }

    /// Runs one step on a batch and returns its loss before the update.
    ///
    /// - Throws: `ModelError` for a mistake in the model or a batch that does not fit it.
    @discardableResult
    public func callAsFunction(_ x: HostTensor, _ y: HostTensor) throws -> Float {
        let plan = try plan(StepTypes(x: x.type, y: y.type))
        x.bytes.withUnsafeBytes { bytes in plan.withInput(0) { $0.copyMemory(from: bytes) } }
        y.bytes.withUnsafeBytes { bytes in plan.withInput(1) { $0.copyMemory(from: bytes) } }
        return try run(plan)
    }

    /// Runs one step on a batch that the caller writes straight into the plan's memory, row-major.
    @discardableResult
    public func callAsFunction(
        x: TensorType, y: TensorType, writingX: (UnsafeMutableRawBufferPointer) throws -> Void,
        writingY: (UnsafeMutableRawBufferPointer) throws -> Void
    ) throws -> Float {
        let plan = try plan(StepTypes(x: x, y: y))
        try plan.withInput(0, writingX)
        try plan.withInput(1, writingY)
        return try run(plan)
    }

    /// A number of the last step: 0 is the loss, then the metrics of the closure.
    public func output(_ index: Int) -> Float {
        guard let plan = latest?.plan, plan.outputTypes.indices.contains(index) else { return .nan }
        return plan.withOutput(index) { $0.loadUnaligned(as: Float.self) }
    }

    /// Sets the gradients to zero that `summingGradients()` adds up; call it when an epoch starts.
    public func resetSummedGradients() throws {
        for name in state.store.names where name.hasSuffix("/" + UpdateOptions.summedName) {
            if let type = state.store.type(of: name) {
                try state.store.write(name, HostTensor(zeros: type))
            }
        }
    }

    /// The norm of the last step's gradients, where they are clipped by their global norm.
    public var gradientNorm: Float? {
        guard let plan = latest?.plan, optimizer.options.clipping?.kind == .globalNorm else {
            return nil
        }
        return output(plan.outputTypes.count - 1)
    }

    /// The plan for inputs of the given types as text, with layouts and memory.
    public func planText(x: TensorType, y: TensorType) throws -> String {
        try plan(StepTypes(x: x, y: y)).planText
    }

    /// What each step of the plan for inputs of the given types costs, with the examples of the last
    /// call; the model trains on meanwhile.
    public func profile(x: TensorType, y: TensorType, runs: Int) throws -> PlanProfile {
        try plan(StepTypes(x: x, y: y)).profile(runs: runs)
    }

    private func run(_ plan: any Executable) throws -> Float {
        let rate = optimizer.learningRate
        plan.withInput(2) { $0.storeBytes(of: rate, as: Float.self) }
        if let momentum = optimizer.momentumNow {
            plan.withInput(3) { $0.storeBytes(of: momentum, as: Float.self) }
        }
        try plan.run()
        return plan.withOutput(0) { $0.loadUnaligned(as: Float.self) }
    }

    private func plan(_ types: StepTypes) throws -> any Executable {
        var types = types
        types.freezings = state.freezings
        try state.checkOwns(discovery)
        if let latest, latest.types == types { return latest.plan }
        try types.check()
        let plan = try plans.plan(for: types) { try compile(types) }
        latest = (types, plan)
        return plan
    }

    private func compile(_ types: StepTypes) throws -> any Executable {
        let builder = TrainGraph(
            discovery: discovery, seed: seed, optimizer: optimizer,
            warnsAboutUnused: isFirstTrace)
        let result = try builder.graph(types) { try self.body(self.net, $0, $1) }
        for entry in result.entries { try entry.parameter.settle() }
        for slot in result.slots { try state.define(slot.name, slot.value) }
        isFirstTrace = false
        return try state.engine.compile(result.graph, store: state.store)
    }
}

/// The name of the generator's variable.
let generatorName = "generator"
/// The name of the step counter's variable.
let countName = "optimizer/count"

/// What a plan of a step was compiled for.
struct StepTypes: Hashable {
    var x: TensorType
    var y: TensorType
    /// How often parameters were frozen or released before.
    var freezings = 0

    /// What the reason of a compilation names.
    var parts: [(part: String, value: String)] {
        [("x", x.description), ("y", y.description), ("number of freezings", "\(freezings)")]
    }

    /// Throws for batches that cannot be right.
    func check() throws {
        let operation = "step(\(x), \(y))"
        if x.shape.contains(0) || y.shape.contains(0) {
            throw ModelError(
                function: "step", operation: operation, expected: "at least one example",
                received: "an empty batch")
        }
        guard let first = x.shape.first, let second = y.shape.first, first != second else { return }
        throw ModelError(
            function: "step", operation: operation,
            expected: "as many targets as examples, \(first)", received: "\(second)")
    }
}
