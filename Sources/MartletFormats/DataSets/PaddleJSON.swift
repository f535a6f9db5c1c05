import Foundation
import MartletGraph

/// The `mnist.json.gz` of PaddlePaddle's text: three sets, each of images and labels.
///
/// The text is `[[images, labels], [images, labels], [images, labels]]` for training, validation and
/// test; an image is a list of numbers. It is parsed while it is unpacked, so that half a gigabyte
/// of digits never lies in memory.
public struct PaddleJSON: Hashable, Sendable {
    /// The images to learn from, `float32` `[n, pixelCount]`.
    public var train: LabelledImages
    /// The images to choose settings with.
    public var validation: LabelledImages
    /// The images to test with.
    public var test: LabelledImages

    /// Reads the file at `url`, plain or packed by gzip.
    public init(
        contentsOf url: URL, pixelCount: Int = 784, classCount: Int = 10
    ) throws(FormatError) {
        try self.init(
            FileContents(contentsOf: url), pixelCount: pixelCount, classCount: classCount)
    }

    /// Reads a file in memory.
    ///
    /// - Throws: `FormatError` with the set, the image and the byte of the unpacked text.
    public init(
        _ file: FileContents, pixelCount: Int = 784, classCount: Int = 10
    ) throws(FormatError) {
        var reader = try JSONNumberReader(file)
        var sets: [LabelledImages] = []
        try reader.expect("[", "the list of three sets")
        for name in ["training set", "validation set", "test set"] {
            if !sets.isEmpty { try reader.expect(",", "the \(name)") }
            reader.place = name
            sets.append(try Self.readSet(&reader, name, pixelCount, classCount, file.name))
        }
        reader.place = "after the test set"
        try reader.expect("]", "the end of the three sets")
        try reader.expectEnd()
        (train, validation, test) = (sets[0], sets[1], sets[2])
    }

    private static func readSet(
        _ reader: inout JSONNumberReader, _ name: String, _ pixelCount: Int, _ classCount: Int,
        _ file: String
    ) throws(FormatError) -> LabelledImages {
        try reader.expect("[", "a list of images and labels")
        let (count, pixels) = try readImages(&reader, name, pixelCount)
        reader.place = "\(name), labels"
        try reader.expect(",", "the labels")
        var labels: [Int] = []
        try reader.expect("[", "a list of labels")
        if try !reader.accept("]") {
            repeat {
                reader.place = "\(name), label \(labels.count)"
                let value = try reader.double()
                guard let label = Int(exactly: value) else {
                    throw reader.refusal("a whole number", "\(value)")
                }
                labels.append(label)
            } while try reader.accept(",")
            try reader.expect("]", "a comma or the end of the labels")
        }
        try reader.expect("]", "the end of the set")
        let type = TensorType(.float32, [count, pixelCount])
        let images = HostTensor(type: type, bytes: pixels.withUnsafeBytes { Array($0) })
        return try LabelledImages(
            images: images, labels: labels, classCount: classCount, file: "\(file), \(name)")
    }

    private static func readImages(
        _ reader: inout JSONNumberReader, _ name: String, _ pixelCount: Int
    ) throws(FormatError) -> (count: Int, pixels: [Float]) {
        var (count, pixels) = (0, [Float]())
        try reader.expect("[", "a list of images")
        if try reader.accept("]") { return (0, []) }
        repeat {
            reader.place = "\(name), image \(count)"
            try reader.expect("[", "an image as a list of numbers")
            for pixel in 0..<pixelCount {
                if pixel > 0 { try reader.expect(",", "\(pixelCount) numbers, not \(pixel)") }
                pixels.append(try reader.float())
            }
            try reader.expect("]", "the end of an image after \(pixelCount) numbers")
            count += 1
        } while try reader.accept(",")
        try reader.expect("]", "a comma or the end of the images")
        return (count, pixels)
    }
}
