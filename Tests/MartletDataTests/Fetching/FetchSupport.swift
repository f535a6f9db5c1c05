import Foundation
import MartletData
import MartletFormats
import Testing

/// A data set of two small files, published as MNIST is.
struct TinySet {
    let train: [UInt8]
    let test: [UInt8]
    let trainFile: PublishedFile
    let testFile: PublishedFile

    init(knowsContents: Bool = true) {
        (train, test) = (Self.noise(60_000, seed: 1), Self.noise(9000, seed: 2))
        func published(_ name: String, _ contents: [UInt8]) -> PublishedFile {
            let gzip = packed(contents, .gzip)
            return PublishedFile(
                name: name + ".gz", otherNames: [name], nature: .idx, packedSize: gzip.count,
                contentSize: contents.count, packedChecksum: .of(gzip, .sha256),
                contentChecksum: knowsContents ? .of(contents, .md5) : nil)
        }
        (trainFile, testFile) = (published("train-idx", train), published("test-idx", test))
    }

    var trainGzip: [UInt8] { packed(train, .gzip) }
    var testGzip: [UInt8] { packed(test, .gzip) }

    func entry(_ mirrors: [String]) -> DatasetEntry {
        DatasetEntry(
            name: "tiny", title: "Tiny", classNames: ["a", "b"], trainCount: 2, testCount: 1,
            imageShape: [1, 1, 1], layouts: ["tiny", "Tiny/raw"],
            forms: [
                PublishedForm(
                    form: .idx, train: [trainFile], test: [testFile], mirrors: mirrors)
            ])
    }

    /// The right answer to a request.
    func answer(_ request: LocalServer.Request) -> LocalServer.Answer {
        if request.path.hasSuffix("/train-idx.gz") { return .file(trainGzip, tag: "\"1\"") }
        if request.path.hasSuffix("/test-idx.gz") { return .file(testGzip, tag: "\"2\"") }
        return LocalServer.Answer(status: 404)
    }

    /// Bytes that no packing makes smaller.
    static func noise(_ count: Int, seed: UInt64) -> [UInt8] {
        var state = seed
        return (0..<count).map { _ in
            // Knuth's MMIX generator; the high bits are random enough.
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 40)
        }
    }
}

/// A home folder of its own for a test, with short waiting times.
final class Sandbox: Sendable {
    let root: URL
    let events = EventLog()

    init() throws {
        root = FileManager.default.temporaryDirectory
            .appendingPathComponent("martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: url("home"), withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    func url(_ path: String) -> URL { root.appendingPathComponent(path) }

    /// The folder of the set `tiny` in Martlet's cache.
    var cache: URL {
        root.appendingPathComponent("home/.cache/martlet/tiny", isDirectory: true)
    }

    func settings(_ environment: [String: String] = [:], folder: URL? = nil) -> FetchSettings {
        var variables = environment
        variables["HOME"] = url("home").path
        var settings = FetchSettings(folder: folder, environment: variables)
        settings.workingFolder = root
        settings.patience.attempts = 3
        settings.patience.backOff = 0.01
        settings.patience.poll = 0.005
        settings.onEvent = { [events] in events.append($0) }
        return settings
    }

    func fetcher(_ environment: [String: String] = [:], folder: URL? = nil) -> DatasetFetcher {
        DatasetFetcher(settings(environment, folder: folder))
    }

    func write(_ bytes: [UInt8], _ path: String) throws {
        try AtomicFile.write(bytes, to: url(path))
    }

    /// The names in a folder that a listing shows, sorted.
    func visible(_ folder: URL) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted()
    }

    /// Every path below a folder with its date of change.
    func state(of path: String) -> [String: Date] {
        let base = url(path)
        let names = FileManager.default.enumerator(atPath: base.path)?.allObjects as? [String]
        var state: [String: Date] = [:]
        for name in names ?? [] {
            let attributes = try? FileManager.default.attributesOfItem(
                atPath: base.appendingPathComponent(name).path)
            state[name] = attributes?[.modificationDate] as? Date
        }
        return state
    }
}

/// The events of a download, in their order.
final class EventLog: @unchecked Sendable {
    private let lock = NSLock()
    private var events: [FetchEvent] = []

    func append(_ event: FetchEvent) { lock.withLock { events.append(event) } }

    var all: [FetchEvent] { lock.withLock { events } }

    /// Blocks until an event has come; at most a minute, so that a failing test ends.
    func wait(for event: FetchEvent) {
        let limit = Date().addingTimeInterval(60)
        while !all.contains(event) && Date() < limit { Thread.sleep(forTimeInterval: 0.005) }
    }

    /// The reasons of all failed tries.
    var reasons: [String] {
        all.compactMap { if case .failed(_, let reason, _) = $0 { reason } else { nil } }
    }

    /// The bytes from which requests started.
    var offsets: [Int] {
        all.compactMap { if case .started(_, let offset) = $0 { offset } else { nil } }
    }
}

/// Work on a thread of its own; tasks could all wait for one that never gets a thread.
final class Background<Value: Sendable>: @unchecked Sendable {
    private let done = DispatchSemaphore(value: 0)
    // Written once before `done` is signalled.
    private var result: Result<Value, any Error>?

    init(_ work: @escaping @Sendable () throws -> Value) {
        Thread.detachNewThread { [self] in
            result = Result(catching: work)
            done.signal()
        }
    }

    /// The result, once it is there.
    func wait() throws -> Value {
        done.wait()
        return try #require(result).get()
    }
}
