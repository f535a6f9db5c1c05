import MartletCompiler
import MartletGraph
import MartletReference
import MartletTestSupport
import Testing

@Suite struct RandomGraphTests {
    private static let all = (0..<500 as Range<UInt64>).map {
        RandomGraph(seed: $0, nodeCount: 12 + Int($0 % 14))
    }

    @Test func everyGraphIsValid() throws {
        for random in Self.all {
            do {
                try random.graph.verify()
            } catch {
                Issue.record("seed \(random.seed): \(error)")
            }
            let graph = random.graph
            #expect(random.inputs.map(\.type) == graph.inputs.map(\.type), "seed \(random.seed)")
            let names = graph.variables.map(\.name)
            #expect(Set(names) == Set(random.variables.keys), "seed \(random.seed)")
            for (name, type, _) in graph.variables {
                #expect(random.variables[name]?.type == type, "seed \(random.seed), \(name)")
            }
            #expect(graph.nodes.count >= 12 + Int(random.seed % 14), "seed \(random.seed)")
            #expect(graph.nodes.count < 60, "seed \(random.seed)")
            #expect(!graph.outputs.isEmpty, "seed \(random.seed)")
        }
    }

    @Test func everyOperationOccurs() {
        let names = Self.all.flatMap { $0.graph.nodes.map(\.op.name) }
        let counts = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
        for name in Op.allNames { #expect(counts[name, default: 0] >= 10, "\(name)") }
    }

    @Test func everyElementTypeAndManyAssignmentsOccur() {
        let types = Set(Self.all.flatMap { $0.graph.nodes.map(\.type.dtype) })
        #expect(types == Set(DataType.allCases))
        let assignments = Self.all.flatMap { random in
            random.graph.assignments.map { random.graph[$0.value].op.name }
        }
        #expect(assignments.count > 300)
        #expect(Set(assignments).count > 10)
    }

    /// Every node of a graph, run twice in a row, stays finite and of moderate size.
    @Test func valuesAreTame() throws {
        let engine = ReferenceEngine()
        for random in Self.all.prefix(150) {
            var graph = random.graph
            graph.outputs = graph.nodes.indices.map { .init("%\($0)", Value($0)) }
            let store = engine.makeStore()
            for (name, value) in random.variables { try store.write(name, value) }
            let plan = try engine.compile(graph, store: store)
            for (index, result) in (try plan(random.inputs) + plan(random.inputs)).enumerated() {
                let limit = result.type.dtype.isFloatingPoint ? 2001.0 : 1_000_001
                let isTame = result.doubles.allSatisfy { abs($0) < limit }
                let node = index % graph.nodes.count
                #expect(isTame, "seed \(random.seed), %\(node) \(graph.nodes[node].op.name)")
            }
        }
    }

    @Test func aSeedAlwaysGivesTheSameGraph() {
        let (a, b) = (RandomGraph(seed: 42, nodeCount: 20), RandomGraph(seed: 42, nodeCount: 20))
        #expect(a.graph.text == b.graph.text)
        #expect(a.inputs == b.inputs)
        #expect(a.variables == b.variables)
        #expect(a.graph.text != RandomGraph(seed: 43, nodeCount: 20).graph.text)
    }

    @Test func theGeneratorIsSplitMix64() {
        var random = SeededGenerator(seed: 1_234_567)
        #expect(random.next() == 6_457_827_717_110_365_317)
        #expect(random.next() == 3_203_168_211_198_807_973)
    }
}
