import Foundation

/// The files of one form of a data set that lie in one folder; there is at least one.
struct FormPresence {
    let form: PublishedForm
    let folder: URL
    /// For each file of the form those that are there, under any of its names.
    let files: [[URL]]

    /// The published names of files that are not there under any name.
    var absent: [String] {
        zip(form.files, files).filter { $0.1.isEmpty }.map { $0.0.name }
    }

    /// All forms of `entry` of which something lies at `place`, the preferred one first.
    static func all(_ entry: DatasetEntry, at place: DataPlace) -> [FormPresence] {
        place.candidates(entry).flatMap { folder in
            entry.forms.flatMap { form in
                let below = form.subfolders.map { folder.appendingPathComponent($0) }
                return (below + [folder]).compactMap { FormPresence(form, in: $0) }
            }
        }
    }

    private init?(_ form: PublishedForm, in folder: URL) {
        (self.form, self.folder) = (form, folder)
        files = form.files.map { file in
            file.names.map { folder.appendingPathComponent($0) }.filter(Self.isFile)
        }
        guard files.contains(where: { !$0.isEmpty }) else { return nil }
        // A lone file with a name such as "train" need not be of this set.
        let isNamedPlainly = form.files.allSatisfy { $0.nature == .batch && !$0.name.contains("_") }
        let isOwnFolder = form.subfolders.contains { folder.path.hasSuffix("/" + $0) }
        if isNamedPlainly && !isOwnFolder && !absent.isEmpty { return nil }
    }

    private static func isFile(_ url: URL) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
            && !isFolder.boolValue
    }

    /// Where the files are, when one URL was chosen for each file of the form.
    func found(_ urls: [URL], of entry: DatasetEntry) -> DatasetFiles {
        if form.isArchive {
            return DatasetFiles(
                dataset: entry.name, form: form.form, archive: urls.first,
                train: form.trainMembers, test: form.testMembers, notes: [])
        }
        let paths = urls.map(\.path)
        return DatasetFiles(
            dataset: entry.name, form: form.form, archive: nil,
            train: Array(paths.prefix(form.train.count)),
            test: Array(paths.dropFirst(form.train.count)), notes: [])
    }
}
