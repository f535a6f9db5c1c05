import CKernels
import COneDNN
import MartletCompiler

/// Owns one primitive of oneDNN.
final class Primitive {
    private let handle: OpaquePointer

    /// Takes over what a maker of the shim returned.
    ///
    /// - Throws: `EngineError` with oneDNN's refusal when it is `nil`.
    init(_ made: OpaquePointer?) throws { handle = try made.orThrow() }

    deinit { mdnn_primitive_free(handle) }

    /// The name of the implementation, `jit:avx512_core`.
    var implementation: String { String(cString: mdnn_primitive_implementation(handle)) }

    /// The layout of an argument; `nil` when the primitive has no such argument.
    func layout(_ argument: some BinaryInteger, dims: [Int]) -> OpaqueLayout? {
        mdnn_primitive_layout(handle, Int32(argument)).map { OpaqueLayout($0, dims: dims) }
    }

    /// The bytes of an argument, 0 when there is none.
    func byteCount(_ argument: some BinaryInteger) -> Int {
        layout(argument, dims: [])?.byteCount ?? 0
    }

    /// Fixes where an argument lies.
    func bind(_ argument: some BinaryInteger, _ data: UnsafeMutableRawPointer) throws {
        guard mdnn_primitive_bind(handle, Int32(argument), data) else {
            throw EngineError(String(cString: mdnn_last_error()))
        }
    }

    /// Runs; every argument must be bound.
    @inline(__always)
    func run() throws {
        ck_use_signal_stack()
        let status = mdnn_primitive_run(handle)
        guard status == 0 else {
            throw EngineError("oneDNN failed while running \(implementation) (status \(status))")
        }
    }
}
