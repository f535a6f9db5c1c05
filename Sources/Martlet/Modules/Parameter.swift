import MartletCompiler
import MartletGraph
import Synchronization

/// A box for one array of a module that lives from step to step, such as a weight.
///
/// A layer calls its parameter with the shape it needs. The first trace fixes the shape and makes
/// the first values; training replaces them in place. Not safe for concurrent use.
public final class Parameter {
    private enum Storage {
        case none
        case host(HostTensor)
        /// In the variable of its home.
        case home
    }

    /// What parameters that are tied together have in common.
    private final class Content {
        let isLearned: Bool
        var isFrozen = false
        var type: TensorType?
        var home: (state: ModelState, variable: String)?
        var storage = Storage.none

        init(isLearned: Bool) { self.isLearned = isLearned }
    }

    /// The name in the path instead of the property's.
    let name: String?
    private var content: Content

    /// Makes a box whose shape and values come with the first trace.
    ///
    /// - Parameters:
    ///   - trainable: False for statistics, which optimizers leave alone and `assign` changes.
    ///   - name: Replaces the property's name in the path.
    public init(trainable: Bool = true, name: String? = nil) {
        content = Content(isLearned: trainable)
        self.name = name
    }

    /// Whether optimizers change it: true unless it holds statistics or is frozen.
    public var isTrainable: Bool { content.isLearned && !content.isFrozen }

    /// Whether optimizers change it when it is not frozen.
    var isLearned: Bool { content.isLearned }

    /// Whether optimizers leave it as it is for now; statistics move all the same.
    ///
    /// Training steps that exist compile again when it changes.
    public var isFrozen: Bool {
        get { content.isFrozen }
        set {
            guard newValue != content.isFrozen else { return }
            content.isFrozen = newValue
            content.home?.state.freezingChanged()
        }
    }

    /// The type, fixed by the first trace or by the first value.
    public var type: TensorType? { content.type }

    /// The state of which it is a variable, with the variable's name.
    var home: (state: ModelState, variable: String)? { content.home }

    /// Equal for parameters that are tied together.
    var identity: ObjectIdentifier { ObjectIdentifier(content) }

    /// Makes this parameter and `other` one: the values of `other`, changed together from now on.
    ///
    ///     decoder.weight.tie(to: embedding.weight)
    ///
    /// Tie before the model's first step is made.
    ///
    /// - Throws: `ModelError` when both have types and they differ.
    public func tie(to other: Parameter) throws {
        if let type, let wanted = other.type, type != wanted {
            throw ModelError(
                function: "tie", operation: "tie(\(type), to: \(wanted))", expected: "\(type)",
                received: "\(wanted)")
        }
        content = other.content
    }

    /// The value in the running trace, or the numbers outside traces.
    ///
    /// - Parameters:
    ///   - shape: What the layer needs; fixed from the first call on.
    ///   - initializer: Makes the first values.
    ///   - dtype: The element type; fixed from the first call on.
    public func callAsFunction(
        _ shape: [Int], _ initializer: Initializer, dtype: DataType = .float32
    ) -> Tensor {
        let wanted = TensorType(dtype, shape)
        if let type, type != wanted {
            return mistake(
                "parameter(\(wanted))", like: .placeholder(type),
                expected: "\(type), fixed by the first trace or the first value",
                received: "\(wanted)", fix: "build the model anew for the new size")
        }
        guard let trace = TraceContext.current.trace else { return now(wanted, initializer) }
        return trace.parameters.read(self, wanted, initializer, in: trace)
    }

    /// Notes the value for after the run; without a trace, stores it now.
    public func assign(_ value: Tensor) {
        guard let trace = TraceContext.current.trace else {
            if let numbers = value.numbers { try? set(numbers) }
            return
        }
        trace.parameters.assign(self, value, in: trace)
    }

    /// The numbers it holds, `nil` before the first trace or value.
    public var value: HostTensor? {
        switch content.storage {
        case .none: nil
        case .host(let value): value
        case .home: home.flatMap { try? $0.state.store.read($0.variable) }
        }
    }

    /// Replaces the numbers.
    ///
    /// - Throws: `ModelError` when the parameter has another type already.
    public func set(_ value: HostTensor) throws {
        if let type, type != value.type {
            throw ModelError(
                function: "set", operation: "set(\(value.type))", expected: "\(type)",
                received: "\(value.type)")
        }
        content.type = value.type
        content.storage = .host(value)
        try settle()
    }

    /// Makes it a variable of `state`; its numbers, if there are any, move there.
    func move(to state: ModelState, variable: String) throws {
        if let value { content.storage = .host(value) }
        content.home?.state.parameterLeft()
        content.home = (state, variable)
        try settle()
    }

    /// Moves numbers that are outside into the variable.
    func settle() throws {
        guard case .host(let value) = content.storage, let home else { return }
        try home.state.store.write(home.variable, value)
        content.storage = .home
    }

    /// Makes the first values unless there are any; returns whether it did.
    func initialize(
        _ type: TensorType, _ initializer: Initializer, seed: Int, path: String
    ) throws -> Bool {
        guard case .none = content.storage else { return false }
        content.storage = .host(try initializer.values(type, seed: seed, path: path))
        content.type = type
        return true
    }

    /// Fixes the type of a parameter without values, for a trace that nothing will run.
    func fix(_ type: TensorType) -> Bool {
        guard case .none = content.storage, content.type == nil else { return false }
        content.type = type
        return true
    }

    /// Forgets first values that a failed trace made.
    func reset() {
        (content.storage, content.type) = (.none, nil)
    }

    private static let unnamedCount = Mutex(0)

    private func now(_ type: TensorType, _ initializer: Initializer) -> Tensor {
        do {
            if value == nil {
                let number = Parameter.unnamedCount.withLock { count in
                    count += 1
                    return count
                }
                _ = try initialize(type, initializer, seed: 0, path: "unnamed.\(number)")
            }
        } catch {
            return mistake(
                "parameter(\(type))", like: .placeholder(type), expected: "a type for first values",
                received: "\(type)")
        }
        return value.map { Tensor($0) } ?? .placeholder(type)
    }
}
