/// A digest of a file that somebody published, or that was computed here.
package struct Checksum: Hashable, Sendable, CustomStringConvertible {
    /// The digest functions in use.
    package enum Kind: String, Sendable {
        case md5 = "MD5"
        case sha256 = "SHA-256"
    }

    /// The digest function.
    package var kind: Kind
    /// The digest in base 16, lower case.
    package var digits: String

    /// An MD5 digest.
    package static func md5(_ digits: String) -> Checksum { Checksum(kind: .md5, digits: digits) }
    /// A SHA-256 digest.
    package static func sha256(_ digits: String) -> Checksum {
        Checksum(kind: .sha256, digits: digits)
    }

    package var description: String { "\(kind.rawValue) \(digits)" }

    /// The digest of bytes in memory.
    package static func of(_ bytes: [UInt8], _ kind: Kind) -> Checksum {
        var stream = ChecksumStream(kind)
        bytes.withUnsafeBytes { stream.update($0) }
        return stream.finish()
    }
}

/// Computes a checksum of bytes that come in pieces.
package struct ChecksumStream {
    private let kind: Checksum.Kind
    // One of the two is there; an enum with payloads would be copied at each piece.
    private var md5: Digest<MD5>?
    private var sha256: Digest<SHA256>?

    package init(_ kind: Checksum.Kind) {
        self.kind = kind
        switch kind {
        case .md5: md5 = Digest()
        case .sha256: sha256 = Digest()
        }
    }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        md5?.update(bytes)
        sha256?.update(bytes)
    }

    package mutating func finish() -> Checksum {
        let bytes = md5?.finish() ?? sha256?.finish() ?? []
        let digits = bytes.map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return Checksum(kind: kind, digits: digits.joined())
    }
}
