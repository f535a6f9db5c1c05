import Foundation
import MartletFormats

/// Pictures in files, decoded when they are asked for, and kept as far as memory is granted.
struct PictureFiles: ImageSource {
    /// How a file becomes bytes.
    let preparation: PicturePreparation
    private let files: PictureFileList
    private let cache: PictureCache

    /// Takes the files of a list.
    ///
    /// - Parameter memoryLimit: The most bytes of prepared pictures that are kept.
    init(_ files: PictureFileList, _ preparation: PicturePreparation, memoryLimit: Int) {
        (self.files, self.preparation) = (files, preparation)
        cache = PictureCache(
            count: files.count, imageSize: preparation.imageSize, limit: memoryLimit)
    }

    var imageSize: Int { preparation.imageSize }

    func read(_ record: Int, into target: UnsafeMutableRawBufferPointer) throws {
        if cache.read(record, into: target) { return }
        try preparation.write(path: files.path(of: record), into: target)
        cache.keep(record, UnsafeRawBufferPointer(target))
    }

    func name(of record: Int) -> String { files.path(of: record) }

    func facts(of record: Int) throws -> PictureFacts {
        let file = try FileContents(path: files.path(of: record), limit: 1 << 30)
        let picture = try Picture(file, PictureReading(isUpright: preparation.isUpright))
        var hash = PixelHash()
        hash.add(UInt64(picture.width) << 32 | UInt64(picture.height) << 8)
        hash.add(UInt64(picture.channels))
        picture.samples.withUnsafeBytes { hash.add($0) }
        return PictureFacts(
            hash: hash, size: (picture.width, picture.height),
            isConstant: picture.samples.allSatisfy { $0 == picture.samples.first })
    }
}

/// The paths of many files, kept as folders and names to take little memory.
struct PictureFileList: Sendable {
    private(set) var folders: [String] = []
    private var names: [String] = []
    private var folderOfName: [Int32] = []

    /// The number of files.
    var count: Int { names.count }

    /// Adds files of one folder in their order.
    mutating func add(_ newNames: [String], in folder: String) {
        guard !newNames.isEmpty else { return }
        folders.append(folder)
        names += newNames
        folderOfName += [Int32](repeating: Int32(folders.count - 1), count: newNames.count)
    }

    /// The path of a file.
    func path(of index: Int) -> String { folders[Int(folderOfName[index])] + "/" + names[index] }
}
