import Foundation
import MartletFormats
import MartletGraph
import MartletTestSupport
import Testing

/// Every reader against files that were changed at random.
///
/// `MARTLET_LONG=1` makes 200,000 of them instead of a few thousand; `MARTLET_SEED` names another
/// seed than 1.
@Suite struct FuzzTests {
    private struct Target: Sendable {
        var name: String
        var folder: String
        /// The endings of the files to start from; an empty list means all.
        var endings: [String] = []
        /// True for files that stay with the tests, whatever `MARTLET_FIXTURES` says.
        var isOwn = false
        var read: @Sendable (FileContents) throws -> Void
    }

    private static let targets = [
        Target(name: "idx", folder: "data/idx", read: { _ = try IDXFile.read($0) }),
        Target(
            name: "npy", folder: "data/npz", endings: [".npy"],
            read: { _ = try NumpyArray.read($0) }),
        Target(
            name: "npz", folder: "data/npz", endings: [".npz"],
            read: { file in
                let archive = try NumpyArchive(file)
                for name in archive.names { _ = try archive.array(name, limit: 1 << 24) }
            }),
        Target(
            name: "zip", folder: "data/npz", endings: [".npz"],
            read: { file in
                let archive = try ZipArchive(file)
                for entry in archive.entries { _ = try archive.contents(entry, limit: 1 << 24) }
            }),
        Target(
            name: "tar", folder: "data/tar",
            read: { file in
                let archive = TarArchive(file, limit: 1 << 24)
                let names = try archive.entries().map(\.name)
                _ = try archive.contents(of: names, limit: 1 << 24)
            }),
        Target(
            name: "json", folder: "data/paddle", endings: [".gz", "plain.json"],
            read: { _ = try PaddleJSON($0) }),
        Target(
            name: "cifar binary", folder: "data/cifar-10-batches-bin", endings: [".bin"],
            read: { _ = try CIFARFile.readBinary($0) }),
        Target(
            name: "cifar pickle", folder: "data/cifar-10-batches-py",
            read: { _ = try CIFARFile.read($0) }),
        Target(
            name: "pickle", folder: "weights/bad", endings: [".pkl"],
            read: { try walk(PickleDocument($0)) }),
        Target(
            name: "pickled arrays", folder: "weights", endings: [".pkl", ".pdparams"],
            read: { try walk(PickleDocument($0)) }),
        Target(
            name: "safetensors", folder: "weights", endings: [".safetensors"],
            read: { _ = try Safetensors($0).tensors() }),
        Target(
            name: "PyTorch", folder: "weights", endings: [".pth", ".pt", "module.pkl"],
            read: { _ = try WeightFile.open($0).tensors() }),
        Target(
            name: "PyTorch before 1.6", folder: "weights", endings: ["_legacy.pth"],
            read: { _ = try WeightFile.open($0).tensors() }),
        Target(
            name: "PaddlePaddle", folder: "weights", endings: [".pdparams", ".pdopt"],
            read: { _ = try WeightFile.open($0).tensors() }),
        Target(
            name: "bad weights", folder: "weights/bad",
            endings: [".pth", ".pkl", ".safetensors", ".npz", ".npy", ".pdparams"],
            read: { _ = try WeightFile.open($0).tensors() }),
        Target(
            name: "hdf5", folder: "weights", endings: [".h5"],
            read: { file in
                let hdf5 = try HDF5File(file)
                for path in try hdf5.arrayPaths() { _ = try hdf5.array(path, limit: 1 << 24) }
            }),
        Target(
            name: "hdf5 of h5py", folder: "hdf5", endings: [".h5"], isOwn: true,
            read: { file in
                let hdf5 = try HDF5File(file)
                for path in try hdf5.arrayPaths(in: "numbers") { _ = try hdf5.array(path) }
                for path in try hdf5.arrayPaths(in: "chunks") { _ = try hdf5.array(path) }
            }),
        Target(
            name: "keras", folder: "weights", endings: [".h5", ".keras"],
            read: { _ = try WeightFile.open($0).tensors() }),
        Target(
            name: "onnx", folder: "onnx", endings: [".onnx"], isOwn: true,
            read: { _ = try ONNXModel($0) }),
        Target(
            name: "events", folder: "events", isOwn: true,
            read: { _ = try EventFile.read($0) }),
        Target(
            name: "pictures", folder: "data/images", endings: [".png", ".jpg", ".bmp", ".gif"],
            read: { file in
                let picture = try Picture(file)
                if picture.samples.count < 1 << 16 { _ = picture.resized(width: 8, height: 8) }
            }),
        Target(
            name: "bad pictures", folder: "data/images/bad",
            read: { _ = try Picture($0, PictureReading(pixelLimit: 1 << 22)) }),
    ]

    /// Looks at the values that are reached from the root, each once.
    private static func walk(_ document: PickleDocument) throws {
        for (_, value) in document.root.pairs ?? [] {
            if value.isArray { _ = try value.array() }
            for item in value.items ?? [] { _ = item.text }
        }
    }

    private static func corpus(_ target: Target) throws -> [[UInt8]] {
        let folder =
            target.isOwn ? Fixtures.ownURL(target.folder) : Fixtures.url(target.folder)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        return names.compactMap { name in
            guard target.endings.isEmpty || target.endings.contains(where: name.hasSuffix),
                !name.hasSuffix(".md"), !name.hasSuffix("expected.npz"),
                let file = try? FileContents(contentsOf: folder.appendingPathComponent(name))
            else { return nil }
            return file.bytes
        }
    }

    /// The largest memory that the process has held, in KiB; 0 where the system does not say.
    private static func peakMemory() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
    }

    @Test func changedFilesAreReadOrRefused() throws {
        let environment = ProcessInfo.processInfo.environment
        let total = environment["MARTLET_LONG"] == "1" ? 200_000 : 6400
        let seed = environment["MARTLET_SEED"].flatMap(UInt64.init) ?? 1
        let before = Self.peakMemory()
        var (read, refused) = (0, 0)
        for (index, target) in Self.targets.enumerated() {
            let corpus = try Self.corpus(target)
            try #require(!corpus.isEmpty, "\(target.name)")
            var mutations = Mutations(seed: seed &* 1000 &+ UInt64(index), corpus: corpus)
            for turn in 0..<(total + Self.targets.count - 1) / Self.targets.count {
                let original = corpus[turn % corpus.count]
                let bytes =
                    turn.isMultiple(of: 2)
                    ? mutations.mutated(original) : mutations.mutatedBehindChecksums(original)
                do {
                    try target.read(FileContents(bytes, name: target.name))
                    read += 1
                } catch is FormatError {
                    refused += 1
                } catch {
                    Issue.record("\(target.name), seed \(seed), turn \(turn): \(error)")
                }
            }
        }
        let growth = (Self.peakMemory() - before) / 1024
        #expect(refused > total / 4 && read > total / 40)
        #expect(growth < 1024, "memory grew by \(growth) MiB")
        #expect(!FileManager.default.fileExists(atPath: Fixtures.traceOfAttack))
        print("fuzz: \(read) changed files read, \(refused) refused, \(growth) MiB more memory")
    }
}
