import Foundation
import MartletGraph

/// Training and test images from one `.npz` file, under either of two usual sets of names.
///
/// The names are `x_train`, `y_train`, `x_test`, `y_test`, or `trainInps`, `trainTargs`, `testInps`,
/// `testTargs`. Labels are whole numbers or one-hot rows.
public struct NumpyImageSets: Hashable, Sendable {
    /// The images to learn from.
    public var train: LabelledImages
    /// The images to test with.
    public var test: LabelledImages

    /// Reads the file at `url`.
    public init(contentsOf url: URL, classCount: Int = 10) throws(FormatError) {
        try self.init(NumpyArchive(contentsOf: url), classCount: classCount)
    }

    /// Reads an archive that is open already.
    ///
    /// - Throws: `FormatError` that names the array that is absent or wrong.
    public init(_ archive: NumpyArchive, classCount: Int = 10) throws(FormatError) {
        let names = Set(archive.names)
        let spellings = [
            ["x_train", "y_train", "x_test", "y_test"],
            ["trainInps", "trainTargs", "testInps", "testTargs"],
        ]
        // The spelling that most of the names belong to decides what is said to be absent.
        let counts = spellings.map { names.intersection($0).count }
        let keys = counts[1] > counts[0] ? spellings[1] : spellings[0]
        train = try Self.part(archive, keys[0], keys[1], classCount)
        test = try Self.part(archive, keys[2], keys[3], classCount)
    }

    private static func part(
        _ archive: NumpyArchive, _ images: String, _ labels: String, _ classCount: Int
    ) throws(FormatError) -> LabelledImages {
        let file = archive.archive.file.name
        let pixels = try archive.array(images)
        guard pixels.type.rank >= 2 else {
            throw FormatError(
                .malformed, file: file, place: images, expected: "images in rows",
                found: "an array of \(pixels.type.shape)")
        }
        let classes = try LabelledImages.classNumbers(
            try archive.array(labels), file: file, place: labels)
        return try LabelledImages(
            images: pixels, labels: classes, classCount: classCount, file: "\(file)/\(labels).npy")
    }
}
