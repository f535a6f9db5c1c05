import Foundation

/// Collects the pictures of class folders and of those below them.
///
/// Links may lead in circles, or out of the class, where pictures of other classes may be.
struct FolderWalk {
    private(set) var files = PictureFileList()
    private(set) var others: [String] = []

    /// Adds the pictures of one class; the folder itself may be a link to any place.
    mutating func add(_ folder: String) throws(DataError) {
        guard let top = Self.resolved(folder) else { return }
        var visited: Set<FileIdentity> = []
        try add(folder, inside: top, &visited)
    }

    private mutating func add(
        _ folder: String, inside top: String, _ visited: inout Set<FileIdentity>
    ) throws(DataError) {
        guard let place = Self.resolved(folder), let identity = FileIdentity(folder) else { return }
        guard place == top || place.hasPrefix(top == "/" ? top : top + "/") else {
            others.append(folder)
            return
        }
        // A folder that was seen before was reached through a link.
        guard visited.insert(identity).inserted else { return }
        let listing = try FolderListing(folder)
        let pictures = listing.files.filter(ImageFolder.isPicture)
        files.add(pictures, in: folder)
        if pictures.count < listing.files.count {
            let known = Set(pictures)
            others += listing.files.filter { !known.contains($0) }.map { folder + "/" + $0 }
        }
        others += listing.others.map { folder + "/" + $0 }
        for name in listing.folders { try add(folder + "/" + name, inside: top, &visited) }
    }

    /// The path without links, `nil` when there is nothing.
    private static func resolved(_ path: String) -> String? {
        guard let text = realpath(path, nil) else { return nil }
        defer { free(text) }
        return String(cString: text)
    }
}
