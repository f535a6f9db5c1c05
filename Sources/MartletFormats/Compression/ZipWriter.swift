/// Builds a zip file; equal entries in equal order give equal bytes.
///
/// Every entry is dated 1 January 1980, the earliest date that the format has.
///
/// - Source: APPNOTE.TXT, the zip file format specification of PKWARE, sections 4.3 and 4.4.
struct ZipWriter {
    private let file: String
    private var pieces: [[UInt8]] = []
    private var directory: [UInt8] = []
    private var names: Set<String> = []
    private var position = 0

    /// - Parameter file: the path of the file, for messages.
    init(file: String) { self.file = file }

    /// Adds an entry.
    ///
    /// - Parameters:
    ///   - deflates: packs the bytes; else they are stored.
    ///   - alignment: a divisor of the place of the bytes in the file, below 2^15.
    /// - Throws: `FormatError` when the name comes twice, or the file would pass 4 GiB, which the
    ///   32-bit form of the format cannot hold.
    mutating func add(
        _ name: String, _ bytes: [UInt8], deflates: Bool = false, alignment: Int = 1
    ) throws(FormatError) {
        guard names.insert(name).inserted, name.utf8.count < 0xFFFF else {
            throw FormatError(
                .unwritable, file: file, expected: "every name once, below 65,535 bytes",
                found: String(name.prefix(200)))
        }
        let content = deflates ? packed(bytes, .deflate) : bytes
        let path = Array(name.utf8)
        let isASCII = path.allSatisfy { $0 < 0x80 }
        var common: [UInt8] = []
        common += little(20, 2) + little(isASCII ? 0 : 0x0800, 2) + little(deflates ? 8 : 0, 2)
        common += little(0, 2) + little(0x21, 2)
        common += little(Int(cyclicRedundancyCheck(bytes[...])), 4)
        common += little(content.count, 4) + little(bytes.count, 4) + little(path.count, 2)
        var extra: [UInt8] = []
        if alignment > 1 {
            let padding = (alignment - (position + 34 + path.count) % alignment) % alignment
            extra = little(0x4246, 2) + little(padding, 2) + [UInt8](repeating: 0, count: padding)
        }
        let header = little(0x0403_4B50, 4) + common + little(extra.count, 2) + path + extra
        directory += little(0x0201_4B50, 4) + little(20, 2) + common + little(0, 2)
        directory += little(0, 6) + little(0, 4) + little(position, 4) + path
        position += header.count + content.count
        guard position + directory.count < 0xFFFF_FFFF, bytes.count < 0xFFFF_FFFF,
            names.count < 0xFFFF
        else {
            throw FormatError(
                .unwritable, file: file, expected: "less than 4 GiB and 65,535 entries",
                found: "\(position) bytes, \(names.count) entries",
                fix: "write safetensors, which has no such limit")
        }
        pieces += [header, content]
    }

    /// The whole file in pieces that follow one another.
    func finished() -> [[UInt8]] {
        var end = little(0x0605_4B50, 4) + little(0, 4)
        end += little(names.count, 2) + little(names.count, 2)
        end += little(directory.count, 4) + little(position, 4) + little(0, 2)
        return pieces + [directory, end]
    }

    private func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
