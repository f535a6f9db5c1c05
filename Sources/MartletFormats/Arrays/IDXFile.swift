import Foundation
import MartletGraph

/// Arrays in the idx format, in which MNIST is published, plain or packed by gzip.
///
/// A file is four bytes (0, 0, element kind, number of axes), the size of each axis and the
/// elements in row-major order; all numbers have the highest byte first. Bytes behind the last
/// element are refused.
///
/// - Source: Y. LeCun, C. Cortes, C. Burges, The MNIST database, "The IDX file format".
public enum IDXFile {
    /// Reads the array of the file at `url`.
    public static func read(
        contentsOf url: URL, limit: Int = 4 << 30
    ) throws(FormatError) -> HostTensor {
        var contents = try FileContents(contentsOf: url).bytes
        if Packing.isGzip(contents) {
            return try readPacked(FileContents(contents, name: url.path), limit: limit)
        }
        let opening = FileContents(Array(contents.prefix(IDXHeader.mostBytes)), name: url.path)
        let header = try IDXHeader(ByteCursor(opening))
        guard contents.count - header.byteCount == header.contentSize,
            header.kind.dataType == .uint8
        else { return try read(FileContents(contents, name: url.path), limit: limit) }
        // The pixels move to the front of their own memory, so that they never lie there twice.
        contents.removeFirst(header.byteCount)
        return HostTensor(type: TensorType(.uint8, header.shape), bytes: contents)
    }

    /// Reads the array of a file in memory, at most `limit` bytes of elements.
    ///
    /// - Shapes: as in the file; `uint8` stays, `int8` and `int16` widen to `int32`.
    /// - Throws: `FormatError`; memory is taken only for sizes that the file can hold.
    public static func read(
        _ file: FileContents, limit: Int = 4 << 30
    ) throws(FormatError) -> HostTensor {
        guard Packing.isGzip(file.bytes) else {
            let header = try IDXHeader(ByteCursor(file))
            let found = file.bytes.count - header.byteCount
            guard found == header.contentSize else {
                throw sizeError(file, header, found: "\(found)")
            }
            return try elements(file, header, from: header.byteCount)
        }
        return try readPacked(file, limit: limit)
    }

    private static func readPacked(
        _ file: FileContents, limit: Int
    ) throws(FormatError) -> HostTensor {
        let stream = try InflateStream(file, .gzip)
        let opening = FileContents(try take(stream, IDXHeader.mostBytes), name: file.name)
        let header = try IDXHeader(ByteCursor(opening))
        let first = opening.bytes.dropFirst(header.byteCount)
        guard header.contentSize <= limit else {
            throw FormatError(
                .tooLarge, file: file.name, expected: "at most \(limit) bytes of elements",
                found: "\(header.contentSize) in \(header.shape)")
        }
        guard header.contentSize / Packing.largestRatio <= file.bytes.count,
            first.count <= header.contentSize
        else { throw sizeError(file, header, found: "fewer or more") }
        var contents = [UInt8](repeating: 0, count: header.contentSize)
        contents.replaceSubrange(0..<first.count, with: first)
        let rest = try contents.withUnsafeMutableBufferPointer { (target) throws(FormatError) in
            try stream.read(UnsafeMutableBufferPointer(rebasing: target[first.count...]))
        }
        guard first.count + rest == header.contentSize else {
            throw sizeError(file, header, found: "\(first.count + rest)")
        }
        try stream.expectEnd("\(header.contentSize) bytes of elements")
        if header.kind.dataType == .uint8 {
            return HostTensor(type: TensorType(.uint8, header.shape), bytes: contents)
        }
        return try elements(FileContents(contents, name: file.name), header, from: 0)
    }

    private static func take(
        _ stream: InflateStream, _ most: Int
    ) throws(FormatError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: most)
        let count = try bytes.withUnsafeMutableBufferPointer { (target) throws(FormatError) in
            try stream.read(target)
        }
        return Array(bytes[..<count])
    }

    private static func elements(
        _ file: FileContents, _ header: IDXHeader, from start: Int
    ) throws(FormatError) -> HostTensor {
        try ElementReader(
            file: file, kind: header.kind, range: start..<start + header.contentSize,
            shape: header.shape
        ).tensor()
    }

    private static func sizeError(
        _ file: FileContents, _ header: IDXHeader, found: String
    ) -> FormatError {
        FormatError(
            .malformed, file: file.name, offset: header.byteCount,
            expected: "\(header.contentSize) bytes of elements for \(header.shape)",
            found: found + " bytes", fix: "the file was cut short or is not idx; get it again")
    }
}

/// The first bytes of an idx file.
struct IDXHeader {
    /// The size of the longest header that is read: 8 axes.
    static let mostBytes = 4 + 4 * 8

    var kind: ElementKind
    var shape: [Int]
    /// The number of bytes of the elements.
    var contentSize: Int
    var byteCount: Int { 4 + 4 * shape.count }

    init(_ start: ByteCursor) throws(FormatError) {
        var cursor = start
        let file = cursor.file
        let mark = try cursor.bigEndian(4, "the mark of idx")
        let rank = Int(mark & 0xFF)
        guard mark >> 16 == 0, let kind = Self.kinds[UInt8(mark >> 8 & 0xFF)] else {
            let isReversed = file.bytes[2...3].elementsEqual([0, 0]) && file.bytes[1] >= 8
            throw FormatError(
                .malformed, file: file.name, offset: 0,
                expected: "two zero bytes and an element kind (8, 9, 11 to 14)",
                found: file.bytes.opening,
                fix: isReversed ? "the file was written with the lowest byte first" : "")
        }
        guard (1...8).contains(rank) else {
            throw FormatError(
                .malformed, file: file.name, offset: 3, expected: "1 to 8 axes", found: "\(rank)")
        }
        shape = []
        for axis in 0..<rank {
            shape.append(Int(try cursor.bigEndian(4, "the size of axis \(axis)")))
        }
        guard let size = checkedProduct(shape + [kind.byteCount]) else {
            throw FormatError(
                .malformed, file: file.name, offset: 4, expected: "sizes below 2^63 bytes in all",
                found: "\(shape)")
        }
        (self.kind, contentSize) = (kind, size)
    }

    private static let kinds: [UInt8: ElementKind] = [
        8: ElementKind(form: .unsigned, byteCount: 1, isBigEndian: true),
        9: ElementKind(form: .signed, byteCount: 1, isBigEndian: true),
        11: ElementKind(form: .signed, byteCount: 2, isBigEndian: true),
        12: ElementKind(form: .signed, byteCount: 4, isBigEndian: true),
        13: ElementKind(form: .float, byteCount: 4, isBigEndian: true),
        14: ElementKind(form: .float, byteCount: 8, isBigEndian: true),
    ]
}
