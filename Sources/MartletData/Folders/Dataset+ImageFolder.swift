import Foundation

extension Dataset {
    /// What is done with pictures that cannot be decoded.
    public enum Damaged: Sendable {
        /// The one that is read first ends the reading with an error that names it.
        case fail
        /// All pictures are read once, and those that fail are left out.
        case skip
    }

    /// Reads a folder with one folder of pictures for each class.
    ///
    /// - Parameters:
    ///   - root: the folder of the classes, or of the parts `train`, `val` and `test`.
    ///   - split: the part that is read; a folder without parts is all `train`.
    ///   - preparation: the size and form of all pictures; by default those of the first training
    ///     picture.
    ///   - memoryLimit: the most bytes of decoded pictures that are kept between epochs; by default
    ///     an eighth of the memory that the process may use.
    ///   - damaged: what is done with pictures that cannot be decoded.
    /// - Errors: `DataError` for folders of another form; `FormatError` of a picture.
    public static func imageFolder(
        _ root: URL, split: Split = .train, preparation: PicturePreparation? = nil,
        memoryLimit: Int? = nil, damaged: Damaged = .fail
    ) throws -> Dataset {
        let folder = try ImageFolder(root, split: split)
        let chosen =
            try preparation
            ?? (split == .train ? folder : ImageFolder(root, split: .train)).firstPreparation()
        let data = try folder.dataset(
            preparation: chosen, memoryLimit: memoryLimit,
            name: "\(root.lastPathComponent) (\(split))")
        guard damaged == .skip else { return data }
        let unreadable = Set(data.check().damaged.map(\.index))
        return unreadable.isEmpty
            ? data : data.subset(data.indices.filter { !unreadable.contains($0) })
    }
}
