import Foundation
import MartletData
import MartletFormats
import Testing

@Suite struct CareTests {
    private let set = TinySet()

    private func filled() throws -> Sandbox {
        let sandbox = try Sandbox()
        try sandbox.write(set.trainGzip, "home/.cache/martlet/tiny/train-idx.gz")
        try sandbox.write(set.testGzip, "home/.cache/martlet/tiny/test-idx.gz")
        return sandbox
    }

    private func states(_ reports: [FileReport]) -> [String] {
        reports.map { "\($0.file.lastPathComponent): \($0.state)" }
    }

    @Test func verifyReadsEveryByte() throws {
        let sandbox = try filled()
        let cache = DataPlace(
            sandbox.url("home/.cache/martlet"), owner: "Martlet's cache", isOwn: true)
        let entry = set.entry([])
        let fetcher = sandbox.fetcher()
        #expect(
            states(fetcher.verify([entry], at: [cache]))
                == ["train-idx.gz: verified", "test-idx.gz: verified"])
        // The size stays, so only the checksum can tell; a search trusts its own cache.
        var damaged = set.train
        damaged[9] ^= 0x40
        try sandbox.write(packed(damaged, .gzip), "home/.cache/martlet/tiny/train-idx.gz")
        let report = fetcher.verify([entry], at: [cache])[0]
        #expect(report.state == .damaged)
        #expect(report.expected == Checksum.of(set.train, .md5).description)
        #expect(report.found == Checksum.of(damaged, .md5).description)
        #expect(throws: Never.self) { try fetcher.files(of: entry) }
    }

    @Test func repairFetchesWhatIsDamagedAndNothingElse() throws {
        let sandbox = try filled()
        let server = try LocalServer { [set] request, _ in set.answer(request) }
        defer { server.stop() }
        let entry = set.entry([server.address()])
        #expect(
            states(try sandbox.fetcher().repair(entry))
                == ["train-idx.gz: verified", "test-idx.gz: verified"])
        #expect(server.requests.isEmpty)
        var damaged = set.test
        damaged[9] ^= 0x40
        try sandbox.write(packed(damaged, .gzip), "home/.cache/martlet/tiny/test-idx.gz")
        // A damaged copy under another name goes when its successor is there.
        try sandbox.write([1, 2, 3], "home/.cache/martlet/tiny/train-idx")
        #expect(
            states(try sandbox.fetcher().repair(entry))
                == ["train-idx.gz: verified", "test-idx.gz: verified"])
        #expect(server.requests.map(\.path) == ["/test-idx.gz"])
        #expect(sandbox.visible(sandbox.cache) == ["test-idx.gz", "train-idx.gz"])
    }

    @Test func aFailedRepairKeepsWhatWasThere() throws {
        let sandbox = try filled()
        try sandbox.write([1, 2, 3], "home/.cache/martlet/tiny/train-idx.gz")
        let error = try #require(throws: FetchError.self) {
            try sandbox.fetcher().repair(set.entry(["http://127.0.0.1:1/"]))
        }
        #expect(error.kind == .unavailable && error.attempts.count == 1)
        let offline = try #require(throws: FetchError.self) {
            try sandbox.fetcher(["MARTLET_OFFLINE": "1"]).repair(set.entry([]))
        }
        #expect(offline.kind == .missing && offline.places[0].outcome.contains("is damaged"))
        let kept = try FileContents(
            contentsOf: sandbox.cache.appendingPathComponent("train-idx.gz"))
        #expect(kept.bytes == [1, 2, 3])
    }

    @Test func listTellsWhatLiesWhere() throws {
        let sandbox = try filled()
        try sandbox.write([1, 2, 3], "home/.keras/datasets/train-idx.gz")
        let stored = sandbox.fetcher().stored(set.entry([]))
        #expect(stored.map(\.owner) == ["Martlet's cache", "Keras"])
        #expect(stored.map(\.isComplete) == [true, false])
        #expect(stored.map(\.byteCount) == [set.trainGzip.count + set.testGzip.count, 3])
        #expect(stored[0].folder == sandbox.cache && stored[0].form == .idx)
        #expect(sandbox.fetcher().list().map(\.dataset) == ["digits"])
    }

    /// Archives and folders of CIFAR under the names that different programs give them.
    @Test(arguments: [
        ("data/cifar-10-batches-bin/data_batch_1.bin", "binary batches", "torchvision"),
        ("data/cifar-10-batches-py/test_batch", "pickled batches", "torchvision"),
        ("home/.keras/datasets/cifar-10-batches-py.tar.gz", "pickled batches", "Keras"),
        (
            "home/.keras/datasets/cifar-10-batches-py_extracted/cifar-10-batches-py/data_batch_1",
            "pickled batches", "Keras"
        ),
        (
            "home/.cache/paddle/dataset/cifar/cifar-10-python.tar.gz", "pickled batches",
            "PaddlePaddle"
        ),
        ("home/.cache/martlet/cifar10/cifar-10-binary.tar.gz", "binary batches", "Martlet's cache"),
    ])
    func formsOfCIFARAreRecognised(path: String, form: String, owner: String) throws {
        let sandbox = try Sandbox()
        try sandbox.write([1, 2, 3], path)
        let stored = sandbox.fetcher().list().filter { $0.dataset == "cifar10" }
        #expect(stored.map(\.form.description) == [form])
        #expect(stored.map(\.owner) == [owner])
        let reports = try sandbox.fetcher().verify("cifar10")
        #expect(reports.map(\.file) == [sandbox.url(path)])
        #expect(reports.map(\.state) == [.damaged] && reports[0].byteCount == 3)
    }

    @Test func plainNamesCountOnlyInTheirOwnFolder() throws {
        let sandbox = try Sandbox()
        try sandbox.write([1], "data/train")
        try sandbox.write([1], "data/cifar-100-python/train")
        let folders = sandbox.fetcher().list().filter { $0.dataset == "cifar100" }.map(\.folder)
        #expect(folders == [sandbox.url("data/cifar-100-python")])
    }

    /// An archive tells the reader which members to take, in which order.
    @Test func membersOfAnArchiveAreNamed() throws {
        let sandbox = try Sandbox()
        try sandbox.write(Array("an archive".utf8), "own/cifar.tar.gz")
        let file = PublishedFile(
            name: "cifar.tar.gz", nature: .archive, packedSize: 10,
            packedChecksum: .of(Array("an archive".utf8), .sha256))
        let entry = DatasetEntry(
            name: "small", title: "Small", classNames: ["a"], trainCount: 1, testCount: 1,
            imageShape: [3, 32, 32], layouts: [],
            forms: [
                PublishedForm(
                    form: .cifarBinary, train: [file], trainMembers: ["x/1.bin", "x/2.bin"],
                    testMembers: ["x/t.bin"])
            ])
        let files = try sandbox.fetcher(["MARTLET_DATA": "own"]).files(of: entry)
        #expect(files.archive == sandbox.url("own/cifar.tar.gz"))
        #expect(files.parts(.train) == ["x/1.bin", "x/2.bin"])
        #expect(files.parts(.test) == ["x/t.bin"])
    }
}
