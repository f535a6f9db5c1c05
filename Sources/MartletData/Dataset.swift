/// Labelled pictures in memory: one block of bytes, ready to be cut into batches.
///
/// A plain value that may be handed between tasks; it holds no tensors and reads no files.
public struct Dataset: Sendable {
    /// What the data is called in messages, `digits (train)`.
    public let name: String
    /// All pictures one after the other; in each, channels × rows × columns, row-major.
    public let images: [UInt8]
    /// Channels, height and width of one picture, in pixels.
    public let imageShape: [Int]
    /// The pixel value that stands for full brightness; pixels divided by it lie in 0 … 1.
    public let brightest: UInt8
    /// The class number of each picture.
    public let labels: [Int32]
    /// The name of each class; class `k` is `classNames[k]`.
    public let classNames: [String]

    /// Wraps pictures and labels that were checked by their reader.
    ///
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
        precondition(brightest > 0, "Dataset: brightest must be positive")
        precondition(
            labels.allSatisfy { $0 >= 0 && $0 < classNames.count },
            "Dataset: a label is outside 0 ..< \(classNames.count)")
        (self.name, self.images, self.imageShape) = (name, images, imageShape)
        (self.brightest, self.labels, self.classNames) = (brightest, labels, classNames)
    }

    /// The number of pictures.
    public var count: Int { labels.count }

    /// The number of bytes of one picture.
    public var imageSize: Int { imageShape.reduce(1, *) }

    /// The pixels of one picture, channels × rows × columns.
    ///
    /// - Precondition: `index` is in `0 ..< count`.
    public func image(_ index: Int) -> ArraySlice<UInt8> {
        images[index * imageSize..<(index + 1) * imageSize]
    }

    /// The pictures of `range` in their order, as a data set of its own.
    ///
    /// - Precondition: `range` lies in `0 ..< count`.
    public func subset(_ range: Range<Int>, name: String? = nil) -> Dataset {
        Dataset(
            name: name ?? self.name,
            images: Array(images[range.lowerBound * imageSize..<range.upperBound * imageSize]),
            imageShape: imageShape, brightest: brightest, labels: Array(labels[range]),
            classNames: classNames)
    }
}

/// The part of a data set that a model learns from, or the part that it is judged by.
public enum Split: String, Sendable, CaseIterable {
    case train, test
}
