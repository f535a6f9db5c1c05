import Foundation

/// The folder of a model, in which other files may hold its weights; each is read once.
final class ONNXFolder {
    private let folder: URL
    private var files: [String: FileContents] = [:]

    init(_ folder: URL) { self.folder = folder }

    /// True for a path that cannot lead out of the folder, links aside.
    static func isInside(_ location: String) -> Bool {
        let parts = location.split(separator: "/", omittingEmptySubsequences: false)
        return !location.isEmpty && !location.contains("\\") && !location.utf8.contains(0)
            && !parts.contains("..") && !parts.contains("")
    }

    /// The bytes of a file in the folder.
    ///
    /// - Throws: `FormatError` also when a symbolic link leads out of the folder.
    func contents(_ location: String, of model: String) throws(FormatError) -> FileContents {
        if let known = files[location] { return known }
        let inside = folder.resolvingSymlinksInPath().standardizedFileURL.path
        let url = folder.appendingPathComponent(location).resolvingSymlinksInPath()
            .standardizedFileURL
        guard url.path.hasPrefix(inside.hasSuffix("/") ? inside : inside + "/") else {
            throw FormatError(
                .unsupported, file: model, place: location,
                expected: "weights in the model's own folder", found: "a link that leads elsewhere")
        }
        let contents = try FileContents(contentsOf: url)
        files[location] = contents
        return contents
    }
}
