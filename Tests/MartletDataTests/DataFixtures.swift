import Foundation
import MartletData
import MartletFormats
import Testing

/// The files of other frameworks that the tests of formats read too, and folders made for one test.
enum DataFixtures {
    static let folder: URL = {
        let path = ProcessInfo.processInfo.environment["MARTLET_FIXTURES"] ?? ""
        if !path.isEmpty { return URL(fileURLWithPath: path, isDirectory: true) }
        return URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("MartletFormatsTests/Fixtures")
    }()

    static func url(_ path: String) -> URL { folder.appendingPathComponent("data/" + path) }

    static func archive(_ path: String) throws -> NumpyArchive {
        try NumpyArchive(contentsOf: url(path))
    }

    static func json(_ path: String) throws -> [String: Any] {
        let data = try Data(contentsOf: url(path))
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    /// The names of the bad files in a description.
    static func bad(_ path: String) throws -> [String] {
        let list = try #require(try json(path)["bad"] as? [[String: Any]])
        return list.compactMap { $0["file"] as? String }
    }

    /// Runs `body` with an empty folder that is removed afterwards.
    static func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("martlet-data-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }

    /// Writes a file, with the folders above it.
    static func write(_ bytes: [UInt8], to url: URL) throws {
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }

    static func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: url(path))) }

    /// The text of the error that `body` must throw, of `DataError` or `FormatError`.
    static func refusal(
        _ what: String = "it", location: SourceLocation = #_sourceLocation,
        _ body: () throws -> Void
    ) -> String {
        do {
            try body()
            Issue.record("\(what) was read", sourceLocation: location)
        } catch let error as DataError {
            return "\(error)"
        } catch let error as FormatError {
            return "\(error)"
        } catch {
            Issue.record("\(what): \(error)", sourceLocation: location)
        }
        return ""
    }
}

extension Dataset {
    /// The bytes of all pictures, one after the other.
    func allBytes() throws -> [UInt8] { try indices.flatMap { try image($0) } }

    /// The sum of the bytes of each picture.
    func sums() throws -> [Int] { try indices.map { try image($0).reduce(0) { $0 + Int($1) } } }
}
