import Foundation
import MartletFormats

extension Dataset {
    /// Reads labelled pictures from a file or folder of any form that is known here.
    ///
    /// A folder is one of idx files (`idx(folder:)`), of CIFAR (`cifar10(folder:)`), of pictures in
    /// class folders (`imageFolder`), or holds one archive or table. A file is an `.npz` archive, a
    /// `.json` or `.json.gz` of PaddlePaddle, a table `.csv`, one batch of CIFAR, or the images of a
    /// pair of idx files.
    ///
    /// - Parameters:
    ///   - url: the file or folder.
    ///   - split: the part that is read; a file without parts is all `train`.
    /// - Errors: `DataError` that tells what was expected when the form is not known or has no such
    ///   part; those of the readers.
    public init(contentsOf url: URL, split: Split = .train) throws {
        if url.isFolder {
            self = try Self.folder(url, split)
        } else if url.isOrdinaryFile {
            self = try Self.file(url, split)
        } else {
            throw DataError(
                .missing, file: url.path, expected: "a file or folder of labelled pictures",
                found: "nothing of that name")
        }
    }

    private static func folder(_ folder: URL, _ split: Split) throws -> Dataset {
        if holdsIDX(folder) {
            return try idx(folder: folder, split: split, name: folder.lastPathComponent)
        }
        let cifar = holdsCIFAR(folder)
        if cifar.ten { return try cifar10(folder: folder, split: split) }
        if cifar.hundred { return try cifar100(folder: folder, split: split) }
        let listing = try FolderListing(folder.path)
        let archives = listing.files.filter { name in
            [".npz", ".json.gz", ".json", ".csv", ".csv.gz"].contains { name.hasSuffix($0) }
        }
        if archives.count == 1 {
            return try file(folder.appendingPathComponent(archives[0]), split)
        }
        let tables = archives.filter { $0.contains(".csv") && $0.contains(split.rawValue) }
        if tables.count == 1 {
            return try pixelTable(contentsOf: folder.appendingPathComponent(tables[0]))
        }
        if !listing.folders.isEmpty { return try imageFolder(folder, split: split) }
        let hasPictures = listing.files.contains { name in
            ImageFolder.endings.contains((name as NSString).pathExtension.lowercased())
        }
        throw unknown(
            folder, found: FolderListing.summary(of: folder),
            fix: hasPictures
                ? "put the pictures into folders that have the names of their classes" : "")
    }

    private static func file(_ file: URL, _ split: Split) throws -> Dataset {
        let name = file.lastPathComponent.lowercased()
        if name.hasSuffix(".npz") { return try npz(contentsOf: file, split: split) }
        if name.hasSuffix(".json") || name.hasSuffix(".json.gz") {
            return try paddleJSON(contentsOf: file, split: split)
        }
        guard split == .train else {
            throw DataError(
                .missing, file: file.path, expected: "a file with several parts",
                found: "a file that is one part",
                fix: "name another part; in Swift, split(fraction:) holds out some pictures")
        }
        if name.hasSuffix(".csv") || name.hasSuffix(".csv.gz") {
            return try pixelTable(contentsOf: file)
        }
        if let labels = labelFile(besides: file) {
            return try idx(images: file, labels: labels, name: file.lastPathComponent)
        }
        if name.hasSuffix(".bin") || name.contains("_batch") {
            return try Self.cifar(
                [file], labels: .ten, name: file.lastPathComponent, classNames: cifar10Names)
        }
        throw unknown(file, found: ForeignFile.name(of: [UInt8](try opening(of: file))))
    }

    /// The labels that belong to a file of images in idx format, by its name.
    private static func labelFile(besides images: URL) -> URL? {
        let name = images.lastPathComponent
        for (one, other) in [
            ("-images-idx3-", "-labels-idx1-"), ("-images.idx3-", "-labels.idx1-"),
        ] where name.contains(one) {
            let stem = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
            return images.deletingLastPathComponent()
                .plainOrPacked(stem.replacingOccurrences(of: one, with: other))
        }
        return nil
    }

    private static func opening(of file: URL) throws -> Data {
        do {
            let handle = try FileHandle(forReadingFrom: file)
            defer { try? handle.close() }
            return try handle.read(upToCount: 64) ?? Data()
        } catch {
            throw DataError(
                .missing, file: file.path, expected: "a file that can be read",
                found: error.plainReason)
        }
    }

    private static func unknown(_ url: URL, found: String, fix: String = "") -> DataError {
        DataError(
            .unsuitable, file: url.path,
            expected: "idx files, .npz, .json.gz, .csv, batches of CIFAR, or class folders of "
                + "pictures",
            found: found, fix: fix)
    }
}
