import Foundation
import MartletCompiler
import MartletGraph
import MartletTestSupport
import Testing

@Suite struct PassOptimizeTests {
    private func verifying(_ other: [String: String] = [:]) -> Settings {
        Settings(environment: other.merging(["MARTLET_VERIFY": "1"]) { first, _ in first })
    }

    @Test(arguments: 0..<120)
    func randomGraphsKeepTheirResults(seed: UInt64) throws {
        let random = RandomGraph(seed: seed, nodeCount: 20 + Int(seed % 60))
        let after = try optimize(random.graph, settings: verifying(), evaluate: evaluate)
        try expectEqualResults(
            random.graph, after, inputs: random.inputs, variables: random.variables,
            zeroSign: false, tolerance: 1e-4, "seed \(seed)")
        let again = try optimize(after, settings: verifying(), evaluate: evaluate)
        #expect(again.opNames == after.opNames, "not at rest after one run, seed \(seed)")
    }

    @Test(arguments: 0..<200)
    func difficultNumbersKeepTheirResults(seed: UInt64) throws {
        let before = redundantGraph(seed: seed)
        let after = try optimize(before, settings: verifying(), evaluate: evaluate)
        try expectEqualResults(before, after, zeroSign: true, tolerance: 1e-6, "seed \(seed)")
        #expect(after.nodes.count <= before.nodes.count, "seed \(seed)")
    }

    @Test func passesAreReported() throws {
        let before = graph { g in g.binary(.multiply, g.negate(g.negate(g.x())), 1) }
        var reports: [PassReport] = []
        let after = try optimize(before, settings: verifying(), evaluate: evaluate) {
            reports.append($0)
        }
        #expect(after.expression == "x")
        #expect(reports.map(\.round).max() == 2)
        let simplifications = reports.filter { $0.pass == "simplify" }
        #expect(simplifications.map(\.changes) == [2, 0])
        let cleanup = try #require(reports.first { $0.pass == "removeDeadNodes" && $0.changes > 0 })
        #expect(
            cleanup.text == """
                removeDeadNodes, round 2 of test: 4 nodes, now 1, 3 changes
                  - f32[2,6] negate(x)
                  - f32[] constant()
                  - f32[2,6] broadcast(constant f32[]) to [2,6]
                """)
        #expect(simplifications[1].differences.isEmpty)
    }

    @Test func graphsAreDumped() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("martlet-dump-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let settings = verifying(["MARTLET_DUMP": folder + "/inner"])
        var before = graph { g in g.negate(g.negate(g.x())) }
        before.name = "a/b"
        _ = try optimize(before, settings: settings, evaluate: evaluate)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder + "/inner").sorted()
        #expect(
            files.map { String($0.drop { $0.isNumber }) } == [
                "-a_b-start.dot", "-a_b-start.txt", "-a_b-simplify.dot", "-a_b-simplify.txt",
                "-a_b-removeDeadNodes.dot", "-a_b-removeDeadNodes.txt",
            ])
        let first = try String(contentsOfFile: folder + "/inner/" + files[1], encoding: .utf8)
        #expect(try Graph(parsing: first).opNames == before.opNames)
    }

    @Test func aFolderThatCannotBeWrittenOnlyWarns() throws {
        let settings = verifying(["MARTLET_DUMP": "/dev/null/none"])
        let after = try optimize(
            graph { g in g.negate(g.negate(g.x())) }, settings: settings, evaluate: evaluate)
        #expect(after.expression == "x")
    }

    @Test func brokenGraphsAreNamed() throws {
        var broken = graph { g in g.negate(g.x()) }
        broken.nodes[1].type = TensorType(.float32, [1])
        #expect(throws: EngineError.self) {
            try optimize(broken, settings: verifying(), evaluate: evaluate)
        }
    }

    @Test func longChainsCollapseInOneWalk() throws {
        let before = graph { g in
            var x = g.x()
            for _ in 0..<3000 { x = g.transpose(g.negate(x), [1, 0]) }
            return x
        }
        var rounds = 0
        let after = try optimize(before, settings: Settings(), evaluate: evaluate) {
            rounds = max(rounds, $0.round)
        }
        #expect(after.nodes.count == before.nodes.count)
        let other = graph { g in
            var x = g.x()
            for _ in 0..<3000 { x = g.reshape(g.reshape(x, to: [12]), to: [2, 6]) }
            return x
        }
        let short = try optimize(other, settings: Settings(), evaluate: evaluate)
        #expect(short.expression == "x")
        #expect(rounds <= 2)
    }
}

/// Operations that rules look for, with neutral and special numbers, in random order.
private func redundantGraph(seed: UInt64) -> Graph {
    var generator = SeededGenerator(seed: seed)
    var g = GraphBuilder(name: "redundant")
    var values = [g.x("a"), g.x("b"), g.input("c", TensorType(.bool, [2, 6])), g.x("s", [])]
    let numbers: [Double] = [0, -0.0, 1, -1, 2, 0.5, -4, 0.25, .infinity, .nan]
    for _ in 0..<25 {
        let x = values[Int.random(in: 0..<values.count, using: &generator)]
        let number = numbers.randomElement(using: &generator) ?? 1
        let type = g.type(x)
        let partners = values.filter { g.type($0) == type }
        let y = partners.randomElement(using: &generator) ?? x
        if type.dtype == .bool {
            values.append(
                Bool.random(using: &generator)
                    ? g.unary(.logicalNot, x) : g.binary(.logicalAnd, x, y))
            continue
        }
        let ops: [BinaryOp] = [.add, .subtract, .multiply, .divide, .power]
        let op = ops.randomElement(using: &generator) ?? .add
        switch Int.random(in: 0..<10, using: &generator) {
        case 0: values.append(g.negate(x))
        case 1:
            values.append(
                g.unary([.abs, .relu, .exp, .sqrt].randomElement(using: &generator) ?? .abs, x))
        case 2: values.append(g.binary(op, x, op == .power ? 2 : number))
        case 3: values.append(g.binary(op == .power ? .add : op, g.constant(number, like: x), x))
        case 4: values.append(g.binary(op == .power ? .maximum : op, x, y))
        case 5 where type.rank == 0: values.append(g.broadcast(x, to: [2, 6]))
        case 5: values.append(g.transpose(g.transpose(x, [1, 0]), [1, 0]))
        case 6: values.append(g.emit(.compare(.less), x, y))
        case 7 where type.rank == 2:
            let condition = values.last { g.type($0) == TensorType(.bool, [2, 6]) } ?? values[2]
            values.append(g.select(condition, x, y))
        case 8: values.append(g.reshape(g.reshape(x, to: [type.elementCount, 1]), to: type.shape))
        default:
            values.append(
                g.binary(.power, x, [0, 1, 2, -1, 0.5].randomElement(using: &generator) ?? 1))
        }
    }
    for (index, value) in values.enumerated().suffix(8) {
        g.graph.outputs.append(.init("y\(index)", value))
    }
    return g.graph
}
