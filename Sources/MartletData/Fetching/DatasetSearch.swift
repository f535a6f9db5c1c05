import Foundation

/// What was found in one folder that was looked into.
public struct PlaceReport: Hashable, Sendable {
    /// The folder.
    public var folder: URL
    /// Whose folder it is.
    public var owner: String
    /// What was there: nothing, some of the files, damaged files.
    public var outcome: String
}

/// Looks for the files of a data set that are on this machine already.
struct DatasetSearch {
    let entry: DatasetEntry
    let places: [DataPlace]

    /// The files when they were found.
    private(set) var files: DatasetFiles?
    /// Every place that was looked into before.
    private(set) var reports: [PlaceReport] = []
    /// Damaged files that were passed over.
    private(set) var damaged: [FileReport] = []

    /// Looks into the places in their order until a whole set is found in one of them.
    init(_ entry: DatasetEntry, in places: [DataPlace]) {
        (self.entry, self.places) = (entry, places)
        for place in places {
            var problems: [String] = []
            for presence in FormPresence.all(entry, at: place) where files == nil {
                files = look(at: presence, isQuick: place.isOwn, &problems)
            }
            if files != nil { break }
            if problems.isEmpty {
                problems = [Self.isFolder(place.folder) ? "none of its files" : "no such folder"]
            }
            let folder =
                place.isOwn
                ? place.folder.appendingPathComponent(entry.name, isDirectory: true) : place.folder
            reports.append(
                PlaceReport(
                    folder: folder, owner: place.owner,
                    outcome: problems.joined(separator: "; ")))
        }
        files?.notes.insert(contentsOf: damaged.map(\.sentence), at: 0)
    }

    /// The files of one form when all of them are there and in order.
    ///
    /// - Parameter isQuick: trust files whose size is right; they were verified when they came.
    private mutating func look(
        at presence: FormPresence, isQuick: Bool, _ problems: inout [String]
    ) -> DatasetFiles? {
        guard presence.absent.isEmpty else {
            problems.append(
                "\(presence.folder.path) lacks \(presence.absent.joined(separator: ", "))")
            return nil
        }
        var chosen: [URL] = []
        var notes: [String] = []
        for (file, urls) in zip(presence.form.files, presence.files) {
            for url in urls {
                let check = FileCheck(file: file, dataset: entry.name, url: url)
                if isQuick && check.looksRight() {
                    chosen.append(url)
                    break
                }
                let report = VerifiedFiles.report(check)
                if report.isUsable {
                    if report.state == .unverified { notes.append(report.sentence) }
                    chosen.append(url)
                    break
                }
                problems.append(report.sentence)
                if report.state != .other { damaged.append(report) }
            }
        }
        guard chosen.count == presence.form.files.count else { return nil }
        var found = presence.found(chosen, of: entry)
        found.notes = notes
        return found
    }

    private static func isFolder(_ url: URL) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
            && isFolder.boolValue
    }
}
