import MartletCompiler
import MartletGraph

/// The variables of a model on one engine, shared by the steps that train and use the model.
final class ModelState {
    let engine: any Engine
    let store: any VariableStore

    private init(_ engine: any Engine) {
        self.engine = engine
        store = engine.makeStore()
    }

    /// The state that the parameters live in already, or a new one that they move to.
    ///
    /// A state of another engine is left behind; steps that use it then refuse to run.
    static func of(_ discovery: Discovery, engine: (any Engine)?) throws -> ModelState {
        let homes = discovery.parameters.compactMap { $0.parameter.home?.state }
        if let first = homes.first, homes.allSatisfy({ $0 === first }),
            engine == nil || engine?.name == first.engine.name
        {
            return first
        }
        let state = ModelState(try engine ?? homes.first?.engine ?? Engines.current())
        for (path, parameter) in discovery.parameters where parameter.home != nil {
            try parameter.move(to: state, variable: "model/\(path)")
        }
        return state
    }

    /// Moves the parameters that a trace has read here.
    func adopt(_ entries: [ParameterUse.Entry]) throws {
        for entry in entries where entry.parameter.home?.state !== self {
            try entry.parameter.move(to: self, variable: entry.variable)
        }
    }

    /// Creates a variable unless it exists.
    func define(_ name: String, _ value: @autoclosure () -> HostTensor) throws {
        if store.type(of: name) == nil { try store.write(name, value()) }
    }
}
