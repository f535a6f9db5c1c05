import Foundation

/// Why a data set cannot be had, with everything that was tried.
public struct FetchError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sort of trouble.
    public struct Kind: Hashable, Sendable {
        /// The exit code of a command that ends with this trouble, from `sysexits.h`.
        public let exitCode: Int32

        /// No data set has this name.
        public static let unknown = Kind(exitCode: 64)
        /// The files are not on this machine, and the network is off.
        public static let missing = Kind(exitCode: 66)
        /// No address gave the right files.
        public static let unavailable = Kind(exitCode: 69)
        /// The cache could not be written.
        public static let unwritable = Kind(exitCode: 73)
        /// The download was cancelled.
        public static let cancelled = Kind(exitCode: 130)
    }

    /// One address, and why it did not do.
    public struct Attempt: Hashable, Sendable {
        /// The address.
        public var address: String
        /// Why it did not do, in words.
        public var reason: String
    }

    /// The sort of trouble.
    public var kind: Kind
    /// The name of the data set.
    public var dataset: String
    /// What went wrong, in a few words; empty when the rest says it.
    public var problem = ""
    /// The folders that were looked into.
    public var places: [PlaceReport] = []
    /// The addresses that were tried.
    public var attempts: [Attempt] = []
    /// What the reader can do, line by line.
    public var fix: [String] = []

    /// The code that a command should end with.
    public var exitCode: Int32 { kind.exitCode }

    /// The message in lines.
    public var description: String {
        var lines = [headline]
        if !problem.isEmpty { lines.append("  found      \(problem)") }
        let looked = places.map { "\($0.folder.path) (\($0.owner)): \($0.outcome)" }
        let tried = attempts.map { "\($0.address): \($0.reason)" }
        for (label, texts) in [("looked in", looked), ("tried", tried), ("fix", fix)] {
            for (index, text) in texts.enumerated() {
                let name = index == 0 ? label : ""
                lines.append(
                    "  " + name + String(repeating: " ", count: 11 - name.count) + text)
            }
        }
        return lines.joined(separator: "\n")
    }

    private var headline: String {
        switch kind {
        case .unknown: "there is no data set named \(dataset)"
        case .missing: "the data set \(dataset) is not on this machine, and the network is off"
        case .unwritable: "the data set \(dataset) cannot be stored"
        case .cancelled: "fetching the data set \(dataset) was cancelled"
        default: "the data set \(dataset) cannot be fetched"
        }
    }
}
