import Foundation
import MartletFormats
import MartletGraph
import Testing

@Suite struct SummaryTests {
    let folder: CommandFolder

    init() throws { folder = try CommandFolder() }

    @Test func aModelFileTellsLayersAndTensors() throws {
        let model = try folder.writeModel()
        let run = try folder.run("summary", model)
        #expect(run.status == 0, "\(run.messages)")
        #expect(run.output.hasPrefix("model    plain\n"), "\(run.output)")
        #expect(run.output.contains("classes  10: 0 1 2 3 4 5 6 7 8 9\n"))
        #expect(run.output.contains("[n, 10]"))
        #expect(run.output.contains("f32[10,64]"))
        #expect(run.output.hasSuffix("total parameters: 650\n"))
        let tree = try folder.run("summary", model, "--style", "torch")
        #expect(tree.output.contains("Sequential(\n"), "\(tree.output)")
        #expect(tree.output.contains("Dense(64, 10)"), "\(tree.output)")
    }

    @Test func aFileOfWeightsTellsItsTensors() throws {
        let file = folder.path("weights.safetensors")
        try Safetensors.write(
            [("fc.weight", HostTensor([Float](repeating: 1, count: 6), shape: [2, 3]))],
            metadata: ["note": "small"], to: URL(fileURLWithPath: file))
        let run = try folder.run("summary", file)
        #expect(run.status == 0, "\(run.messages)")
        #expect(
            run.output == """
                file     \(file)
                format   safetensors

                value  contents
                note   "small"

                tensor     shape   stored as  numbers  bytes
                fc.weight  [2, 3]  F32              6     24

                1 tensors, 6 numbers

                """)
        let json = try folder.run("summary", file, "--json")
        #expect(json.output.contains("\"storedType\" : \"F32\""), "\(json.output)")
    }

    @Test func aRecipeTellsTheLayersOfItsNetwork() throws {
        let table = try folder.run("summary", "mnist-keras")
        #expect(table.status == 0, "\(table.messages)")
        #expect(table.output.hasPrefix("recipe: mnist-keras, "))
        #expect(table.output.contains("Total parameters: "))
        let tree = try folder.run("summary", "mnist-keras", "--style", "torch")
        #expect(tree.output.contains("\n  (conv1): Conv2D(1, 32, "), "\(tree.output)")
        let slip = try folder.run("summary", "mnist-kears")
        #expect(slip.status == 66)
        #expect(slip.messages.contains("fix        did you mean mnist-keras?"))
    }

    @Test func aRecipeIsJSONToo() throws {
        struct Record: Decodable {
            struct Layer: Decodable {
                var path: String
                var kind: String
                var outputShape: [Int]
                var parameterCount: Int
            }
            var recipe: String
            var inputShape: [Int]
            var layers: [Layer]
            var parameterCount: Int
        }
        let run = try folder.run("summary", "mnist-keras", "--json")
        #expect(run.status == 0, "\(run.messages)")
        let record = try JSONDecoder().decode(Record.self, from: Data(run.output.utf8))
        #expect(record.recipe == "mnist-keras" && record.inputShape == [1, 28, 28])
        let first = try #require(record.layers.first { $0.path == "conv1" })
        #expect(first.kind == "Conv2D" && first.outputShape.prefix(2) == [1, 32])
        #expect(record.layers.reduce(0) { $0 + $1.parameterCount } == record.parameterCount)
    }

    @Test func whatIsNothingSaysSo() throws {
        let absent = try folder.run("summary", folder.path("absent.pth"))
        #expect(absent.status == 66)
        let text = try folder.write("no weights in here\n", to: "text.pth")
        let run = try folder.run("summary", text)
        #expect(run.status == 65)
        #expect(
            run.messages == """
                error: \(text) is not a model file, and no file of weights
                  expected   a model (.martlet, .onnx, .keras) or weights (.safetensors, .pth, .npz, …)
                  found      text: no weights in here

                """)
    }
}
