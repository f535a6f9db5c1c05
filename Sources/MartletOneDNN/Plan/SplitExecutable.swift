import CKernels
import MartletCompiler
import MartletGraph
import Synchronization

/// How many examples a plan takes at a time when each can be computed by itself.
struct Portion {
    /// Of a batch.
    let examples: Int
    /// Plans that run beside each other.
    let workers: Int

    /// Values of so many bytes still lie in a thread's caches when the next step reads them.
    private static let cachedBytes = 1 << 20
    /// Matrix products of fewer examples are far from their best.
    private static let fewest = 8
    private static let most = 64

    /// Portions for an optimised graph, `nil` where one plan for the whole batch is better.
    init?(_ graph: Graph, threads: Int, settings: Settings) {
        guard !settings.verifies, settings.debugLevel < 2, let all = graph.exampleCount,
            graph.estimatedTime > 2 * Graph.smallPlan
        else { return nil }
        let largest = graph.nodes.filter { $0.type.shape.first == all }.map(\.type.byteCount).max()
        // What the caches hold anyway needs no portions.
        guard let largest, largest > 2 * Self.cachedBytes else { return nil }
        let perExample = max(largest / all, 1)
        let wanted = min(max(Self.cachedBytes / perExample, Self.fewest), Self.most)
        // Every thread gets as many portions as the others.
        let portions = (all + wanted * threads - 1) / (wanted * threads) * threads
        examples = max((all + portions - 1) / portions, Self.fewest)
        workers = min(threads, (all + examples - 1) / examples)
        guard examples < all else { return nil }
        // Every portion reads all weights.
        let weights = graph.variables.reduce(0) { $0 + $1.type.byteCount }
        guard weights < 2 * perExample * examples else { return nil }
    }
}

/// A plan for a batch whose examples have nothing to do with each other: each thread takes portions of
/// the batch through a plan of its own.
///
/// What one step leaves is still in the thread's caches when the next step reads it, and threads do not
/// wait for each other between steps.
final class SplitExecutable: Executable {
    let inputTypes: [TensorType]
    let outputTypes: [TensorType]
    private let workers: [any Executable]
    private let portion: Portion
    private let count: Int
    private let inputs: [AlignedMemory]
    private let outputs: [AlignedMemory]
    private let failure = Mutex<(any Error)?>(nil)

    /// Wraps plans that take `portion.examples` of the examples of `graph`, one for each thread.
    init(_ graph: Graph, _ portion: Portion, workers: [any Executable]) {
        (self.portion, self.workers) = (portion, workers)
        count = graph.exampleCount ?? 0
        inputTypes = graph.inputs.map(\.type)
        outputTypes = graph.outputs.map { graph[$0.value].type }
        inputs = inputTypes.map { AlignedMemory(byteCount: $0.byteCount) }
        outputs = outputTypes.map { AlignedMemory(byteCount: $0.byteCount) }
    }

    var planText: String {
        "\(workers.count) plans for \(portion.examples) of \(count) examples each:\n"
            + (workers.first?.planText ?? "")
    }

    func withInput(
        _ index: Int, _ body: (UnsafeMutableRawBufferPointer) throws -> Void
    ) rethrows {
        try body(
            UnsafeMutableRawBufferPointer(
                start: inputs[index].base, count: inputTypes[index].byteCount))
    }

    func withOutput<Result>(
        _ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try body(
            UnsafeRawBufferPointer(start: outputs[index].base, count: outputTypes[index].byteCount))
    }

    func run() throws {
        let portions = (count + portion.examples - 1) / portion.examples
        let this = Unmanaged.passUnretained(self).toOpaque()
        // Each portion is work enough for a thread.
        ck_parallel_for_at_most(
            Int64(workers.count), Int64(portions), .infinity,
            { context, first, last in
                guard let context else { return }
                let this = Unmanaged<SplitExecutable>.fromOpaque(context).takeUnretainedValue()
                this.run(Int(first)..<Int(last))
            }, this)
        let thrown = failure.withLock { failure in
            defer { failure = nil }
            return failure
        }
        if let thrown { throw thrown }
    }

    /// Takes some portions through the plan of the calling thread.
    private func run(_ portions: Range<Int>) {
        let worker = workers[Int(ck_thread_number())]
        do {
            for number in portions { try run(worker, from: number * portion.examples) }
        } catch {
            failure.withLock { $0 = error }
        }
    }

    /// Takes a portion through a plan; the last one starts earlier, so that it is whole, too.
    private func run(_ worker: any Executable, from wanted: Int) throws {
        let first = min(wanted, count - portion.examples)
        for (index, input) in inputs.enumerated() {
            let size = inputTypes[index].byteCount / count
            worker.withInput(index) {
                $0.copyMemory(
                    from: UnsafeRawBufferPointer(start: input.base + first * size, count: $0.count))
            }
        }
        try worker.run()
        for (index, output) in outputs.enumerated() {
            let size = outputTypes[index].byteCount / count
            worker.withOutput(index) { bytes in
                // Examples that another thread may be writing are left to it.
                let known = (wanted - first) * size
                guard let base = bytes.baseAddress, bytes.count > known else { return }
                (output.base + first * size + known).copyMemory(
                    from: base + known, byteCount: bytes.count - known)
            }
        }
    }

    /// What a portion costs on one thread.
    func profile(runs: Int) throws -> PlanProfile {
        try run()
        var profile = try workers.first?.profile(runs: runs) ?? PlanProfile(steps: [])
        profile.portion = (portion.examples, count)
        return profile
    }
}
