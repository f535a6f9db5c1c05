import MartletCompiler
import MartletGraph
import Testing

@Suite struct PassGraphTests {
    @Test func deadNodesGoAndInputsStay() throws {
        let type = TensorType(.float32, [2, 6])
        var g = GraphBuilder(name: "test")
        g.origin = Origin(path: "net/exp")
        let unused = g.x("unused")
        _ = g.unary(.exp, unused)
        _ = g.variable("unread", type)
        _ = g.variable("counter", type)
        let weight = g.variable("weight", type)
        let used = g.unary(.exp, weight)
        g.origin = Origin(path: "net/exp.gradient", forward: used)
        let y = g.negate(used)
        g.graph.outputs = [.init("y", y)]
        g.graph.assignments = [.init("counter", used)]
        let after = removeDeadNodes(g.graph)
        try after.verify()
        #expect(after.opNames == ["input", "variable", "variable", "exp", "negate"])
        #expect(after.variables.map(\.name) == ["counter", "weight"])
        #expect(after[after.outputs[0].value].origin.path == "net/exp.gradient")
        #expect(after[after.outputs[0].value].origin.forward == Value(3))
        #expect(after.assignments[0].value == Value(3))
    }

    @Test func theForwardNodeOfAnOriginMayGo() throws {
        let before = graph { g in
            let x = g.x()
            let forward = g.unary(.exp, x)
            g.origin.forward = forward
            return g.negate(x)
        }
        let after = removeDeadNodes(before)
        try after.verify()
        #expect(after[after.outputs[0].value].origin.forward == nil)
    }

    @Test func equalNodesMerge() throws {
        let before = graph { g in
            let (a, b) = (g.x("a"), g.x("b"))
            let sums = g.multiply(g.add(a, b), g.add(b, a))
            let less = g.emit(.compare(.less), a, b)
            let greater = g.emit(.compare(.greater), b, a)
            return g.select(g.emit(.binary(.logicalAnd), less, greater), sums, a)
        }
        let after = removeDeadNodes(mergeEqualNodes(before))
        #expect(
            after.opNames == ["input", "input", "add", "multiply", "less", "logicalAnd", "select"])
        try expectEqualResults(before, after)
    }

    @Test func differentNodesStayApart() throws {
        let before = graph { g in
            let (a, b) = (g.x("a"), g.x("b"))
            let differences = g.add(g.subtract(a, b), g.subtract(b, a))
            let zeros = g.add(g.constant(0, like: a), g.constant(-0.0, like: a))
            return g.add(differences, zeros)
        }
        #expect(mergeEqualNodes(before).nodes.count == before.nodes.count)
    }

    @Test func randomNodesMergeByStreamAndKey() throws {
        func count(_ streams: [Int]) throws -> Int {
            let before = graph { g in
                let key = g.input("key", TensorType(.int64, [2]))
                let type = TensorType(.float32, [5])
                let draws = streams.map { g.emit(.random(.uniform, type, stream: $0), key) }
                return g.subtract(draws[0], draws[1])
            }
            let after = removeDeadNodes(mergeEqualNodes(before))
            try expectEqualResults(before, after)
            return after.opNames.count { $0 == "randomUniform" }
        }
        #expect(try count([3, 3]) == 1)
        #expect(try count([3, 4]) == 2)
    }

    @Test func constantsFold() throws {
        let before = graph { g in
            let table = g.constant(HostTensor([1, 2, 3, 4] as [Float], shape: [2, 2]))
            let squares = g.multiply(table, table)
            let rows = g.sum(squares, axes: [1])
            let count = g.emit(.cast(.float32), g.emit(.iota(TensorType(.int32, [2]), axis: 0)))
            return g.add(rows, g.add(count, g.x("x", [2])))
        }
        let after = removeDeadNodes(foldConstants(before, evaluate: evaluate))
        #expect(after.expression == "add([2]{5.0,25.0}, add([2]{0.0,1.0}, x))")
        try expectEqualResults(before, after)
    }

    @Test func largeConstantsStaySmall() throws {
        let before = graph { g in
            let large = TensorType(.float32, [100, 100])
            let ones = g.broadcast(g.constant(HostTensor(4 as Float)), to: large.shape)
            let counts = g.emit(.iota(large, axis: 0))
            return g.add(g.unary(.sqrt, ones), g.unary(.sqrt, counts))
        }
        let after = removeDeadNodes(foldConstants(before, evaluate: evaluate))
        #expect(after.expression.hasPrefix("add(broadcast(2.0) to [100,100], sqrt(iota("))
        try expectEqualResults(before, after)
    }

    @Test func whatCannotBeEvaluatedStays() throws {
        let before = graph { g in
            g.unary(.exp, g.constant(HostTensor([1, 2] as [Float], shape: [2])))
        }
        struct Refusal: Error {}
        let after = foldConstants(before) { _, _, _ in throw Refusal() }
        #expect(after.opNames == before.opNames)
    }

    @Test func notANumberFoldsToNotANumber() throws {
        let before = graph { g in
            let numbers = g.constant(HostTensor([-1, 0, .infinity] as [Float], shape: [3]))
            return g.multiply(g.unary(.log, numbers), g.constant(0, like: numbers))
        }
        let after = foldConstants(before, evaluate: evaluate)
        #expect(after.nodes.last.map { $0.op.name } == "constant")
        try expectEqualResults(before, after)
    }
}
