import Foundation

/// What the shell offers for arguments that are names or paths.
enum Completions {
    /// The data sets that are known by name; a test compares them with the library's own list, which
    /// takes longer to make.
    static let dataSets = ["digits", "mnist", "fashion-mnist", "kmnist", "cifar10", "cifar100"]

    /// Data sets, and what lies in the folder that is being written.
    static func dataSetsAndPaths(_ words: [String], _ index: Int, _ beginning: String) -> [String] {
        names(dataSets, beginning) + paths(beginning)
    }

    static func names(_ names: [String], _ beginning: String) -> [String] {
        names.filter { $0.hasPrefix(beginning) }
    }

    static func paths(_ beginning: String) -> [String] {
        let end = beginning.lastIndex(of: "/").map { beginning.index(after: $0) }
        let folder = String(beginning[..<(end ?? beginning.startIndex)])
        let rest = String(beginning[(end ?? beginning.startIndex)...])
        let entries = try? FileManager.default.contentsOfDirectory(
            atPath: folder.isEmpty ? "." : folder)
        return (entries ?? []).filter { $0.hasPrefix(rest) && !$0.hasPrefix(".") }.sorted()
            .map { name in
                var isFolder: ObjCBool = false
                _ = FileManager.default.fileExists(atPath: folder + name, isDirectory: &isFolder)
                return folder + name + (isFolder.boolValue ? "/" : "")
            }
    }
}
