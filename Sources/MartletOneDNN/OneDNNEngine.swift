import CKernels
import COneDNN
import Foundation
import MartletCompiler
import MartletGraph
import MartletReference
import Synchronization

/// The fast engine: oneDNN's kernels for convolutions, matrix products, pooling and normalisation,
/// our own fused kernels for the rest, on one pool of threads.
public struct OneDNNEngine: Engine {
    public let name = "onednn"
    /// The version of the library in use, `2.6.3`.
    public let version: String
    /// The instruction set that oneDNN picked, `avx512_core`.
    public let instructionSet: String
    /// The instruction set that our own kernels picked, `avx512`.
    public let kernelInstructionSet: String
    /// The number of threads.
    public let threads: Int

    private let settings: Settings

    private static let loading = Mutex(())

    /// Opens oneDNN; cheap when it is open already.
    ///
    /// - Parameters:
    ///   - path: the library's file; `MARTLET_ONEDNN_LIBRARY` or the system's when `nil`.
    ///   - settings: what to verify and print; the number of threads counts at the first call only.
    /// - Throws: `EngineError` when there is no library that fits.
    public static func load(
        path: String? = nil, settings: Settings = .current
    ) throws(EngineError) -> OneDNNEngine {
        let path = path ?? ProcessInfo.processInfo.environment["MARTLET_ONEDNN_LIBRARY"]
        let loaded = loading.withLock { _ in
            guard mdnn_load(path, Int32(settings.threadCount ?? 0)) else { return false }
            usePool()
            if settings.debugLevel >= 4 { mdnn_set_verbose(2) }
            return true
        }
        guard loaded else {
            throw EngineError(
                "oneDNN is not available: \(String(cString: mdnn_last_error()))",
                fix: "install it (Debian: apt-get install libdnnl-dev, macOS: brew install onednn)"
                    + " and build again")
        }
        return OneDNNEngine(settings)
    }

    private init(_ settings: Settings) {
        self.settings = settings
        var numbers: [Int32] = [0, 0, 0]
        mdnn_version(&numbers)
        version = numbers.map(String.init).joined(separator: ".")
        instructionSet = String(cString: mdnn_instruction_set())
        kernelInstructionSet = String(cString: ck_instruction_set())
        threads = Int(ck_thread_count())
    }

    /// Lets our kernels run on the threads that oneDNN uses.
    private static func usePool() {
        typealias Count = @convention(c) () -> Int32
        guard let entry = mdnn_symbol("GOMP_parallel"),
            let number = mdnn_symbol("omp_get_thread_num"),
            let maximum = mdnn_symbol("omp_get_max_threads")
        else { return }
        ck_use_pool(
            unsafeBitCast(entry, to: ck_parallel_entry.self),
            unsafeBitCast(number, to: ck_thread_number_entry.self),
            unsafeBitCast(maximum, to: Count.self)())
        if let setter = mdnn_symbol("omp_set_num_threads") {
            ck_use_thread_setter(unsafeBitCast(setter, to: ck_thread_setter.self))
        }
        ck_flush_pool_subnormals()
    }

    public func makeStore() -> any VariableStore { OneDNNStore() }

    public func compile(_ graph: Graph, store: any VariableStore) throws -> any Executable {
        guard let store = store as? OneDNNStore else {
            throw EngineError(
                "the variables belong to another engine",
                expected: "a store made by oneDNN's engine",
                received: "\(type(of: store))")
        }
        let whole = try optimized(graph)
        if let portion = Portion(whole, threads: threads, settings: settings),
            let part = graph.taking(examples: portion.examples)
        {
            let part = try optimized(part)
            return try SplitExecutable(
                graph, portion,
                workers: (0..<portion.workers).map { _ in
                    try Lowering(part, store: store, settings: settings, isSerial: true).finish()
                })
        }
        return try Lowering(whole, store: store, settings: settings).finish()
    }

    private func optimized(_ graph: Graph) throws -> Graph {
        // A training graph was treated before its gradients were derived, which keep what they look at
        // in its place.
        let graph = cropUnseen(exchangeReluAndMaxPool(graph, others: [.sigmoid, .tanh]))
        return try optimize(graph, settings: settings, evaluate: Interpreter.evaluate)
    }
}
