import Foundation
import MartletFormats
import MartletGraph
import Testing

/// The files that the tests read; `MARTLET_FIXTURES` names another folder of them.
enum Fixtures {
    static let folder: URL = {
        let path = ProcessInfo.processInfo.environment["MARTLET_FIXTURES"] ?? ""
        if !path.isEmpty { return URL(fileURLWithPath: path, isDirectory: true) }
        return Bundle.module.bundleURL.appendingPathComponent("Fixtures")
    }()

    /// A file that stays with the tests, whatever `MARTLET_FIXTURES` says.
    static func own(_ path: String) throws -> FileContents {
        try FileContents(contentsOf: ownURL(path))
    }

    static func ownURL(_ path: String) -> URL {
        Bundle.module.bundleURL.appendingPathComponent("Fixtures").appendingPathComponent(path)
    }

    static func url(_ path: String) -> URL { folder.appendingPathComponent(path) }

    /// A file that does not come with the tests: below `MARTLET_FIXTURES`, or in a folder
    /// `shared/fixtures` beside the package; `nil`, with a message, where it is absent.
    static func shared(_ path: String) -> URL? {
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let beside = package.deletingLastPathComponent().appendingPathComponent("shared/fixtures")
        let found = [folder, beside].map { $0.appendingPathComponent(path) }
            .first { FileManager.default.fileExists(atPath: $0.path) }
        if found == nil { print("skipped: \(path) is not here; MARTLET_FIXTURES names its folder") }
        return found
    }

    static func contents(_ path: String) throws -> FileContents {
        try FileContents(contentsOf: url(path))
    }

    static func archive(_ path: String) throws -> NumpyArchive {
        try NumpyArchive(contentsOf: url(path))
    }

    static func json(_ path: String) throws -> [String: Any] {
        let data = try Data(contentsOf: url(path))
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    /// The `bad` list of a JSON file: names, what they are and what must happen.
    static func bad(_ path: String, key: String = "bad") throws -> [BadFile] {
        let list = try #require(try json(path)[key] as? [[String: Any]])
        return list.compactMap {
            guard let file = $0["file"] as? String, let must = $0["must"] as? String else {
                return nil
            }
            return BadFile(
                file: file, must: must, what: $0["what"] as? String ?? "",
                category: $0["category"] as? String ?? "")
        }
    }

    /// What the malicious files would make if they were run.
    static let traceOfAttack = "/tmp/martlet_pwned"

    /// Runs `body`, which must throw a `FormatError` that names its file; returns its text.
    @discardableResult
    static func expectRefusal(
        _ name: String, _ body: () throws -> Void, location: SourceLocation = #_sourceLocation
    ) -> FormatError? {
        do {
            try body()
            Issue.record("\(name) was read", sourceLocation: location)
        } catch let error as FormatError {
            #expect(!error.file.isEmpty && !error.expected.isEmpty, sourceLocation: location)
            #expect(!error.found.isEmpty, "\(name): \(error)", sourceLocation: location)
            return error
        } catch {
            Issue.record("\(name): \(error)", sourceLocation: location)
        }
        #expect(!FileManager.default.fileExists(atPath: traceOfAttack), sourceLocation: location)
        return nil
    }
}

struct BadFile {
    var file: String
    var must: String
    var what: String
    var category: String
}
