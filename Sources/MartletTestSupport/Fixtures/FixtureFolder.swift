import Foundation

/// The folder with results of other frameworks: `ops/`, `nets/`, `optim/`.
public struct FixtureFolder: Sendable {
    /// The folder itself.
    public let url: URL

    /// The folder at `url`, whatever the environment says.
    public init(at url: URL) { self.url = url }

    /// The folder that the environment variable `MARTLET_FIXTURES` names, or `bundled` without it.
    public init(bundled: URL) {
        let path = ProcessInfo.processInfo.environment["MARTLET_FIXTURES"] ?? ""
        url = path.isEmpty ? bundled : URL(fileURLWithPath: path, isDirectory: true)
    }

    /// The file `name` of a part of the folder.
    public func file(_ part: String, _ name: String) -> URL {
        url.appendingPathComponent(part).appendingPathComponent(name)
    }

    /// The `.json` files of a part of the folder, sorted by name.
    ///
    /// - Throws: `FixtureError` when the part is absent or holds none.
    public func descriptions(of part: String) throws -> [URL] {
        let folder = url.appendingPathComponent(part)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let files = names.filter { $0.hasSuffix(".json") }.sorted()
        guard !files.isEmpty else {
            throw FixtureError(
                folder.path, "holds no fixtures", expected: ".json files with their .npz files",
                found: "\(names.count) other files")
        }
        return files.map { folder.appendingPathComponent($0) }
    }
}
