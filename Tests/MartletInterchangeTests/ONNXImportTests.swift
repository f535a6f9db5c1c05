import Foundation
import Martlet
import MartletFormats
import MartletInterchange
import Testing

@Suite struct ONNXImportTests {
    static let models = [
        "cnn_small", "cnn_wide_narrowed", "keras_cnn_narrowed", "mlp_narrowed",
        "lenet_color_narrowed", "linear", "resblock", "resblock_unfused",
    ]

    @Test(arguments: models) func runsOnEveryEngine(name: String) throws {
        let expected = try Fixtures.archive("onnx/expected.npz")
        let input = try input(name, expected)
        let batchSize = input.type.shape[0]
        let url = Fixtures.url("onnx/\(name).onnx")
        let network = try ONNXNetwork(contentsOf: url, batchSize: batchSize)
        let wanted = try expected.array("\(name).output")
        #expect(network.graph.inputs.map(\.name) == ["input"])
        for engine in Fixtures.engines {
            let plan = try network.executable(on: engine)
            let output = try plan([input])
            Fixtures.expectClose(
                output[0], wanted, relative: 1e-4, absolute: 1e-5, "\(name) on \(engine.name)")
        }
    }

    /// The input beside the expected output, or that of the net of the same name.
    private func input(_ name: String, _ expected: NumpyArchive) throws -> HostTensor {
        let own = "\(name).input"
        if expected.names.contains(own) { return try expected.array(own) }
        let net = name.replacing("_unfused", with: "")
        let url = Fixtures.neighbour("ParityTests/Fixtures/nets/\(net).npz")
        return try NumpyArchive(contentsOf: url).array("input")
    }

    @Test func keepsTheNamesOfWeights() throws {
        let network = try ONNXNetwork(contentsOf: Fixtures.url("onnx/cnn_wide_narrowed.onnx"))
        #expect(
            Set(network.parameters.keys)
                == Set(
                    ["conv1", "conv2", "fc1", "fc2"].flatMap { ["\($0).weight", "\($0).bias"] }))
    }

    @Test(arguments: [
        ("bad_truncated", ""), ("bad_text", ""), ("bad_dims", "bytes"),
        ("bad_unknown_op", "operator MartletUnknownOp"),
        ("bad_external_path", "a file at ../../../../etc/passwd"),
    ]) func refuses(name: String, found: String) throws {
        do {
            _ = try ONNXNetwork(contentsOf: Fixtures.url("onnx/\(name).onnx"))
            Issue.record("\(name) was read")
        } catch {
            #expect(error.file.contains(name) && !error.expected.isEmpty)
            #expect(found.isEmpty || error.found.contains(found), "\(error)")
        }
    }

    @Test func readsWeightsInTheFolderAndNowhereElse() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("martlet-onnx-\(UUID().uuidString)")
        let inner = folder.appendingPathComponent("model")
        try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let weights = HostTensor([Float(1), 2, 3], shape: [3])
        try Data([9, 9, 9, 9] + weights.bytes).write(to: inner.appendingPathComponent("w.bin"))
        try Data(weights.bytes).write(to: folder.appendingPathComponent("outside.bin"))
        try FileManager.default.createSymbolicLink(
            at: inner.appendingPathComponent("link.bin"),
            withDestinationURL: folder.appendingPathComponent("outside.bin"))
        func read(_ location: String, offset: Int, in place: URL?) throws -> HostTensor? {
            let file = FileContents(External.model(location, offset: offset), name: "made.onnx")
            return try ONNXModel(file, folder: place).graph.initializers.first?.value
        }
        #expect(try read("w.bin", offset: 4, in: inner) == weights)
        for location in ["../outside.bin", "/etc/passwd", "link.bin", "none.bin", "", "a//b"] {
            #expect(throws: FormatError.self, "\(location)") {
                _ = try read(location, offset: 0, in: inner)
            }
        }
        #expect(throws: FormatError.self) { _ = try read("w.bin", offset: 8, in: inner) }
        #expect(throws: FormatError.self) { _ = try read("w.bin", offset: 4, in: nil) }
    }
}

/// A model whose only weight, of three numbers, lies in another file; written by hand.
private enum External {
    static func model(_ location: String, offset: Int) -> [UInt8] {
        func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
            [number << 3 | 2, UInt8(bytes.count)] + bytes
        }
        func property(_ key: String, _ value: String) -> [UInt8] {
            field(13, field(1, Array(key.utf8)) + field(2, Array(value.utf8)))
        }
        let tensor: [UInt8] =
            [8, 3, 16, 1] + field(8, Array("w".utf8)) + property("location", location)
            + property("offset", String(offset)) + property("length", "12") + [14 << 3, 1]
        let graph = field(5, tensor)
        return [8, 8] + field(7, graph) + field(8, [16, 13])
    }
}
