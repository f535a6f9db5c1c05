import MartletCompiler
import MartletGraph
import MartletOneDNN
import MartletReference
import MartletTestSupport
import Testing

/// Random graphs give the same results on both engines.
@Suite struct RandomGraphTests {
    @Test func enginesAgreeOnRandomGraphs() throws {
        let fast = try OneDNNEngine.load()
        let slow = ReferenceEngine()
        let count = 600
        var compared = 0
        for seed in 0..<UInt64(count) {
            let sample = RandomGraph(seed: seed, nodeCount: 12 + Int(seed % 30))
            var results: [[HostTensor]] = []
            for engine in [slow, fast] as [any Engine] {
                let store = engine.makeStore()
                for (name, value) in sample.variables.sorted(by: { $0.key < $1.key }) {
                    try store.write(name, value)
                }
                let plan = try engine.compile(sample.graph, store: store)
                var outputs: [HostTensor] = []
                // Twice, so that assignments of the first run reach the second.
                for _ in 0..<2 {
                    outputs += try plan(sample.inputs)
                    outputs += try store.names.map { try store.read($0) }
                }
                results.append(outputs)
            }
            for (index, (expected, received)) in zip(results[0], results[1]).enumerated() {
                let problem = difference(expected, received)
                if let problem {
                    Issue.record("seed \(seed), result \(index): \(problem)\n\(sample.graph.text)")
                    return
                }
                compared += 1
            }
        }
        print("random graphs: \(count) graphs, \(compared) results agree on both engines")
    }

    /// What differs by more than rounding, `nil` when nothing does.
    private func difference(_ expected: HostTensor, _ received: HostTensor) -> String? {
        guard expected.type == received.type else {
            return "expected \(expected.type), received \(received.type)"
        }
        let (a, b) = (expected.doubles, received.doubles)
        // Intermediate values are of size 1, so results that cancel to almost nothing keep their rounding.
        let scale = a.reduce(0.1) { $1.isFinite ? max($0, abs($1)) : $0 }
        for index in a.indices {
            if a[index] == b[index] || (a[index].isNaN && b[index].isNaN) { continue }
            let isClose =
                expected.type.dtype.isFloatingPoint
                && abs(a[index] - b[index]) <= 2e-4 * abs(a[index]) + 2e-5 * scale
            if !isClose { return "element \(index): expected \(a[index]), received \(b[index])" }
        }
        return nil
    }
}
