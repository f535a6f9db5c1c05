import Foundation
import Martlet
import MartletFormats
import MartletInterchange
import MartletTestSupport
import Testing

/// Changed models of ONNX and Keras on the whole way from bytes to a graph.
///
/// `MARTLET_LONG=1` makes 20,000 of them instead of a few hundred; `MARTLET_SEED` names another seed
/// than 1.
@Suite struct InterchangeFuzzTests {
    private func corpus(_ folder: String, _ endings: [String], largest: Int) throws -> [[UInt8]] {
        let folder = Fixtures.url(folder)
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            .filter { name in endings.contains(where: name.hasSuffix) }
            .map { try FileContents(contentsOf: folder.appendingPathComponent($0)).bytes }
            .filter { $0.count <= largest }
    }

    private func run(
        _ name: String, _ corpus: [[UInt8]], _ read: (FileContents) throws -> Void
    ) throws {
        let environment = ProcessInfo.processInfo.environment
        let total = environment["MARTLET_LONG"] == "1" ? 10_000 : 240
        let seed = environment["MARTLET_SEED"].flatMap(UInt64.init) ?? 1
        try #require(!corpus.isEmpty)
        var mutations = Mutations(seed: seed, corpus: corpus)
        var counts = (read: 0, refused: 0)
        for turn in 0..<total {
            let original = corpus[turn % corpus.count]
            let bytes =
                turn.isMultiple(of: 4)
                ? mutations.mutated(original) : mutations.mutatedBehindChecksums(original)
            do {
                try read(FileContents(bytes, name: name))
                counts.read += 1
            } catch is FormatError {
                counts.refused += 1
            } catch is ModelError {
                counts.refused += 1
            } catch is MappingError {
                counts.refused += 1
            } catch {
                Issue.record("\(name), seed \(seed), turn \(turn): \(error)")
            }
        }
        #expect(counts.read > 0 && counts.refused > total / 10, "\(name): \(counts)")
        #expect(!FileManager.default.fileExists(atPath: "/tmp/martlet_pwned"))
        print("fuzz: \(name): \(counts.read) read, \(counts.refused) refused")
    }

    @Test func changedModelsOfONNXAreReadOrRefused() throws {
        // Small ones: what is decided lies in the nodes, not in the weights.
        let corpus = try corpus("onnx", [".onnx"], largest: 50_000)
        try run("onnx", corpus) { file in
            let model = try ONNXModel(file)
            _ = try ONNXNetwork(model, memoryLimit: 1 << 24)
            _ = try ModelImport().model(model)
        }
    }

    @Test func changedModelsOfKerasAreReadOrRefused() throws {
        let corpus = try corpus(
            "weights", [".keras", "cnn_legacy.h5", "keras2.h5"], largest: 1 << 20)
        try run("keras", corpus) { file in _ = try KerasNetwork(KerasFile(file)) }
    }

    /// Architectures whose numbers were changed; their weights no longer fit.
    @Test func changedArchitecturesAreReadOrRefused() throws {
        let folder = Fixtures.url("weights")
        let texts = try ["cnn.keras", "cnn_keras2.keras", "cnn_legacy.h5"].map { name in
            let file = try KerasFile(contentsOf: folder.appendingPathComponent(name))
            return Array(try #require(file.configuration).utf8)
        }
        try run("architecture", texts) { file in
            let text = String(decoding: file.bytes, as: UTF8.self)
            guard let configuration = KerasConfiguration(text) else {
                throw FormatError(
                    .malformed, file: file.name, expected: "an architecture", found: "none")
            }
            _ = try KerasNetwork(configuration, file: file.name)
        }
    }
}
