import Foundation

/// What a check found out about one file of a data set.
public struct FileReport: Hashable, Sendable {
    /// The verdict on a file.
    public struct State: Hashable, Sendable, CustomStringConvertible {
        /// The name of the verdict, as in lists.
        public let description: String

        /// A published checksum agrees.
        public static let verified = State(description: "verified")
        /// Nothing is wrong, but no published checksum fits the way the file is packed.
        public static let unverified = State(description: "unverified")
        /// The file is not what it should be.
        public static let damaged = State(description: "damaged")
        /// The file is intact, but belongs to another data set.
        public static let other = State(description: "another data set")
        /// The file cannot be read.
        public static let unreadable = State(description: "unreadable")
    }

    /// The name of the data set that the file was checked for.
    public var dataset: String
    /// The file.
    public var file: URL
    /// The verdict.
    public var state: State
    /// The size of the file in bytes; 0 when it cannot be read.
    public var byteCount: Int
    /// What would be right: a checksum, a size.
    public var expected: String
    /// What is there.
    public var found: String

    /// Whether the file may be used.
    public var isUsable: Bool { state == .verified || state == .unverified }

    /// The verdict in one sentence.
    public var sentence: String {
        switch state {
        case .verified: "\(file.path) is verified"
        case .unverified: "\(file.path) cannot be verified: expected \(expected), found \(found)"
        case .other: "\(file.path) belongs to another data set: \(found)"
        default: "\(file.path) is \(state): expected \(expected), found \(found)"
        }
    }
}
