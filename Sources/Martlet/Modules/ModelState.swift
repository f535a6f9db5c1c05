import MartletCompiler
import MartletGraph

/// The variables of a model on one engine, shared by the steps that train and use the model.
final class ModelState {
    let engine: any Engine
    let store: any VariableStore
    private var variables: Set<String> = []
    /// How often parameters were frozen or released; training plans depend on it.
    private(set) var freezings = 0
    /// How many parameters have moved to another state.
    private var losses = 0

    private init(_ engine: any Engine) {
        self.engine = engine
        store = engine.makeStore()
    }

    /// The state that the parameters belong to already, or a new one.
    ///
    /// A state of another engine is left behind; steps that use it then refuse to run.
    static func of(_ discovery: Discovery, engine: (any Engine)?) throws -> ModelState {
        let homes = discovery.parameters.compactMap { $0.parameter.home?.state }
        let isOne = homes.allSatisfy { $0 === homes[0] }
        if let first = homes.first, isOne, engine == nil || engine?.name == first.engine.name {
            try first.adopt(discovery.parameters.filter { $0.parameter.home == nil })
            return first
        }
        let state = ModelState(try engine ?? homes.first?.engine ?? Engines.current())
        try state.adopt(discovery.parameters)
        return state
    }

    private func adopt(_ parameters: [(path: String, parameter: Parameter)]) throws {
        for (path, parameter) in parameters {
            var variable = "model/\(path)"
            while !variables.insert(variable).inserted { variable += "'" }
            try parameter.move(to: self, variable: variable)
        }
    }

    /// Notes that a parameter was frozen or released.
    func freezingChanged() { freezings += 1 }

    /// Notes that a parameter moves to another state.
    func parameterLeft() { losses += 1 }

    /// Throws when parameters have moved to another state, where this one would miss their changes.
    func checkOwns(_ discovery: Discovery) throws {
        guard losses > 0, !discovery.parameters.allSatisfy({ $0.parameter.home?.state === self })
        else { return }
        throw EngineError(
            "the model's values have moved to another engine",
            expected: "one engine for all steps of a model",
            fix: "make this step or trainer anew, or give the same engine to all")
    }

    /// Creates a variable unless it exists.
    func define(_ name: String, _ value: @autoclosure () -> HostTensor) throws {
        if store.type(of: name) == nil { try store.write(name, value()) }
    }
}
