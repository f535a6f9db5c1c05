import Foundation
import MartletData
import MartletFormats
import Testing

/// From the name of a set to its pictures.
@Suite struct NamedTests {
    private func entry(_ name: String, _ form: PublishedForm) -> DatasetEntry {
        DatasetEntry(
            name: name, title: name, classNames: Dataset.digitNames, trainCount: 1, testCount: 1,
            imageShape: name == "mnist" ? [1, 28, 28] : [3, 32, 32], layouts: [name], forms: [form])
    }

    private func expectEqual(_ found: Dataset, _ expected: Dataset, _ name: String) throws {
        #expect(found.name == name)
        #expect(found.labels == expected.labels && !found.labels.isEmpty)
        #expect(found.imageShape == expected.imageShape)
        #expect(try found.allBytes() == expected.allBytes())
    }

    @Test func idxFilesAreFetchedAndRead() throws {
        let sandbox = try Sandbox()
        func published(_ name: String) throws -> PublishedFile {
            let bytes = try DataFixtures.bytes("idx/\(name).gz")
            return PublishedFile(
                name: name + ".gz", nature: .idx, packedSize: bytes.count,
                packedChecksum: .of(bytes, .sha256))
        }
        func pair(_ prefix: String) throws -> [PublishedFile] {
            [
                try published("\(prefix)-images-idx3-ubyte"),
                try published("\(prefix)-labels-idx1-ubyte"),
            ]
        }
        let server = try LocalServer { request, _ in
            let bytes = try? DataFixtures.bytes("idx" + request.path)
            return bytes.map { .file($0) } ?? LocalServer.Answer(status: 404)
        }
        defer { server.stop() }
        let entry = entry(
            "mnist",
            PublishedForm(
                form: .idx, train: try pair("train"), test: try pair("t10k"),
                mirrors: [server.address()]))
        for split in [Split.train, .test] {
            let files = try sandbox.fetcher().files(of: entry)
            try expectEqual(
                try entry.read(files, split),
                try Dataset.idx(folder: DataFixtures.url("idx"), split: split), "mnist (\(split))")
        }
        #expect(server.requests.count == 4)
    }

    @Test func npzFilesAreRead() throws {
        let sandbox = try Sandbox()
        try sandbox.write(try DataFixtures.bytes("npz/mnist_keras.npz"), "own/mnist.npz")
        let file = PublishedFile(name: "mnist.npz", nature: .npz)
        let entry = entry(
            "mnist",
            PublishedForm(
                form: .npz, train: [file], trainMembers: ["x_train", "y_train"],
                testMembers: ["x_test", "y_test"]))
        let files = try sandbox.fetcher(["MARTLET_DATA": "own"]).files(of: entry)
        let expected = try Dataset.npz(
            contentsOf: DataFixtures.url("npz/mnist_keras.npz"), split: .test)
        try expectEqual(try entry.read(files, .test), expected, "mnist (test)")
    }

    @Test(arguments: ["bin", "py"], [true, false])
    func batchesOfCIFARAreRead(version: String, isPacked: Bool) throws {
        let sandbox = try Sandbox()
        let (folder, ending) = ("cifar-10-batches-\(version)", version == "bin" ? ".bin" : "")
        let train = (1...5).map { "data_batch_\($0)\(ending)" }
        let test = "test_batch\(ending)"
        let form: PublishedForm
        let kind = version == "bin" ? DatasetFiles.Form.cifarBinary : .cifarPython
        if isPacked {
            var archive: [UInt8] = []
            for name in [test] + train {
                archive += tarred(try DataFixtures.bytes("\(folder)/\(name)"), "\(folder)/\(name)")
            }
            try sandbox.write(packed(archive, .gzip), "own/cifar.tar.gz")
            form = PublishedForm(
                form: kind, train: [PublishedFile(name: "cifar.tar.gz", nature: .archive)],
                trainMembers: train.map { "\(folder)/\($0)" }, testMembers: ["\(folder)/\(test)"])
        } else {
            for name in [test] + train {
                try sandbox.write(
                    try DataFixtures.bytes("\(folder)/\(name)"), "own/\(folder)/\(name)")
            }
            form = PublishedForm(
                form: kind, train: train.map { PublishedFile(name: $0, nature: .batch) },
                test: [PublishedFile(name: test, nature: .batch)], subfolders: [folder])
        }
        let entry = entry("cifar10", form)
        let files = try sandbox.fetcher(["MARTLET_DATA": "own"]).files(of: entry)
        for split in [Split.train, .test] {
            let expected = try Dataset.cifar10(folder: DataFixtures.url(folder), split: split)
            try expectEqual(try entry.read(files, split), expected, "cifar10 (\(split))")
        }
    }

    /// A file in a tar archive, its header, contents and filling.
    private func tarred(_ bytes: [UInt8], _ name: String) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, _ offset: Int) {
            header.replaceSubrange(offset..<offset + text.utf8.count, with: Array(text.utf8))
        }
        put(name, 0)
        put(String(bytes.count, radix: 8), 124)
        put("        ", 148)
        put("0", 156)
        put("ustar", 257)
        put(String(header.reduce(0) { $0 + Int($1) }, radix: 8) + "\0", 148)
        return header + bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
    }

    @Test(arguments: ["mnist", "fashion-mnist", "kmnist", "cifar10", "cifar100"])
    func withoutFilesAndNetworkTheErrorTellsHowToSupplyThem(name: String) throws {
        let sandbox = try Sandbox()
        var settings = sandbox.settings(["MARTLET_DATA": "own"], folder: sandbox.url("given"))
        settings.isOffline = true
        let error = try #require(throws: FetchError.self) {
            try Dataset.named(name, .train, settings)
        }
        #expect(error.kind == .missing && error.exitCode == 66)
        let owners = error.places.map(\.owner)
        #expect(Array(owners.prefix(3)) == ["the given folder", "MARTLET_DATA", "Martlet's cache"])
        #expect(error.fix[0].hasSuffix("or into a folder that MARTLET_DATA names:"))
        #expect(error.fix[1].contains(".gz"))
    }

    @Test func unknownNamesAreRefused() throws {
        let error = try #require(throws: FetchError.self) { try Dataset.named("minst") }
        #expect(error.kind == .unknown)
        #expect(error.fix.first == "did you mean mnist?")
        #expect(error.fix.last?.contains("digits, mnist, fashion-mnist") == true)
        #expect(throws: DataError.self) { try Dataset.mnist(.validation) }
        #expect(try Dataset.named("Digits", .test).count == 360)
    }
}
