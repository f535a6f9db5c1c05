import Foundation
import MartletFormats

extension Dataset {
    /// Reads CIFAR-10 from a folder, in the binary or in the Python version.
    ///
    /// - Parameters:
    ///   - folder: the one with the batches, or the one above `cifar-10-batches-bin` or
    ///     `cifar-10-batches-py`.
    ///   - split: the part that is read: five training batches or the test batch.
    /// - Shapes: `imageShape` is `[3, 32, 32]`: red, green and blue plane.
    /// - Errors: `DataError` when a batch is not there; `FormatError` when one is damaged.
    public static func cifar10(folder: URL, split: Split = .train) throws -> Dataset {
        let stems: [String]
        switch split {
        case .train: stems = (1...5).map { "data_batch_\($0)" }
        case .test: stems = ["test_batch"]
        case .validation: throw DataError.noValidation(in: folder.path)
        }
        for base in [folder]
            + ["cifar-10-batches-bin", "cifar-10-batches-py"].map(
                folder.appendingPathComponent)
        {
            for (ending, meta) in [(".bin", "batches.meta.txt"), ("", "batches.meta")] {
                let files = stems.map { base.appendingPathComponent($0 + ending) }
                guard files.contains(where: \.isOrdinaryFile) else { continue }
                let names = try cifarNames(base.appendingPathComponent(meta), .ten)
                return try cifar(
                    files, labels: .ten, name: "cifar10 (\(split))",
                    classNames: names ?? cifar10Names)
            }
        }
        throw DataError(
            .missing, file: folder.path,
            expected: "\(stems[0]).bin or \(stems[0]), or a folder cifar-10-batches-bin or -py",
            found: FolderListing.summary(of: folder), fix: "name the folder with the batches")
    }

    /// Reads CIFAR-100 from a folder, in the binary or in the Python version.
    ///
    /// - Parameters:
    ///   - folder: the one with the files, or the one above `cifar-100-binary` or
    ///     `cifar-100-python`.
    ///   - split: the part that is read.
    ///   - coarse: whether pictures are labelled by the 20 groups instead of the 100 classes.
    /// - Shapes: `imageShape` is `[3, 32, 32]`.
    /// - Errors: as `cifar10(folder:split:)`.
    public static func cifar100(
        folder: URL, split: Split = .train, coarse: Bool = false
    ) throws -> Dataset {
        let stem: String
        switch split {
        case .train: stem = "train"
        case .test: stem = "test"
        case .validation: throw DataError.noValidation(in: folder.path)
        }
        let labels = coarse ? CIFARFile.Labels.coarse : .fine
        for base in [folder]
            + ["cifar-100-binary", "cifar-100-python"].map(
                folder.appendingPathComponent)
        {
            for (ending, meta) in [
                (".bin", coarse ? "coarse_label_names.txt" : "fine_label_names.txt"), ("", "meta"),
            ] {
                let file = base.appendingPathComponent(stem + ending)
                guard file.isOrdinaryFile else { continue }
                let names = try cifarNames(base.appendingPathComponent(meta), labels)
                return try cifar(
                    [file], labels: labels, name: "cifar100 (\(split))",
                    classNames: names ?? (0..<labels.classCount).map { "class \($0)" })
            }
        }
        throw DataError(
            .missing, file: folder.path,
            expected: "\(stem).bin or \(stem), or a folder cifar-100-binary or cifar-100-python",
            found: FolderListing.summary(of: folder), fix: "name the folder with the files")
    }

    /// Reads batches of CIFAR into one block; the bytes of each file are released after it.
    static func cifar(
        _ files: [URL], labels: CIFARFile.Labels, name: String, classNames: [String]
    ) throws -> Dataset {
        let place = files.count == 1 ? files.first : files.first?.deletingLastPathComponent()
        return try cifar(
            files.count, in: place?.path ?? "", labels: labels, name: name, classNames: classNames
        ) { try FileContents(contentsOf: files[$0]) }
    }

    /// Reads batches of CIFAR into one block, one after the other; `place` is what messages name.
    static func cifar(
        _ count: Int, in place: String, labels: CIFARFile.Labels, name: String,
        classNames: [String], batch: (Int) throws -> FileContents
    ) throws -> Dataset {
        var (pixels, classes) = ([UInt8](), [Int32]())
        for index in 0..<count {
            let batch = try CIFARFile.read(batch(index), labels: labels)
            if pixels.isEmpty { pixels.reserveCapacity(batch.images.bytes.count * count) }
            pixels += batch.images.bytes
            classes += batch.labels.map { Int32($0) }
        }
        return Dataset(
            name: name,
            source: ImagesInMemory(bytes: pixels, imageSize: 3 * 32 * 32, file: place),
            records: Array(classes.indices), imageShape: [3, 32, 32], labels: classes,
            classNames: classNames)
    }

    /// The classes of CIFAR-10 for files that come without their names.
    static let cifar10Names = [
        "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
    ]

    private static func cifarNames(_ file: URL, _ labels: CIFARFile.Labels) throws -> [String]? {
        guard file.isOrdinaryFile else { return nil }
        return try CIFARFile.readNames(FileContents(contentsOf: file), labels: labels)
    }

    /// True when a folder holds CIFAR-10, or CIFAR-100.
    static func holdsCIFAR(_ folder: URL) -> (ten: Bool, hundred: Bool) {
        let has = { (name: String) in folder.appendingPathComponent(name).isOrdinaryFile }
        let hasFolder = { (name: String) in folder.appendingPathComponent(name).isFolder }
        let ten =
            has("data_batch_1") || has("data_batch_1.bin") || has("test_batch")
            || has("test_batch.bin") || hasFolder("cifar-10-batches-bin")
            || hasFolder("cifar-10-batches-py")
        let hundred =
            has("train.bin") || has("fine_label_names.txt") || has("train") && has("meta")
            || hasFolder("cifar-100-binary") || hasFolder("cifar-100-python")
        return (ten, hundred)
    }
}
