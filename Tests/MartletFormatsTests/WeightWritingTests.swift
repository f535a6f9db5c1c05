import Foundation
import MartletFormats
import MartletGraph
import Testing

@Suite struct WeightWritingTests {
    static let samples: [(name: String, tensor: HostTensor)] = [
        ("conv1.weight", HostTensor((0..<24).map { Float($0) / 7 - 1 }, shape: [4, 1, 3, 2])),
        ("conv1.bias", HostTensor([-0.5, 0, 1e-30, 3e38] as [Float], shape: [4])),
        ("flags", HostTensor([true, false, true], shape: [3])),
        ("double", HostTensor([Double.pi, -1e300], shape: [2, 1])),
        ("scalar", HostTensor(Float(2.5))),
        ("empty", HostTensor(zeros: TensorType(.int32, [0, 4]))),
        ("bn.num_batches_tracked", HostTensor(Int64(-(1 << 53)))),
        ("bytes", HostTensor([0, 127, 255] as [UInt8], shape: [1, 3])),
        ("int", HostTensor([Int32.min, -300, 70_000], shape: [3])),
        ("name \u{E9}\u{1F600}", HostTensor([Float](repeating: 1, count: 300), shape: [300])),
    ]

    @Test func stateDictionariesReadAgain() throws {
        let bytes = try TorchFile.encoded(Self.samples)
        #expect(try TorchFile.encoded(Self.samples) == bytes)
        let file = try WeightFile.open(FileContents(bytes, name: "written"))
        #expect(file.format == "PyTorch (zip)")
        #expect(file.names == Self.samples.map(\.name))
        for (name, tensor) in Self.samples { #expect(try file.tensor(name) == tensor, "\(name)") }
        let archive = try ZipArchive(FileContents(bytes, name: "written"))
        #expect(archive.entries.allSatisfy { $0.method == 0 })
        #expect(try archive.contents("archive/version").bytes == Array("3\n".utf8))
        #expect(try archive.contents("archive/byteorder").bytes == Array("little".utf8))
    }

    @Test func numbersAreAligned() throws {
        let pattern: [Float] = [1.25, -7.5, 3.0625, 1e10, -1e-10]
        let tensor = HostTensor(pattern, shape: [5])
        for length in 1...70 {
            let name = String(repeating: "n", count: length)
            let bytes = try TorchFile.encoded([(name, tensor)])
            let place = try #require(
                bytes.indices.first { bytes[$0...].starts(with: tensor.bytes) })
            #expect(place.isMultiple(of: 64), "\(length)")
        }
    }

    @Test(arguments: [false, true]) func archivesReadAgain(deflates: Bool) throws {
        let bytes = try NumpyArchive.encoded(Self.samples, deflates: deflates)
        #expect(try NumpyArchive.encoded(Self.samples, deflates: deflates) == bytes)
        let archive = try NumpyArchive(FileContents(bytes, name: "written"))
        #expect(archive.names == Self.samples.map(\.name).sorted())
        for (name, tensor) in Self.samples {
            #expect(try archive.array(name) == tensor, "\(name)")
        }
        #expect(archive.archive.entries.allSatisfy { $0.method == (deflates ? 8 : 0) })
    }

    @Test func writesWholeFiles() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("martlet-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try Interchange.write(Self.samples, to: folder)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == ["deflated.npz", "net.pth", "net.safetensors", "stored.npz"])
        for name in names {
            let file = try WeightFile.open(folder.appendingPathComponent(name))
            #expect(file.entries.count == Self.samples.count, "\(name)")
        }
        for body in [
            { try TorchFile.write(Self.samples, to: URL(fileURLWithPath: "/dev/null/a")) },
            { try NumpyArchive.write(Self.samples, to: URL(fileURLWithPath: "/dev/null/a")) },
            { _ = try TorchFile.encoded(Self.samples + Self.samples) },
            { _ = try NumpyArchive.encoded(Self.samples + Self.samples) },
        ] as [() throws -> Void] {
            #expect(Fixtures.expectRefusal("unwritable", body)?.kind == .unwritable)
        }
    }

    /// Files written here, read by PyTorch, safetensors and NumPy; `MARTLET_PEER_PYTHON` names a
    /// Python that has them.
    @Test(.enabled(if: Interchange.python != nil, "MARTLET_PEER_PYTHON names no Python"))
    func otherProgramsReadTheFiles() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("martlet-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try Interchange.write(Self.samples, to: folder)
        let expected = Self.samples.map { name, tensor in
            [
                "name": name, "type": "\(tensor.type.dtype)", "shape": tensor.type.shape,
                "values": tensor.doubles,
            ] as [String: Any]
        }
        try JSONSerialization.data(withJSONObject: expected)
            .write(to: folder.appendingPathComponent("expected.json"))
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Interchange/check_weights.py")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Interchange.python))
        process.arguments = [script.path, folder.path]
        try process.run()
        process.waitUntilExit()
        #expect([0, 77].contains(process.terminationStatus))
    }
}

enum Interchange {
    static let python = ProcessInfo.processInfo.environment["MARTLET_PEER_PYTHON"]

    /// Writes the tensors in every format.
    static func write(_ tensors: [(name: String, tensor: HostTensor)], to folder: URL) throws {
        try Safetensors.write(
            tensors, metadata: ["program": "Martlet", "note": "a \"b\"\n\u{E9}"],
            to: folder.appendingPathComponent("net.safetensors"))
        try TorchFile.write(tensors, to: folder.appendingPathComponent("net.pth"))
        try NumpyArchive.write(tensors, to: folder.appendingPathComponent("stored.npz"))
        try NumpyArchive.write(
            tensors, deflates: true, to: folder.appendingPathComponent("deflated.npz"))
    }
}
