import Foundation

/// Where the files of a data set lie, and what they are.
public struct DatasetFiles: Hashable, Sendable {
    /// What the files hold.
    public struct Form: Hashable, Sendable, CustomStringConvertible {
        /// The name of the form, as in messages.
        public let description: String

        /// Two idx files for each split: pictures, then labels; plain or packed by gzip.
        public static let idx = Form(description: "idx files")
        /// One `.npz` file with four arrays.
        public static let npz = Form(description: "npz file")
        /// Records of CIFAR: label bytes and 3,072 pixels.
        public static let cifarBinary = Form(description: "binary batches")
        /// Pickled batches of CIFAR.
        public static let cifarPython = Form(description: "pickled batches")
        /// The set is shipped with Martlet; there are no files to read.
        public static let builtIn = Form(description: "built in")
    }

    /// The name of the data set.
    public var dataset: String
    /// What the files hold.
    public var form: Form
    /// The archive or `.npz` file; `nil` when the set is single files.
    public var archive: URL?
    /// Paths of files, or names of members of `archive`, to learn from, in their order.
    ///
    /// For `idx` they are pictures and labels; for `npz` the arrays of pictures and labels.
    public var train: [String]
    /// Paths of files, or names of members of `archive`, to be judged by, in their order.
    public var test: [String]
    /// What the reader should know: damaged files that were passed over, missing checksums.
    public var notes: [String]

    /// The paths or members of one split; there are none for `validation`.
    public func parts(_ split: Split) -> [String] {
        switch split {
        case .train: train
        case .validation: []
        case .test: test
        }
    }
}
