import MartletGraph
import Testing

@Suite struct VerifierTests {
    private static let type = TensorType(.float32, [2, 3])

    /// A valid graph: an input, a variable, their sum in `net/add`, an output, an assignment.
    private var valid: Graph {
        var builder = GraphBuilder(name: "g")
        let x = builder.input("x", Self.type)
        let w = builder.variable("w", Self.type)
        builder.origin = Origin(path: "net/add")
        let y = builder.add(x, w)
        builder.graph.outputs = [.init("y", y)]
        builder.graph.assignments = [.init("w", y)]
        return builder.graph
    }

    /// Checks the message for the valid graph after a change.
    private func expect(
        _ message: String, sourceLocation: SourceLocation = #_sourceLocation,
        after change: (inout Graph) -> Void
    ) {
        var graph = valid
        change(&graph)
        do {
            try graph.verify()
            Issue.record("nothing was found", sourceLocation: sourceLocation)
        } catch {
            #expect(error.description == message, sourceLocation: sourceLocation)
        }
    }

    @Test func aValidGraphPasses() throws {
        try valid.verify()
        try Graph(name: "").verify()
    }

    @Test func operandsPrecedeTheirUsers() {
        for operand in [2, 3, -1, Int.max] {
            expect(
                """
                graph      %2 net/add: add(%0, %\(operand))
                expected   operands that earlier nodes compute
                received   %\(operand)
                """
            ) { $0.nodes[2].inputs[1] = Value(operand) }
        }
    }

    @Test func typesAreWhatTheOperationsInfer() {
        expect(
            """
            graph      %2 net/add: add(%0, %1)
            expected   type f32[2,3], which add gives
            received   f32[3,2]
            """
        ) { $0.nodes[2].type = TensorType(.float32, [3, 2]) }
        expect(
            """
            graph      %2 net/add: reduceSum(%0)
            expected   an axis from 0 to 1 in reduceSum(f32[2,3]) axes [2]
            received   axis 2
            """
        ) { graph in
            graph.nodes[2].op = .reduce(.sum, axes: [2])
            graph.nodes[2].inputs = [Value(0)]
        }
        expect(
            """
            graph      %1: variable()
            expected   type f64[2,3], which variable gives
            received   f32[2,3]
            """
        ) { $0.nodes[1].op = .variable("w", TensorType(.float64, [2, 3])) }
        expect(
            """
            graph      %2 net/add: add(%0)
            expected   2 operands in add(f32[2,3])
            received   1
            """
        ) { $0.nodes[2].inputs = [Value(0)] }
    }

    @Test func forwardNodesExist() {
        expect(
            """
            graph      %2 net/add: add(%0, %1)
            expected   a forward node below %3
            received   %3
            """
        ) { $0.nodes[2].origin.forward = Value(3) }
    }

    @Test func inputNamesOccurOnce() {
        expect(
            """
            graph      %3: input()
            expected   input names that occur once
            received   x again
            """
        ) { $0.nodes.append($0.nodes[0]) }
    }

    @Test func aVariableHasOneType() throws {
        var graph = valid
        graph.nodes.append(graph.nodes[1])
        try graph.verify()
        expect(
            """
            graph      %3: variable()
            expected   w of type f32[2,3] as in an earlier node
            received   f32[7]
            """
        ) { graph in
            var builder = GraphBuilder(graph)
            _ = builder.variable("w", TensorType(.float32, [7]))
            graph = builder.graph
        }
    }

    @Test func outputsExistAndHaveTheirOwnNames() {
        expect(
            """
            graph      output z = %3
            expected   a value below %3
            received   %3
            """
        ) { $0.outputs.append(.init("z", Value(3))) }
        expect(
            """
            graph      output y = %0
            expected   output names that occur once
            received   y again
            """
        ) { $0.outputs.append(.init("y", Value(0))) }
    }

    @Test func assignmentsFitTheirVariables() throws {
        expect(
            """
            graph      assign w = %-1
            expected   a value below %3
            received   %-1
            """
        ) { $0.assignments[0].value = Value(-1) }
        expect(
            """
            graph      assign w = %0
            expected   one assignment for each variable
            received   w again
            """
        ) { $0.assignments.append(.init("w", Value(0))) }
        expect(
            """
            graph      assign w = %3
            expected   a value of the variable's type f32[2,3]
            received   %3 of type f32[]
            """
        ) { graph in
            var builder = GraphBuilder(graph)
            let scalar = builder.constant(HostTensor(Float(1)))
            graph = builder.graph
            graph.assignments[0].value = scalar
        }
        var graph = valid
        graph.assignments.append(.init("a new one", Value(0)))
        try graph.verify()
    }

    @Test func errorsTellTheirPlace() {
        var graph = valid
        graph.outputs[0].value = Value(9)
        #expect { try graph.verify() } throws: { error in
            (error as? VerificationError)?.place == .output(0)
        }
    }
}
