import Foundation
import MartletGraph

/// Something that is told what happens during `fit`, and can act on it.
///
///     final class Bell: TrainingCallback {
///         func handle(_ event: TrainingEvent, _ control: TrainingControl) {
///             if case .epochEnded(let epoch) = event, epoch.loss < 0.1 { control.stop("good enough") }
///         }
///     }
///
/// Callbacks are told in the order of the list. Checkpoints that one asks for are written after all of
/// them were told, so that they hold the state of each after the event.
public protocol TrainingCallback: AnyObject {
    /// The name under which its state is saved; the name of the type unless given.
    var name: String { get }

    /// Whether it is told of every step; true unless given.
    ///
    /// Read once at the start of `fit`.
    var wantsSteps: Bool { get }

    /// Is told of one event; an error ends `fit`.
    func handle(_ event: TrainingEvent, _ control: TrainingControl) throws

    /// What must be there again after a restart, `nil` for nothing.
    func savedState() throws -> CallbackState?

    /// Takes back what `savedState` gave, before the first event of a resumed `fit`.
    func restore(_ state: CallbackState) throws
}

extension TrainingCallback {
    /// The name of the type.
    public var name: String { String(describing: type(of: self)) }

    /// True.
    public var wantsSteps: Bool { true }

    /// Nothing.
    public func savedState() throws -> CallbackState? { nil }

    /// Nothing.
    public func restore(_ state: CallbackState) throws {}
}

/// What a callback remembers, as it stands in a checkpoint.
public struct CallbackState: Hashable, Sendable {
    /// Small things, as JSON text.
    public var json: String
    /// Arrays by name.
    public var tensors: [String: HostTensor]

    /// Encodes a value, with arrays beside it.
    public init(_ value: some Encodable, tensors: [String: HostTensor] = [:]) throws {
        json = try JSONText.encode(value)
        self.tensors = tensors
    }

    init(json: String, tensors: [String: HostTensor]) {
        (self.json, self.tensors) = (json, tensors)
    }

    /// Decodes the value.
    public func value<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        try JSONText.decode(type, json)
    }
}
