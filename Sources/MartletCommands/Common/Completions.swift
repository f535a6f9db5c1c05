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

    /// What lies in a folder and begins so; hidden files when a dot is written.
    ///
    /// A folder that is the only one comes with what is in it: a shell that took it for the end of the
    /// word would go on to the next.
    static func paths(_ beginning: String) -> [String] {
        // zsh would set a backslash before the tilde that it gets back.
        let isZsh = ProcessInfo.processInfo.environment["SAP_SHELL"] == "zsh"
        if isZsh && beginning.hasPrefix("~") { return [] }
        let found = entries(beginning)
        guard found.count == 1, found[0].hasSuffix("/") else { return found }
        return found + entries(found[0])
    }

    private static func entries(_ beginning: String) -> [String] {
        let end = beginning.lastIndex(of: "/").map { beginning.index(after: $0) }
        let folder = String(beginning[..<(end ?? beginning.startIndex)])
        let rest = String(beginning[(end ?? beginning.startIndex)...])
        // The shell hands the word over as it is written.
        let path = folder.isEmpty ? "." : (folder as NSString).expandingTildeInPath
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { $0.hasPrefix(rest) && $0.hasPrefix(".") == rest.hasPrefix(".") }
            .sorted()
            .map { name in
                var isFolder: ObjCBool = false
                _ = FileManager.default.fileExists(
                    atPath: path + "/" + name, isDirectory: &isFolder)
                return folder + name + (isFolder.boolValue ? "/" : "")
            }
    }
}
