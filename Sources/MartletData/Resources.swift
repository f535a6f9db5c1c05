import Foundation

/// Finds the files that come with Martlet.
///
/// SwiftPM's own `Bundle.module` ends the process when the folder was moved away; this looks in
/// the same places and reports what it looked for.
enum Resources {
    #if os(Linux)
        private static let folder = "Martlet_MartletData.resources"
    #else
        private static let folder = "Martlet_MartletData.bundle"
    #endif

    /// Where `name` may lie: beside the program, in an app's resources, in the sources.
    private static func candidates(_ name: String) -> [URL] {
        let roots = [
            Bundle.main.bundleURL, Bundle.main.resourceURL,
            Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent(),
        ]
        let beside = roots.compactMap { $0 }.flatMap { root in
            [
                root.appendingPathComponent(folder).appendingPathComponent(name),
                root.appendingPathComponent(folder)
                    .appendingPathComponent("Contents/Resources").appendingPathComponent(name),
            ]
        }
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Resources").appendingPathComponent(name)
        return beside + [source]
    }

    /// The place of the file `name`, or what is missing.
    static func url(of name: String) throws(DataError) -> URL {
        let candidates = candidates(name)
        if let url = candidates.first(where: { FileManager.default.isReadableFile(atPath: $0.path) }
        ) {
            return url
        }
        throw DataError(
            .missing, file: name, expected: "the file in the folder \(folder) beside the program",
            found: "no such file in any of its places",
            fix: "keep \(folder) in the folder that the program lies in")
    }
}
