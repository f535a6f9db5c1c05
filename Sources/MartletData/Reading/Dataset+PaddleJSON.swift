import Foundation
import MartletFormats

extension Dataset {
    /// Reads one part of PaddlePaddle's `mnist.json.gz`.
    ///
    /// - Parameters:
    ///   - url: the file, plain or packed.
    ///   - mode: the part, `train`, `valid` or `eval`.
    ///   - name: what the data is called in messages; by default that of the file.
    /// - Shapes: `imageShape` is `[1, 28, 28]`. Numbers in 0 … 1 or −1 … 1 that stand for bytes
    ///   become bytes; the scaling is chosen where the data is used.
    /// - Errors: `DataError` that lists the three modes for any other; `FormatError` with the set,
    ///   the image and the byte that is wrong.
    public static func paddleJSON(
        contentsOf url: URL, mode: String = "train", name: String? = nil
    ) throws -> Dataset {
        let split = try Split(mode: mode, file: url.path)
        let sets = try PaddleJSON(contentsOf: url)
        let part =
            switch split {
            case .train: sets.train
            case .validation: sets.validation
            case .test: sets.test
            }
        return try Dataset(
            part, name: "\(name ?? url.lastPathComponent) (\(split))",
            classNames: Dataset.digitNames, file: url.path)
    }

    /// Reads one part of PaddlePaddle's `mnist.json.gz`.
    ///
    /// - Errors: as `paddleJSON(contentsOf:mode:)`.
    public static func paddleJSON(
        contentsOf url: URL, split: Split, name: String? = nil
    ) throws -> Dataset {
        try paddleJSON(contentsOf: url, mode: split.mode, name: name)
    }
}

extension Split {
    /// The word for this part in PaddlePaddle's course: `train`, `valid` or `eval`.
    public var mode: String {
        switch self {
        case .train: "train"
        case .validation: "valid"
        case .test: "eval"
        }
    }

    /// The part that a mode stands for.
    ///
    /// - Parameter file: what the message of the error names.
    /// - Errors: `DataError` that lists the modes when the word is none of them.
    public init(mode: String, file: String = "the data") throws(DataError) {
        guard let split = Split.allCases.first(where: { $0.mode == mode }) else {
            throw DataError(
                .missing, file: file, expected: "one of the modes train, valid and eval",
                found: "the mode \(mode.isEmpty ? "“”" : mode)")
        }
        self = split
    }
}
