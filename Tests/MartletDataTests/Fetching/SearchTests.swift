import Foundation
import MartletData
import MartletFormats
import Testing

@Suite struct SearchTests {
    private let set = TinySet()

    /// Looks for the set on this machine only.
    private func located(
        _ sandbox: Sandbox, _ environment: [String: String] = [:], folder: URL? = nil
    ) throws -> DatasetFiles {
        var settings = sandbox.settings(environment, folder: folder)
        settings.isOffline = true
        return try DatasetFetcher(settings).files(of: set.entry(["http://127.0.0.1:1/"]))
    }

    /// Puts both files into a folder, plain or packed.
    private func put(_ sandbox: Sandbox, _ folder: String, isPlain: Bool = false) throws {
        try sandbox.write(
            isPlain ? set.train : set.trainGzip, "\(folder)/train-idx\(isPlain ? "" : ".gz")")
        try sandbox.write(
            isPlain ? set.test : set.testGzip, "\(folder)/test-idx\(isPlain ? "" : ".gz")")
    }

    /// All places that are looked into, in their order.
    private static let places = [
        "given", "given/tiny", "given/Tiny/raw", "data/Tiny/raw", "xdg/martlet/tiny",
        "torch/Tiny/raw", "keras/datasets/tiny", "home/.cache/paddle/dataset/tiny",
    ]

    @Test(arguments: places) func everyPlaceIsLookedInto(place: String) throws {
        let sandbox = try Sandbox()
        let environment = [
            "MARTLET_DATA": sandbox.url("own").path, "XDG_CACHE_HOME": sandbox.url("xdg").path,
            "TORCH_HOME": sandbox.url("torch").path, "KERAS_HOME": sandbox.url("keras").path,
        ]
        try put(sandbox, place, isPlain: true)
        let before = sandbox.state(of: place)
        let files = try located(sandbox, environment, folder: sandbox.url("given"))
        #expect(files.train == [sandbox.url("\(place)/train-idx").path])
        #expect(files.test == [sandbox.url("\(place)/test-idx").path])
        #expect(sandbox.state(of: place) == before)
    }

    @Test func nearerPlacesComeFirst() throws {
        let sandbox = try Sandbox()
        let environment = ["MARTLET_DATA": "own"]
        for place in ["home/.keras/datasets", "home/.cache/martlet/tiny", "own/tiny", "given"] {
            try put(sandbox, place)
            let files = try located(sandbox, environment, folder: sandbox.url("given"))
            #expect(files.train == [sandbox.url("\(place)/train-idx.gz").path])
        }
    }

    @Test func aRelativeCacheFolderIsIgnored() throws {
        let sandbox = try Sandbox()
        try put(sandbox, "relative/martlet/tiny")
        try put(sandbox, "home/.cache/martlet/tiny")
        let files = try located(sandbox, ["XDG_CACHE_HOME": "relative"])
        #expect(files.train == [sandbox.cache.appendingPathComponent("train-idx.gz").path])
        #expect(
            files.notes == ["XDG_CACHE_HOME is “relative”, which is not absolute; it is ignored"])
        // An empty variable counts as unset.
        #expect(try located(sandbox, ["XDG_CACHE_HOME": ""]).notes.isEmpty)
    }

    @Test func damagedFilesAreNamedAndPassedOver() throws {
        let sandbox = try Sandbox()
        try put(sandbox, "own")
        var damaged = set.train
        damaged[100] ^= 1
        try sandbox.write(packed(damaged, .gzip), "own/train-idx.gz")
        try put(sandbox, "home/.keras/datasets")
        let files = try located(sandbox, ["MARTLET_DATA": "own"])
        #expect(files.train == [sandbox.url("home/.keras/datasets/train-idx.gz").path])
        let path = sandbox.url("own/train-idx.gz").path
        let found = Checksum.of(damaged, .md5)
        let expected = Checksum.of(set.train, .md5)
        #expect(files.notes == ["\(path) is damaged: expected \(expected), found \(found)"])
    }

    @Test(arguments: ["cut", "empty", "longer", "a folder"])
    func otherDamageIsFound(kind: String) throws {
        let sandbox = try Sandbox()
        try put(sandbox, "own")
        switch kind {
        case "cut": try sandbox.write(Array(set.trainGzip.prefix(30_000)), "own/train-idx.gz")
        case "empty": try sandbox.write([], "own/train-idx.gz")
        case "longer": try sandbox.write(packed(set.train + [0], .gzip), "own/train-idx.gz")
        default:
            try FileManager.default.removeItem(at: sandbox.url("own/train-idx.gz"))
            try sandbox.write([1], "own/train-idx.gz/file")
        }
        let error = try #require(throws: FetchError.self) {
            try located(sandbox, ["MARTLET_DATA": "own"])
        }
        let outcome = try #require(error.places.first { $0.owner == "MARTLET_DATA" }?.outcome)
        let path = sandbox.url("own").path
        let start =
            kind == "a folder" ? "\(path) lacks train-idx.gz" : "\(path)/train-idx.gz is damaged: "
        #expect(outcome.hasPrefix(start), "\(outcome)")
    }

    /// A damaged file in Martlet's own cache is replaced, and the reader is told.
    @Test func aDamagedFileInTheCacheIsReplaced() throws {
        let sandbox = try Sandbox()
        try put(sandbox, "home/.cache/martlet/tiny")
        try sandbox.write(
            Array(set.trainGzip.dropLast(9)), "home/.cache/martlet/tiny/train-idx.gz")
        let server = try LocalServer { [set] request, _ in set.answer(request) }
        defer { server.stop() }
        let files = try sandbox.fetcher().files(of: set.entry([server.address()]))
        #expect(server.requests.map(\.path) == ["/train-idx.gz"])
        #expect(files.notes.count == 1 && files.notes[0].contains("train-idx.gz is damaged"))
        #expect(try sandbox.fetcher().files(of: set.entry([])).notes.isEmpty)
    }

    @Test func filesWithoutAPublishedChecksumAreNoted() throws {
        let set = TinySet(knowsContents: false)
        let sandbox = try Sandbox()
        try sandbox.write(set.train, "own/train-idx")
        try sandbox.write(packed(set.test, .gzip, level: 1), "own/test-idx.gz")
        let files = try sandbox.fetcher(["MARTLET_DATA": "own"]).files(of: set.entry([]))
        #expect(files.notes.count == 2)
        #expect(files.notes[0].contains("train-idx cannot be verified: "))
        #expect(files.notes[1].hasSuffix("with contents of the right size"))
    }

    @Test func theErrorSaysWhatWasTriedAndWhatToDo() throws {
        let sandbox = try Sandbox()
        try sandbox.write(set.trainGzip, "home/.keras/datasets/train-idx.gz")
        var settings = sandbox.settings(["MARTLET_DATA": "own"])
        settings.patience.attempts = 2
        let entry = set.entry(["http://127.0.0.1:1/"])
        let error = try #require(throws: FetchError.self) {
            try DatasetFetcher(settings).files(of: entry)
        }
        let text = error.description.replacingOccurrences(of: sandbox.root.path, with: "ROOT")
        #expect(
            text == """
                the data set tiny cannot be fetched
                  looked in  ROOT/own (MARTLET_DATA): no such folder
                             ROOT/home/.cache/martlet/tiny (Martlet's cache): no such folder
                             ROOT/data (torchvision): no such folder
                             ROOT/home/.cache/torch (torchvision): no such folder
                             ROOT/home/.cache/torch/datasets (torchvision): no such folder
                             ROOT/home/.keras/datasets (Keras): ROOT/home/.keras/datasets lacks \
                test-idx.gz
                             ROOT/home/.cache/paddle/dataset (PaddlePaddle): no such folder
                             ROOT/home/.cache/paddle/dataset/cifar (PaddlePaddle): no such folder
                  tried      http://127.0.0.1:1/train-idx.gz: the server cannot be reached (2 tries)
                  fix        put into ROOT/home/.cache/martlet/tiny, or into a folder that \
                MARTLET_DATA names:
                               train-idx.gz, test-idx.gz
                             or name a server that has them with MARTLET_MIRROR=https://…
                """)
        settings.isOffline = true
        let offline = try #require(throws: FetchError.self) {
            try DatasetFetcher(settings).files(of: entry)
        }
        #expect(
            offline.description.hasPrefix(
                "the data set tiny is not on this machine, and the network is off\n  looked in  "))
    }

    @Test func withoutAHomeThereIsNoCache() throws {
        let sandbox = try Sandbox()
        var settings = FetchSettings(environment: [:])
        settings.workingFolder = sandbox.root
        let error = try #require(throws: FetchError.self) {
            try DatasetFetcher(settings).files(of: set.entry(["http://127.0.0.1:1/"]))
        }
        #expect(error.kind == .unwritable)
        #expect(error.problem == "no folder for a cache: XDG_CACHE_HOME and HOME are not set")
    }
}
