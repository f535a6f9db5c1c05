import Foundation
import MartletData
import MartletFormats
import Testing

@Suite struct DownloadTests {
    private let set = TinySet()

    @Test func filesAreFetchedOnceAndVerified() throws {
        let sandbox = try Sandbox()
        let server = try LocalServer { [set] request, _ in set.answer(request) }
        defer { server.stop() }
        let entry = set.entry([server.address()])
        let files = try sandbox.fetcher().files(of: entry)
        #expect(files.form == .idx && files.archive == nil && files.notes.isEmpty)
        #expect(files.train == [sandbox.cache.appendingPathComponent("train-idx.gz").path])
        #expect(sandbox.visible(sandbox.cache) == ["test-idx.gz", "train-idx.gz"])
        #expect(
            try FileContents(contentsOf: URL(fileURLWithPath: files.test[0])).bytes == set.testGzip)
        let last = sandbox.events.all.last { if case .received = $0 { true } else { false } }
        let size = set.testGzip.count
        #expect(last == .received(file: "test-idx.gz", count: size, total: size))
        #expect(try sandbox.fetcher().files(of: entry) == files)
        #expect(server.requests.count == 2)
    }

    @Test func aCutDownloadIsContinued() throws {
        let sandbox = try Sandbox()
        let server = try LocalServer { [set] request, count in
            guard request.path == "/train-idx.gz" else { return set.answer(request) }
            var answer = set.answer(request)
            if let start = request.start {
                return .rest(set.trainGzip, from: start, tag: "\"1\"")
            }
            if count == 0 { answer.cut = 20_000 }
            return answer
        }
        defer { server.stop() }
        _ = try sandbox.fetcher().files(of: set.entry([server.address()]))
        #expect(server.requests.map(\.start) == [nil, 20_000, nil])
        #expect(server.requests[1].headers["if-range"] == "\"1\"")
        #expect(sandbox.events.offsets == [0, 20_000, 0])
    }

    @Test func aLaterRunContinuesWhatAnEarlierOneLeft() throws {
        let sandbox = try Sandbox()
        let server = try LocalServer { [set] request, count in
            if let start = request.start {
                return .rest(set.trainGzip, from: start, tag: "\"1\"")
            }
            var answer = set.answer(request)
            if count == 0 { answer.cut = 20_000 }
            return answer
        }
        defer { server.stop() }
        let entry = set.entry([server.address()])
        var settings = sandbox.settings()
        settings.patience.attempts = 1
        let error = try #require(throws: FetchError.self) {
            try DatasetFetcher(settings).files(of: entry)
        }
        #expect(error.kind == .unavailable && error.exitCode == 69)
        #expect(sandbox.visible(sandbox.cache).isEmpty)
        _ = try DatasetFetcher(settings).files(of: entry)
        #expect(sandbox.events.offsets == [0, 20_000, 0])
        #expect(sandbox.visible(sandbox.cache) == ["test-idx.gz", "train-idx.gz"])
    }

    @Test func aServerWithoutRangesSendsEverythingAgain() throws {
        let sandbox = try Sandbox()
        let server = try LocalServer { [set] request, count in
            var answer = set.answer(request)
            if count == 0 { answer.cut = 20_000 }
            return answer
        }
        defer { server.stop() }
        _ = try sandbox.fetcher().files(of: set.entry([server.address()]))
        #expect(sandbox.events.offsets == [0, 20_000, 0])
    }

    /// The server ignores `If-Range` and continues a file that has changed meanwhile.
    @Test func aFileThatChangedIsNotContinued() throws {
        let sandbox = try Sandbox()
        let server = try LocalServer { [set] request, count in
            guard request.path == "/train-idx.gz" else { return set.answer(request) }
            if let start = request.start {
                return .rest(set.trainGzip, from: start, tag: "\"new\"")
            }
            var answer = LocalServer.Answer.file(set.trainGzip, tag: "\"new\"")
            if count == 0 {
                answer = .file([UInt8](repeating: 1, count: 60_000), tag: "\"old\"")
                answer.cut = 20_000
            }
            return answer
        }
        defer { server.stop() }
        _ = try sandbox.fetcher().files(of: set.entry([server.address()]))
        #expect(sandbox.events.offsets == [0, 20_000, 0, 0])
        #expect(sandbox.events.reasons.last == "the server cannot continue the download")
    }

    /// The pieces do not fit although the server says so: the file is fetched anew.
    @Test func aContinuedFileOfTheWrongBytesIsFetchedAnew() throws {
        let sandbox = try Sandbox()
        let server = try LocalServer { [set] request, count in
            guard request.path == "/train-idx.gz" else { return set.answer(request) }
            if let start = request.start {
                return .rest([UInt8](repeating: 1, count: 60_000), from: start, tag: "\"1\"")
            }
            var answer = set.answer(request)
            if count == 0 { answer.cut = 20_000 }
            return answer
        }
        defer { server.stop() }
        _ = try sandbox.fetcher().files(of: set.entry([server.address()]))
        #expect(sandbox.events.offsets == [0, 20_000, 0, 0])
        #expect(sandbox.events.reasons.last?.hasPrefix("the wrong bytes: ") == true)
    }

    @Test func twoFetchersShareOneDownload() throws {
        let sandbox = try Sandbox()
        let waiting = FetchEvent.waiting(folder: sandbox.cache)
        let server = try LocalServer { [set, events = sandbox.events] request, _ in
            // The first fetcher holds the lock until the second has met it.
            events.wait(for: waiting)
            return set.answer(request)
        }
        defer { server.stop() }
        let entry = set.entry([server.address()])
        let fetcher = sandbox.fetcher()
        let other = Background { try fetcher.files(of: entry) }
        #expect(try fetcher.files(of: entry) == other.wait())
        #expect(server.requests.count == 2)
        #expect(sandbox.events.all.contains(waiting))
    }

    @Test func aLockOfAnotherProcessIsWaitedFor() throws {
        let sandbox = try Sandbox()
        try sandbox.write([], "home/.cache/martlet/tiny/.lock")
        let descriptor = open(sandbox.cache.path + "/.lock", O_RDWR)
        defer { close(descriptor) }
        #expect(flock(descriptor, LOCK_EX) == 0)
        var settings = sandbox.settings()
        settings.isCancelled = { [events = sandbox.events] in !events.all.isEmpty }
        let error = try #require(throws: FetchError.self) {
            try DatasetFetcher(settings).files(of: set.entry(["http://127.0.0.1:1/"]))
        }
        #expect(error.kind == .cancelled)
        #expect(sandbox.events.all == [.waiting(folder: sandbox.cache)])
    }

    @Test func aDownloadCanBeCancelledAndContinued() throws {
        let sandbox = try Sandbox()
        let server = try LocalServer { [set] request, count in
            if let start = request.start {
                return .rest(set.trainGzip, from: start, tag: "\"1\"")
            }
            var answer = set.answer(request)
            if count == 0 { answer.stall = 20_000 }
            return answer
        }
        defer { server.stop() }
        let entry = set.entry([server.address()])
        var settings = sandbox.settings()
        settings.isCancelled = { [events = sandbox.events] in
            events.all.contains {
                if case .received(_, 20_000, _) = $0 { true } else { false }
            }
        }
        let error = try #require(throws: FetchError.self) {
            try DatasetFetcher(settings).files(of: entry)
        }
        #expect(error.kind == .cancelled && error.exitCode == 130)
        #expect(sandbox.visible(sandbox.cache).isEmpty)
        settings.isCancelled = { false }
        _ = try DatasetFetcher(settings).files(of: entry)
        #expect(sandbox.events.offsets == [0, 20_000, 0])
    }
}
