import MartletGraph
import MartletTestSupport
import Testing

@Suite struct GraphTextTests {
    @Test func textIsAlignedAndReadable() throws {
        var builder = GraphBuilder(name: "train")
        let x = builder.input("x", TensorType(.float32, [2, 3]))
        let weight = builder.variable("fc1.weight", TensorType(.float32, [4, 3]))
        builder.origin = Origin(path: "net.fc1/matmul")
        let y = builder.emit(.matmul(MatmulAttributes(transposeB: true)), x, weight)
        let half = builder.constant(0.5, like: weight)
        builder.origin = Origin(path: "two words", forward: y)
        let scaled = builder.multiply(weight, half)
        builder.graph.outputs = [.init("y", y), .init("also y", y)]
        builder.graph.assignments = [.init("fc1.weight", scaled)]
        let text = """
            martlet-graph 1
            graph train(x: f32[2,3]) -> (y: f32[2,4], "also y": f32[2,4])
              %0  -               f32[2,3]  input(x)
              %1  -               f32[4,3]  variable(fc1.weight)
              %2  net.fc1/matmul  f32[2,4]  matmul(%0, %1) transposeA false transposeB true
              %3  net.fc1/matmul  f32[]     constant(0.5)
              %4  net.fc1/matmul  f32[4,3]  broadcast(%3) to [4,3]
              %5  "two words"     f32[4,3]  multiply(%1, %4)  of %2
              assign fc1.weight = %5
              output y = %2
              output "also y" = %2
            end

            """
        #expect(builder.graph.text == text)
        expectRoundTrip(builder.graph, "handmade")
    }

    @Test func samplesCoverEveryOperation() {
        let missing = Set(Op.allNames).subtracting(OpSample.all.map(\.op.name))
        #expect(missing.isEmpty, "no round-trip sample for \(missing.sorted())")
        #expect(Set(Op.allNames).count == Op.allNames.count)
    }

    @Test(arguments: OpSample.all) func everyOperationComesBack(sample: OpSample) throws {
        expectRoundTrip(try sample.graph(), "\(sample)")
    }

    @Test(arguments: 0..<200 as Range<UInt64>) func randomGraphsComeBack(seed: UInt64) {
        expectRoundTrip(RandomGraph(seed: seed, nodeCount: 20).graph, "seed \(seed)")
    }

    @Test func emptyGraphComesBack() {
        expectRoundTrip(Graph(name: ""), "empty")
    }

    @Test(arguments: [
        "plain", "", "-", "two words", "quote\" and \\ slash", "line\nbreak\r\ttab\0",
        "%3", "a:b", "(x)", "=", "卷积层", "e\u{301}", "\u{200B}\u{2028}\u{FEFF}", "\u{1F426}",
        "end", "of", "1", "\u{7F}\u{85}\u{A0}", "\\u{41}",
    ]) func anyNameComesBack(name: String) throws {
        var builder = GraphBuilder(name: name)
        builder.origin = Origin(path: name)
        let x = builder.input(name, TensorType(.float32, []))
        let w = builder.variable(name, TensorType(.float32, []))
        builder.graph.outputs = [.init(name, x)]
        builder.graph.assignments = [.init(name, w)]
        expectRoundTrip(builder.graph, "\(name.debugDescription)")
        #expect(builder.graph.text.split(separator: "\n").count == 7)
    }

    @Test func blankLinesAndOtherLineEndingsAreFine() throws {
        let graph = RandomGraph(seed: 3, nodeCount: 10).graph
        let text = "\n" + graph.text.replacing("\n", with: "\r\n\t\n")
        #expect(difference(graph, try Graph(parsing: text)) == nil)
    }

    @Test func dotNamesEveryValue() throws {
        var builder = GraphBuilder(name: "a \"b\"")
        let x = builder.input("x", TensorType(.float32, [2]))
        builder.origin = Origin(path: "net/relu", forward: x)
        let y = builder.emit(.unary(.relu), x)
        builder.graph.outputs = [.init("y", y)]
        builder.graph.assignments = [.init("s", x)]
        #expect(
            builder.graph.dot == #"""
                digraph "a \"b\"" {
                    node [shape=box, fontname="monospace", fontsize=10];
                    n0 [label="%0 input x\nf32[2]", shape=ellipse];
                    n1 [label="%1 relu\nnet/relu\nf32[2]", style=dashed];
                    n0 -> n1;
                    o0 [label="y", shape=plaintext];
                    n1 -> o0;
                    a0 [label="assign\ns", shape=plaintext];
                    n0 -> a0;
                }

                """#)
    }
}
