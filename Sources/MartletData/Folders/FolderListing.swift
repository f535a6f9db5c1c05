import Foundation

/// The names in a folder, sorted byte by byte; hidden ones are left out.
///
/// The system's list says of nearly every entry what it is, so that 60,000 files take no 60,000
/// look-ups.
struct FolderListing {
    /// The names of folders, also of links to folders.
    private(set) var folders: [String] = []
    /// The names of files, also of links to files.
    private(set) var files: [String] = []
    /// Entries that cannot be used: broken links, pipes, names that are not UTF-8.
    private(set) var others: [String] = []

    /// Lists the folder at `path`.
    ///
    /// - Errors: `DataError` when it is not there or may not be read.
    init(_ path: String) throws(DataError) {
        guard let directory = opendir(path) else {
            throw DataError(
                .missing, file: path, expected: "a folder that can be read",
                found: String(cString: strerror(errno)))
        }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let kind = Int32(entry.pointee.d_type)
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(
                    to: CChar.self, capacity: MemoryLayout.size(ofValue: tuple.pointee)
                ) { String(validatingCString: $0) ?? "\u{FFFD}" + String(cString: $0) }
            }
            if name.hasPrefix(".") { continue }
            add(name, kind: kind, in: path)
        }
        folders.sort(by: Self.precedes)
        files.sort(by: Self.precedes)
        others.sort(by: Self.precedes)
    }

    private mutating func add(_ name: String, kind: Int32, in path: String) {
        if name.hasPrefix("\u{FFFD}") {
            others.append(name)
            return
        }
        switch kind {
        case Int32(DT_DIR): folders.append(name)
        case Int32(DT_REG): files.append(name)
        default:
            var status = stat()
            let found = stat(path + "/" + name, &status) == 0
            switch status.st_mode & S_IFMT {
            case S_IFDIR where found: folders.append(name)
            case S_IFREG where found: files.append(name)
            default: others.append(name)
            }
        }
    }

    /// The order of the names' bytes, the same in every language and on every system.
    static func precedes(_ one: String, _ other: String) -> Bool {
        one.utf8.lexicographicallyPrecedes(other.utf8)
    }

    /// What a folder holds, in a few words for a message.
    static func summary(of folder: URL) -> String {
        guard let listing = try? FolderListing(folder.path) else {
            return folder.isOrdinaryFile ? "a file" : "no such folder"
        }
        let names = listing.folders.map { $0 + "/" } + listing.files
        if names.isEmpty { return "an empty folder" }
        let first = names.prefix(6).joined(separator: ", ")
        return names.count > 6 ? "\(first) and \(names.count - 6) more" : first
    }
}

/// What a folder or file is on this disk, whatever name leads there.
struct FileIdentity: Hashable {
    private let device: UInt64
    private let number: UInt64

    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        (device, number) = (UInt64(status.st_dev), UInt64(status.st_ino))
    }
}
