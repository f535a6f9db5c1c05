import MartletGraph

/// Labelled pictures: bytes that stay bytes until they become a batch.
///
/// A plain value that may be handed between tasks. The pictures lie in memory or in files, see
/// `ImageSource`; parts of a set share them.
public struct Dataset: Sendable {
    /// What the data is called in messages, `digits (train)`.
    public let name: String
    /// Channels, height and width of one picture, in pixels.
    public let imageShape: [Int]
    /// The pixel value that stands for full brightness; pixels divided by it lie in 0 … 1.
    public let brightest: UInt8
    /// The class number of each picture.
    public let labels: [Int32]
    /// The name of each class; class `k` is `classNames[k]`.
    public let classNames: [String]
    /// Where the pictures are.
    package let source: any ImageSource
    /// The record of each picture in the source.
    package let records: [Int]

    /// Wraps pictures and labels that were checked by their reader.
    ///
    /// - Parameter images: All pictures one after the other; in each, channels × rows × columns,
    ///   row-major.
    /// - Precondition: `images` holds as many pictures as there are labels, and every label is the
    ///   number of a class.
    public init(
        name: String, images: [UInt8], imageShape: [Int], brightest: UInt8 = 255,
        labels: [Int32], classNames: [String]
    ) {
        let size = imageShape.reduce(1, *)
        precondition(
            images.count == labels.count * size,
            "Dataset: \(labels.count) labels need \(labels.count * size) bytes of pictures, "
                + "got \(images.count)")
        self.init(
            name: name, source: ImagesInMemory(bytes: images, imageSize: size),
            records: Array(labels.indices), imageShape: imageShape, brightest: brightest,
            labels: labels, classNames: classNames)
    }

    /// Takes pictures from a source.
    ///
    /// - Precondition: there is one record for each label, the sizes agree, and every label is the
    ///   number of a class.
    package init(
        name: String, source: any ImageSource, records: [Int], imageShape: [Int],
        brightest: UInt8 = 255, labels: [Int32], classNames: [String]
    ) {
        precondition(brightest > 0, "Dataset: brightest must be positive")
        precondition(
            records.count == labels.count
                && source.imageSize == imageShape.reduce(1, *) * source.pixelType.byteCount,
            "Dataset: \(records.count) records and \(labels.count) labels do not fit together")
        precondition(
            labels.allSatisfy { $0 >= 0 && $0 < classNames.count },
            "Dataset: a label is outside 0 ..< \(classNames.count)")
        (self.name, self.source, self.records) = (name, source, records)
        (self.imageShape, self.brightest) = (imageShape, brightest)
        (self.labels, self.classNames) = (labels, classNames)
    }

    /// The number of pictures.
    public var count: Int { labels.count }

    /// The numbers of all pictures, `0 ..< count`.
    public var indices: Range<Int> { 0..<count }

    /// The number of pixels of one picture, over all channels.
    public var imageSize: Int { imageShape.reduce(1, *) }

    /// The type of a pixel: `uint8`, or `float32` for files of numbers that are no bytes.
    public var pixelType: DataType { source.pixelType }

    /// The pixels of one picture, channels × rows × columns.
    ///
    /// Pixels that are numbers come as bytes for showing them: 0 … 1 as 0 … 255, rounded.
    ///
    /// - Errors: of the source, `FormatError` for a picture file that cannot be read.
    /// - Precondition: `index` is in `0 ..< count`.
    public func image(_ index: Int) throws -> [UInt8] {
        if pixelType == .float32 {
            return try pixels([index]).map { UInt8(clampingOrZero: ($0 * 255).rounded()) }
        }
        return try bytes(of: index)
    }

    /// The bytes of one picture as its source keeps them.
    func bytes(of index: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: source.imageSize)
        try bytes.withUnsafeMutableBytes { try source.read(records[index], into: $0) }
        return bytes
    }

    /// Where a picture comes from, for messages: a file, or the number of a record.
    ///
    /// - Precondition: `index` is in `0 ..< count`.
    public func origin(of index: Int) -> String { source.name(of: records[index]) }

    /// The pictures of `indices` in that order, as a data set of its own.
    ///
    /// - Precondition: every index is in `0 ..< count`.
    public func subset(_ indices: some Sequence<Int>, name: String? = nil) -> Dataset {
        let indices = Array(indices)
        return Dataset(
            name: name ?? self.name, source: source, records: indices.map { records[$0] },
            imageShape: imageShape, brightest: brightest, labels: indices.map { labels[$0] },
            classNames: classNames)
    }
}

/// The part of a data set that a model learns from, that settings are chosen by, or that it is
/// judged by in the end.
public enum Split: String, Sendable, Codable, CaseIterable {
    case train, validation, test
}
