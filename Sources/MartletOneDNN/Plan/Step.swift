import MartletCompiler
import MartletGraph

/// One thing a plan does.
///
/// Everything is bound when it is made; running allocates nothing.
protocol Step: AnyObject {
    func run() throws
}

/// A step before memory is laid out: what it reads and writes, and how to make it.
struct PendingStep {
    /// What the step does, for plans in text and errors: `conv2D+add+relu nhwc`.
    var label: String
    /// The value whose computation the step stands for.
    var value: Value
    var reads: [BufferID]
    var writes: [BufferID]
    /// Pairs of a write and a read that may share memory.
    var inPlace: [(write: BufferID, read: BufferID)] = []
    /// Whether one thread runs it.
    var isSerial = false
    /// Floating-point operations of convolutions and matrix products.
    var flops = 0.0
    /// Bytes that the step reads and writes.
    var bytes = 0
    var make: (Bindings) throws -> any Step
}

/// A piece of memory of a plan; its place is decided at the end of lowering.
struct BufferID: Hashable {
    let index: Int
}

/// What a buffer is for, which decides where it lives.
enum BufferKind {
    /// Lives from its first write to its last use.
    case temporary
    /// Written by the caller between runs.
    case input(Int)
    /// The memory of a variable.
    case variable(String)
    /// Filled once.
    case constant(HostTensor)
}

/// Where every buffer came to lie.
struct Bindings {
    let addresses: [UnsafeMutableRawPointer]

    subscript(buffer: BufferID) -> UnsafeMutableRawPointer { addresses[buffer.index] }
}

/// A primitive of oneDNN with its memory bound.
final class PrimitiveStep: Step {
    private let primitive: Primitive

    init(_ primitive: Primitive, _ arguments: [(Int, BufferID)], _ bindings: Bindings) throws {
        self.primitive = primitive
        for (argument, buffer) in arguments { try primitive.bind(argument, bindings[buffer]) }
    }

    func run() throws { try primitive.run() }
}

/// A kernel of ours as a closure over raw addresses.
final class KernelStep: Step {
    private let body: () -> Void

    init(_ body: @escaping () -> Void) { self.body = body }

    func run() { body() }
}
