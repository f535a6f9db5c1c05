import Foundation
import MartletGraph

/// The files of CIFAR-10 and CIFAR-100, in the binary and in the Python version.
///
/// - Shapes: images are `uint8` `[n, 3, 32, 32]`: red, green and blue plane.
/// - Source: A. Krizhevsky, Learning multiple layers of features from tiny images, 2009, and the
///   description of the files at cs.toronto.edu/~kriz/cifar.html.
public enum CIFARFile {
    /// Which labels a file of CIFAR-100 is read for.
    public enum Labels: Sendable {
        /// The 10 classes of CIFAR-10.
        case ten
        /// The 100 classes of CIFAR-100.
        case fine
        /// The 20 groups of classes of CIFAR-100.
        case coarse

        /// The number of classes.
        public var classCount: Int {
            switch self {
            case .ten: 10
            case .fine: 100
            case .coarse: 20
            }
        }
    }

    static let pixelCount = 3 * 32 * 32

    /// Reads a batch, binary or pickled; the first byte of a pickle says which it is.
    ///
    /// - Throws: `FormatError` with the record that is wrong.
    public static func read(
        _ file: FileContents, labels: Labels = .ten
    ) throws(FormatError) -> LabelledImages {
        // Pickles begin with the mark of their protocol or with that of a dictionary.
        let isPickle = file.bytes.first == 0x80 || file.bytes.first == UInt8(ascii: "(")
        let isBinary = file.name.hasSuffix(".bin") || !isPickle
        return isBinary ? try readBinary(file, labels) : try readPickle(file, labels)
    }

    /// Reads the records of the binary version.
    public static func readBinary(
        _ file: FileContents, _ labels: Labels = .ten
    ) throws(FormatError) -> LabelledImages {
        let size = recordSize(labels)
        let count = file.bytes.count / size
        guard count > 0, file.bytes.count % size == 0 else {
            throw FormatError(
                .malformed, file: file.name, offset: count * size,
                expected: "records of \(size) bytes",
                found: "\(count) records and \(file.bytes.count % size) bytes",
                fix: "the file was cut short; get it again")
        }
        // Of CIFAR-100's two label bytes the first is the group.
        let labelByte = labels == .fine ? 1 : 0
        var classes: [Int] = []
        var pixels: [UInt8] = []
        pixels.reserveCapacity(count * pixelCount)
        for record in 0..<count {
            let start = record * size
            let label = Int(file.bytes[start + labelByte])
            guard label < labels.classCount else {
                throw FormatError(
                    .malformed, file: file.name, offset: start + labelByte,
                    place: "record \(record)",
                    expected: "a class from 0 to \(labels.classCount - 1)", found: "\(label)")
            }
            classes.append(label)
            pixels += file.bytes[start + size - pixelCount..<start + size]
        }
        return try labelled(pixels, classes, labels, file)
    }

    /// Reads a pickled batch: a dictionary with `data` and `labels`, `fine_labels` or
    /// `coarse_labels`.
    public static func readPickle(
        _ file: FileContents, _ labels: Labels = .ten
    ) throws(FormatError) -> LabelledImages {
        let root = try PickleDocument(file).root
        func refusal(_ place: String, _ expected: String, _ found: String) -> FormatError {
            FormatError(
                .malformed, file: file.name, place: place, expected: expected, found: found)
        }
        guard let pairs = root.pairs else {
            throw refusal("", "a dictionary", root.kindName)
        }
        let names = shortList(pairs.compactMap { $0.key.text })
        guard let data = root["data"] else { throw refusal("", "a key data", "keys \(names)") }
        guard data.isArray else { throw refusal("data", "a NumPy array", data.kindName) }
        let array = try data.array()
        guard array.type.dtype == .uint8, array.type.rank == 2, array.type.shape[1] == pixelCount
        else { throw refusal("data", "u8[n,\(pixelCount)]", array.type.description) }
        let key =
            switch labels {
            case .ten: "labels"
            case .fine: "fine_labels"
            case .coarse: "coarse_labels"
            }
        guard let items = root[key]?.items else {
            throw refusal(key, "a list of classes", root[key]?.kindName ?? "keys \(names)")
        }
        var classes: [Int] = []
        for (index, item) in items.enumerated() {
            guard let label = item.integer else {
                throw refusal("\(key), item \(index)", "a whole number", item.kindName)
            }
            classes.append(label)
        }
        return try labelled(array.bytes, classes, labels, file)
    }

    /// Reads the class names: lines of a `.txt` file, or the list in the pickled `batches.meta`.
    public static func readNames(
        _ file: FileContents, labels: Labels = .ten
    ) throws(FormatError) -> [String] {
        let key =
            switch labels {
            case .ten: "label_names"
            case .fine: "fine_label_names"
            case .coarse: "coarse_label_names"
            }
        var names: [String]
        if file.name.hasSuffix(".txt") {
            names = String(decoding: file.bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
                .map(String.init)
        } else {
            names = (try PickleDocument(file).root[key]?.items ?? []).compactMap(\.text)
        }
        guard names.count == labels.classCount else {
            throw FormatError(
                .malformed, file: file.name, place: key,
                expected: "\(labels.classCount) names", found: "\(names.count)")
        }
        return names
    }

    private static func recordSize(_ labels: Labels) -> Int {
        pixelCount + (labels == .ten ? 1 : 2)
    }

    private static func labelled(
        _ pixels: [UInt8], _ classes: [Int], _ labels: Labels, _ file: FileContents
    ) throws(FormatError) -> LabelledImages {
        let shape = [pixels.count / pixelCount, 3, 32, 32]
        return try LabelledImages(
            images: HostTensor(type: TensorType(.uint8, shape), bytes: pixels), labels: classes,
            classCount: labels.classCount, file: file.name)
    }
}
