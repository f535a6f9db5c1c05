import Foundation
import MartletData
import MartletFormats

/// The pictures that arguments stand for: files as they are, folders with all pictures below them.
struct PicturePaths {
    /// The paths in the order of the arguments; those of a folder in the order of their bytes.
    private(set) var paths: [String] = []
    /// What cannot be a picture, and why: folders without any or that cannot be read, addresses in
    /// the web.
    private(set) var problems: [FormatError] = []

    /// Looks up what is a folder; files are not opened.
    init(_ arguments: [String]) {
        for argument in arguments {
            var isFolder: ObjCBool = false
            let isThere = FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder)
            if !isThere, ["http://", "https://"].contains(where: argument.hasPrefix) {
                problems.append(
                    FormatError(
                        .missing, file: argument, expected: "a picture on this machine",
                        found: "an address in the web", fix: "download it, then name the file"))
                continue
            }
            guard isThere, isFolder.boolValue else {
                paths.append(argument)
                continue
            }
            guard access(argument, R_OK | X_OK) == 0 else {
                problems.append(
                    FormatError(
                        .missing, file: argument, expected: "a folder that can be read",
                        found: String(cString: strerror(errno))))
                continue
            }
            let found = Self.pictures(in: argument)
            paths += found
            if found.isEmpty {
                problems.append(
                    FormatError(
                        .missing, file: argument,
                        expected: "pictures with the endings "
                            + ImageFolder.endings.sorted().joined(separator: ", "),
                        found: "a folder without any"))
            }
        }
    }

    private static func pictures(in folder: String) -> [String] {
        guard let walk = FileManager.default.enumerator(atPath: folder) else { return [] }
        let names = walk.compactMap { $0 as? String }.filter { name in
            !name.split(separator: "/").contains { $0.hasPrefix(".") }
                && ImageFolder.endings.contains((name as NSString).pathExtension.lowercased())
        }
        let base = folder.hasSuffix("/") ? folder : folder + "/"
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { base + $0 }
    }
}
