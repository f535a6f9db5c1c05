import Foundation
import MartletData
import MartletFormats
import Testing

/// Servers that fail, and what is left behind then: nothing but hidden files.
@Suite struct DownloadFailureTests {
    private let set = TinySet()

    /// How a server fails, how often it is asked, and what is said about it.
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var requests: Int
        var reason: String
        var change: @Sendable (inout LocalServer.Answer) -> Void
    }

    static let cases = [
        Case(
            testDescription: "not found", requests: 1,
            reason: "the server answered with status 404", change: { $0.status = 404 }),
        Case(
            testDescription: "out of order", requests: 3,
            reason: "the server answered with status 503 (3 tries)",
            change: {
                $0 = LocalServer.Answer(status: 503, body: Array("busy".utf8), claimedLength: 4)
            }),
        Case(
            testDescription: "wrong bytes", requests: 1, reason: "the wrong bytes: ",
            change: { if !$0.body.isEmpty { $0.body[$0.body.count / 2] ^= 1 } }),
        Case(
            testDescription: "a page instead of the file", requests: 1, reason: "the wrong bytes: ",
            change: { $0 = .file(Array("<html>log in first</html>".utf8)) }),
        Case(
            testDescription: "claims too much", requests: 1,
            reason: "the server sends more than the 125",
            change: { $0.claimedLength = 1 << 40 }),
        Case(
            testDescription: "sends too much", requests: 1,
            reason: "the server sends more than the 125",
            change: {
                $0.claimedLength = nil
                $0.body += [UInt8](repeating: 0, count: 200_000)
            }),
        Case(
            testDescription: "cut without a length", requests: 1, reason: "the wrong bytes: ",
            change: {
                $0.claimedLength = nil
                $0.cut = 30_000
            }),
        Case(
            testDescription: "cut before any byte", requests: 3,
            reason: "the connection was cut after 0 of 60",
            change: { $0.cut = 0 }),
        Case(
            testDescription: "turns in a circle", requests: 6,
            reason: "more than 5 redirections",
            change: {
                $0.status = 302
                $0.headers["Location"] = "/train-idx.gz"
            }),
        Case(
            testDescription: "leads away from the web", requests: 1,
            reason: "a redirection away from the web",
            change: {
                $0.status = 302
                $0.headers["Location"] = "file:///etc/passwd"
            }),
    ]

    @Test(arguments: cases) func nothingIsLeftAndTheNextAddressIsAsked(case failing: Case) throws {
        let sandbox = try Sandbox()
        let bad = try LocalServer { [set] request, _ in
            var answer = set.answer(request)
            failing.change(&answer)
            return answer
        }
        let good = try LocalServer { [set] request, _ in set.answer(request) }
        defer {
            bad.stop()
            good.stop()
        }
        let error = try #require(throws: FetchError.self) {
            try sandbox.fetcher().files(of: set.entry([bad.address()]))
        }
        #expect(error.kind == .unavailable)
        #expect(error.attempts.map(\.address) == [bad.address("train-idx.gz")])
        #expect(error.attempts[0].reason.hasPrefix(failing.reason), "\(error.attempts)")
        #expect(bad.requests.count == failing.requests)
        #expect(sandbox.visible(sandbox.cache).isEmpty)
        // The test file is broken on the bad server, too, so both come from the good one.
        var settings = sandbox.settings()
        settings.patience.attempts = 1
        let entry = set.entry([bad.address(), good.address()])
        _ = try DatasetFetcher(settings).files(of: entry)
        #expect(sandbox.visible(sandbox.cache) == ["test-idx.gz", "train-idx.gz"])
    }

    @Test func silenceIsGivenUp() throws {
        let sandbox = try Sandbox()
        let server = try LocalServer { [set] request, _ in
            var answer = set.answer(request)
            answer.stall = 0
            return answer
        }
        defer { server.stop() }
        var settings = sandbox.settings()
        (settings.patience.stall, settings.patience.attempts) = (0.5, 2)
        let error = try #require(throws: FetchError.self) {
            try DatasetFetcher(settings).files(of: set.entry([server.address()]))
        }
        #expect(error.attempts.map(\.reason) == ["no bytes came for 0.5 seconds (2 tries)"])
        #expect(sandbox.events.offsets == [0, 0])
        #expect(sandbox.visible(sandbox.cache).isEmpty)
    }

    /// What one address left behind does not count as progress of the next.
    @Test func aCutFileOfAnotherAddressIsNotProgress() throws {
        let sandbox = try Sandbox()
        let server = try LocalServer { [set] request, _ in
            var answer = set.answer(request)
            (answer.headers, answer.cut) = ([:], 20_000)
            return answer
        }
        defer { server.stop() }
        let error = try #require(throws: FetchError.self) {
            try sandbox.fetcher().files(of: set.entry([server.address(), "http://127.0.0.1:1/"]))
        }
        #expect(error.attempts.map { $0.reason.suffix(9) } == ["(3 tries)", "(3 tries)"])
    }

    @Test func withoutLibcurlTheErrorNamesThePackage() throws {
        let sandbox = try Sandbox()
        var settings = sandbox.settings()
        settings.openLibrary = {
            Result { () throws(CurlLibrary.Absent) in
                try CurlLibrary(["libcurl-absent.so.1", "libcurl-absent.so.2"])
            }
        }
        let error = try #require(throws: FetchError.self) {
            try DatasetFetcher(settings).files(of: set.entry(["http://127.0.0.1:1/"]))
        }
        #expect(error.kind == .unavailable && error.exitCode == 69)
        #expect(error.problem.hasPrefix("no libcurl to download with: "))
        #expect(error.problem.contains("absent.so.1") && error.problem.contains("absent.so.2"))
        #expect(error.fix[0].hasSuffix("apt-get install libcurl4"))
        #expect(!FileManager.default.fileExists(atPath: sandbox.cache.path))
    }

    @Test func aServerThatRecoversIsUsed() throws {
        let sandbox = try Sandbox()
        let server = try LocalServer { [set] request, count in
            count == 0 ? LocalServer.Answer(status: 500, claimedLength: 0) : set.answer(request)
        }
        defer { server.stop() }
        _ = try sandbox.fetcher().files(of: set.entry([server.address()]))
        #expect(server.requests.count == 3)
        #expect(sandbox.events.reasons == ["the server answered with status 500"])
    }

    @Test func redirectionsAreFollowed() throws {
        let sandbox = try Sandbox()
        let server = try LocalServer { [set] request, _ in
            guard request.path.hasPrefix("/old/") else { return set.answer(request) }
            let path = request.path.replacingOccurrences(of: "/old/", with: "/new/")
            return LocalServer.Answer(
                status: 301, headers: ["Location": path], claimedLength: 0)
        }
        defer { server.stop() }
        _ = try sandbox.fetcher().files(of: set.entry([server.address("old/")]))
        #expect(server.requests.count == 4)
    }

    @Test func aMirrorMayPackTheContentsAnew() throws {
        for knowsContents in [true, false] {
            let set = TinySet(knowsContents: knowsContents)
            let sandbox = try Sandbox()
            let server = try LocalServer { request, _ in
                .file(
                    packed(request.path.contains("train") ? set.train : set.test, .gzip, level: 0))
            }
            defer { server.stop() }
            let entry = set.entry([server.address()])
            if knowsContents {
                _ = try sandbox.fetcher().files(of: entry)
            } else {
                // Only the checksum of the published packing is known, so it must be that one.
                #expect(throws: FetchError.self) { try sandbox.fetcher().files(of: entry) }
                #expect(sandbox.visible(sandbox.cache).isEmpty)
            }
        }
    }

    @Test func onesOwnMirrorComesFirst() throws {
        let sandbox = try Sandbox()
        let server = try LocalServer { [set] request, _ in set.answer(request) }
        defer { server.stop() }
        let mirror = server.address("my/files")
        _ = try sandbox.fetcher(["MARTLET_MIRROR": mirror]).files(
            of: set.entry(["http://127.0.0.1:1/"]))
        #expect(
            server.requests.map(\.path) == [
                "/my/files/tiny/train-idx.gz", "/my/files/tiny/test-idx.gz",
            ])
    }

    @Test func theSetsOwnFolderOnAMirrorIsOptional() throws {
        let sandbox = try Sandbox()
        let server = try LocalServer { [set] request, _ in
            request.path.contains("/tiny/") ? LocalServer.Answer(status: 404) : set.answer(request)
        }
        defer { server.stop() }
        var settings = sandbox.settings()
        settings.mirror = server.address()
        let files = try DatasetFetcher(settings).files(of: set.entry(["http://127.0.0.1:1/"]))
        #expect(files.train == [sandbox.cache.appendingPathComponent("train-idx.gz").path])
    }

    @Test func offlineMeansNoRequest() throws {
        let server = try LocalServer { [set] request, _ in set.answer(request) }
        defer { server.stop() }
        for value in ["1", "true", "ON", "2"] {
            let sandbox = try Sandbox()
            let fetcher = sandbox.fetcher(["MARTLET_OFFLINE": value])
            let error = try #require(throws: FetchError.self) {
                try fetcher.files(of: set.entry([server.address()]))
            }
            #expect(error.kind == .missing && error.exitCode == 66 && error.attempts.isEmpty)
            #expect(sandbox.visible(sandbox.url("home")).isEmpty)
        }
        #expect(server.requests.isEmpty)
        #expect(!FetchSettings(environment: ["MARTLET_OFFLINE": "0"]).isOffline)
        #expect(!FetchSettings(isOffline: false, environment: ["MARTLET_OFFLINE": "1"]).isOffline)
    }

    @Test func aCacheThatCannotBeWrittenIsAnError() throws {
        let sandbox = try Sandbox()
        try sandbox.write([1], "home/.cache/martlet")
        let error = try #require(throws: FetchError.self) {
            try sandbox.fetcher().files(of: set.entry(["http://127.0.0.1:1/"]))
        }
        #expect(error.kind == .unwritable && error.exitCode == 73)
        #expect(error.problem.hasPrefix(sandbox.cache.path))
    }

    @Test(arguments: ["ftp://127.0.0.1/", "nonsense/", "http:///"])
    func addressesThatAreNoneAreSaidToBe(address: String) throws {
        let sandbox = try Sandbox()
        let error = try #require(throws: FetchError.self) {
            try sandbox.fetcher().files(of: set.entry([address]))
        }
        #expect(
            error.attempts.map(\.reason) == ["not an address that begins with http:// or https://"])
    }
}
