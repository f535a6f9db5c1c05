import Foundation
import MartletGraph

/// Images and the class of each, as they stand in a file.
public struct LabelledImages: Hashable, Sendable {
    /// The images with pixels as in the file, not scaled; the first axis counts them.
    public var images: HostTensor
    /// The class of each image.
    public var labels: [Int]

    /// The number of images.
    public var count: Int { labels.count }

    /// Puts images and labels together.
    ///
    /// - Throws: `FormatError` when the counts differ or a label is not in `0..<classCount`.
    public init(
        images: HostTensor, labels: [Int], classCount: Int, file: String
    ) throws(FormatError) {
        (self.images, self.labels) = (images, labels)
        let imageCount = images.type.shape.first ?? 0
        guard imageCount == labels.count else {
            throw FormatError(
                .malformed, file: file, place: "labels",
                expected: "\(imageCount) labels, one for each image", found: "\(labels.count)")
        }
        for (index, label) in labels.enumerated() where !(0..<classCount).contains(label) {
            throw FormatError(
                .malformed, file: file, place: "label \(index)",
                expected: "a class from 0 to \(classCount - 1)", found: "\(label)")
        }
    }

    /// Reads the images and the labels of two idx files, as MNIST has them.
    public static func idx(
        images: FileContents, labels: FileContents, classCount: Int = 10
    ) throws(FormatError) -> LabelledImages {
        try idx(
            pixels: try IDXFile.read(images), named: images.name,
            classes: try IDXFile.read(labels), named: labels.name, classCount: classCount)
    }

    /// Reads the images and the labels of two idx files; the pixels lie in memory only once.
    public static func idx(
        imagesAt images: URL, labelsAt labels: URL, classCount: Int = 10
    ) throws(FormatError) -> LabelledImages {
        try idx(
            pixels: try IDXFile.read(contentsOf: images), named: images.path,
            classes: try IDXFile.read(contentsOf: labels), named: labels.path,
            classCount: classCount)
    }

    private static func idx(
        pixels: HostTensor, named imageFile: String, classes: HostTensor, named labelFile: String,
        classCount: Int
    ) throws(FormatError) -> LabelledImages {
        guard pixels.type.rank >= 2 else {
            throw FormatError(
                .malformed, file: imageFile, offset: 3, expected: "images of 2 or more axes",
                found: "\(pixels.type.rank) axis")
        }
        return try LabelledImages(
            images: pixels, labels: try classNumbers(classes, file: labelFile),
            classCount: classCount, file: labelFile)
    }

    /// Class numbers from an array of whole numbers `[n]` or of one-hot rows `[n, classes]`.
    ///
    /// - Throws: `FormatError` when a number is not whole or a row is not one 1 among zeros.
    public static func classNumbers(
        _ array: HostTensor, file: String, place: String = "labels"
    ) throws(FormatError) -> [Int] {
        let shape = array.type.shape
        // Bytes are whole numbers already; they are nearly always what labels are stored as.
        if array.type.dtype == .uint8, shape.count == 1 || shape.count == 2 && shape[1] == 1 {
            return array.bytes.map { Int($0) }
        }
        let values = array.doubles
        func refusal(_ index: Int, _ expected: String, _ found: String) -> FormatError {
            FormatError(
                .malformed, file: file, place: "\(place), row \(index)", expected: expected,
                found: found)
        }
        var labels: [Int] = []
        if shape.count == 1 || shape.count == 2 && shape[1] == 1 {
            for (index, value) in values.enumerated() {
                guard let label = Int(exactly: value) else {
                    throw refusal(index, "a whole number", "\(value)")
                }
                labels.append(label)
            }
            return labels
        }
        guard shape.count == 2, shape[1] > 1 else {
            throw FormatError(
                .malformed, file: file, place: place,
                expected: "one number or one row for each image", found: "an array of \(shape)")
        }
        for row in 0..<shape[0] {
            let scores = values[row * shape[1]..<(row + 1) * shape[1]]
            let hot = scores.indices.filter { scores[$0] != 0 }
            guard hot.count == 1, scores[hot[0]] == 1 else {
                throw refusal(row, "one 1 among zeros", "\(hot.count) numbers that are not zero")
            }
            labels.append(hot[0] - scores.startIndex)
        }
        return labels
    }
}
