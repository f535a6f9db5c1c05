import Foundation
import Martlet
import MartletFormats
import MartletReference
import Testing

/// The files that the tests read.
enum Fixtures {
    static func url(_ path: String) -> URL {
        neighbour("MartletFormatsTests/Fixtures").appendingPathComponent(path)
    }

    /// A file that another group of tests keeps.
    static func neighbour(_ path: String) -> URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent(path)
    }

    /// A file that does not come with the tests: in a folder `shared/fixtures` beside the package;
    /// `nil`, with a message, where it is absent.
    static func shared(_ path: String) -> URL? {
        let url = neighbour("../../shared/fixtures/\(path)").standardizedFileURL
        if FileManager.default.fileExists(atPath: url.path) { return url }
        print("skipped: \(path) is not here")
        return nil
    }

    /// The engines of this machine.
    static let engines: [any Engine] = {
        let engines: [any Engine] = [ReferenceEngine()]
        return engines + ((try? Engines.make(.oneDNN)).map { [$0] } ?? [])
    }()

    static func archive(_ path: String) throws -> NumpyArchive {
        try NumpyArchive(contentsOf: url(path))
    }

    static func json(_ path: String) throws -> [String: Any] {
        let data = try Data(contentsOf: url(path))
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    /// Records an issue unless every number is within the tolerance: |a − b| ≤ atol + rtol·|b|.
    static func expectClose(
        _ found: HostTensor, _ expected: HostTensor, relative: Double = 1e-4,
        absolute: Double = 1e-5, _ what: String, location: SourceLocation = #_sourceLocation
    ) {
        #expect(found.type == expected.type, "\(what)", sourceLocation: location)
        guard found.type == expected.type else { return }
        let worst = zip(found.doubles, expected.doubles).map { a, b in
            a.isNaN || b.isNaN ? .infinity : abs(a - b) - absolute - relative * abs(b)
        }.max()
        #expect((worst ?? 0) <= 0, "\(what): off by \(worst ?? 0)", sourceLocation: location)
    }
}
