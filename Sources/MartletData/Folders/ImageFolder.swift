import Foundation
import MartletFormats

/// A folder with one folder of pictures for each class, and what was found in it.
///
///     root/cat/1.jpg  root/cat/2.png  root/dog/1.jpg          one part
///     root/train/cat/1.jpg …  root/test/cat/9.jpg …            parts
///
/// Classes are numbered by the order of their names' bytes. Pictures may lie in folders below the
/// class. Hidden files are left out, and links from a class folder to folders outside of it are not
/// followed.
public struct ImageFolder: Sendable {
    /// The folder that holds the classes.
    public let root: URL
    /// The names of the classes; class `k` is `classNames[k]`.
    public let classNames: [String]
    /// The names of the class folders without a picture.
    public let emptyClasses: [String]
    /// Files that are no pictures by their names' endings, entries that cannot be read as files, and
    /// links that lead out of their class.
    public let otherFiles: [String]
    /// Pictures by their names that lie beside the class folders and so have no class.
    public let loosePictures: [String]
    /// The class of each picture.
    let labels: [Int32]
    let files: PictureFileList

    /// The endings of the names that count as pictures, without regard to case.
    public static let endings: Set<String> = ["jpg", "jpeg", "jpe", "jfif", "png", "bmp", "gif"]

    /// The number of pictures.
    public var count: Int { labels.count }

    /// Lists a folder; no picture is read yet.
    ///
    /// - Parameters:
    ///   - root: the folder of the class folders.
    ///   - classNames: the classes in their order, as another part of the set has them; by default
    ///     those of the folder.
    /// - Errors: `DataError` when the folder has no pictures in classes, or a class that
    ///   `classNames` does not name.
    public init(_ root: URL, classNames: [String]? = nil) throws(DataError) {
        let top = try FolderListing(root.path)
        let names = classNames ?? top.folders
        for folder in top.folders where !names.contains(folder) {
            throw DataError(
                .unsuitable, file: root.appendingPathComponent(folder).path,
                expected: "one of the classes \(Self.few(names))", found: "the class \(folder)")
        }
        var walk = FolderWalk()
        var (labels, empty) = ([Int32](), [String]())
        for (number, name) in names.enumerated() {
            let before = walk.files.count
            // The same letters can be written with other bytes.
            if let folder = top.folders.first(where: { $0 == name }) {
                try walk.add(root.path + "/" + folder)
            }
            labels += [Int32](repeating: Int32(number), count: walk.files.count - before)
            if walk.files.count == before { empty.append(name) }
        }
        guard !labels.isEmpty else {
            throw DataError(
                .missing, file: root.path,
                expected: "folders of pictures, one for each class",
                found: FolderListing.summary(of: root),
                fix: "put pictures (\(Self.endings.sorted().joined(separator: ", "))) into "
                    + "folders that have the names of their classes")
        }
        (self.root, self.classNames, self.labels) = (root, names, labels)
        (emptyClasses, files) = (empty, walk.files)
        loosePictures = top.files.filter(Self.isPicture).map { root.path + "/" + $0 }
        otherFiles =
            top.files.filter { !Self.isPicture($0) }.map { root.path + "/" + $0 } + walk.others
    }

    /// Lists one part of a folder that has parts, or the whole of one that has none.
    ///
    /// A part is a folder `train` or `training`; `val`, `valid` or `validation`; `test` or `testing`,
    /// in small letters or capitals. The classes of all parts are those of the training part.
    ///
    /// - Errors: `DataError` also when the folder does not have the part.
    public init(_ root: URL, split: Split) throws(DataError) {
        guard let training = Self.part(.train, of: root) else {
            guard split == .train else {
                throw DataError(
                    .missing, file: root.path,
                    expected: "the folders train and \(Self.partNames(split)[0])",
                    found: FolderListing.summary(of: root),
                    fix: "name another part; in Swift, split(fraction:) holds out some pictures")
            }
            try self.init(root)
            return
        }
        if split == .train {
            try self.init(training)
            return
        }
        guard let folder = Self.part(split, of: root) else {
            throw DataError(
                .missing, file: root.path,
                expected: "a folder \(Self.partNames(split).joined(separator: " or "))",
                found: FolderListing.summary(of: root))
        }
        try self.init(folder, classNames: try FolderListing(training.path).folders)
    }

    /// The folder of a part, `nil` when there is none; small letters go before capitals.
    package static func part(_ split: Split, of root: URL) -> URL? {
        guard let folders = try? FolderListing(root.path).folders else { return nil }
        let names = partNames(split)
        let name =
            names.first { folders.contains($0) }
            ?? names.lazy.compactMap { name in folders.first { $0.lowercased() == name } }.first
        return name.map { root.appendingPathComponent($0) }
    }

    /// The names of folders that are no part, and of pictures, beside the parts of a folder.
    package static func besideParts(of root: URL) -> (folders: [String], pictures: [String]) {
        guard let listing = try? FolderListing(root.path) else { return ([], []) }
        let parts = Split.allCases.compactMap { part($0, of: root)?.lastPathComponent }
        return (listing.folders.filter { !parts.contains($0) }, listing.files.filter(isPicture))
    }

    /// Whether a file counts as a picture by the ending of its name.
    static func isPicture(_ name: String) -> Bool {
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return false }
        return endings.contains(name[name.index(after: dot)...].lowercased())
    }

    private static func partNames(_ split: Split) -> [String] {
        switch split {
        case .train: ["train", "training"]
        case .validation: ["val", "valid", "validation"]
        case .test: ["test", "testing"]
        }
    }

    private static func few(_ names: [String]) -> String {
        names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", …" : "")
    }

    /// The path of a picture.
    ///
    /// - Precondition: `index` is in `0 ..< count`.
    public func path(of index: Int) -> String { files.path(of: index) }

    /// Size and channels of the first picture that can be read.
    ///
    /// - Errors: the `FormatError` of the first picture when none can be read, `DataError` for one
    ///   with a side of more than 65,535 pixels.
    public func firstPreparation(fit: PicturePreparation.Fit = .squash) throws
        -> PicturePreparation
    {
        var first: (any Error)?
        for index in 0..<count {
            let picture: Picture
            do {
                picture = try Picture(FileContents(path: path(of: index), limit: 1 << 30))
            } catch {
                first = first ?? error
                continue
            }
            let largest = PicturePreparation.largestSide
            guard picture.width <= largest, picture.height <= largest else {
                throw DataError(
                    .unsuitable, file: path(of: index),
                    expected: "a picture of at most \(largest) x \(largest) pixels",
                    found: "\(picture.width) x \(picture.height)",
                    fix: "name the size that all pictures are brought to")
            }
            return PicturePreparation(
                width: picture.width, height: picture.height, channels: picture.channels, fit: fit)
        }
        throw first
            ?? DataError(
                .missing, file: root.path, expected: "a picture", found: "none")
    }

    /// The pictures as a data set that decodes them when they are asked for.
    ///
    /// - Parameters:
    ///   - preparation: the size and form of all pictures; by default those of the first.
    ///   - memoryLimit: the most bytes of decoded pictures that are kept between epochs; by default
    ///     an eighth of the memory that the process may use.
    ///   - name: what the data is called in messages.
    /// - Errors: as `firstPreparation`.
    public func dataset(
        preparation: PicturePreparation? = nil, memoryLimit: Int? = nil, name: String? = nil
    ) throws -> Dataset {
        let preparation = try preparation ?? firstPreparation()
        return Dataset(
            name: name ?? root.lastPathComponent,
            source: PictureFiles(
                files, preparation, memoryLimit: memoryLimit ?? PictureCache.defaultLimit),
            records: Array(0..<count), imageShape: preparation.imageShape, labels: labels,
            classNames: classNames)
    }
}
