import Foundation
import MartletGraph

/// Images as a table of comma-separated numbers: one image a row, its class in the first column.
///
/// A first row that does not begin with a digit is taken for headings. Pixels are whole numbers from
/// 0 to 255. Lines end with LF or CRLF; the file may be packed by gzip.
public enum PixelTable {
    /// Where the class stands in a row.
    public enum LabelColumn: Sendable { case first, last }

    /// Reads a table of images of one size.
    ///
    /// - Shapes: the images are `uint8` `[n] + shape`.
    /// - Throws: `FormatError` with line and column of the first wrong number.
    public static func read(
        _ packed: FileContents, shape: [Int], label: LabelColumn = .first, classCount: Int = 10,
        limit: Int = 4 << 30
    ) throws(FormatError) -> LabelledImages {
        let file = try packed.unpackedIfGzip(limit: limit)
        guard let pixelCount = checkedProduct(shape), pixelCount > 0 else {
            preconditionFailure("PixelTable: sizes must be positive, got \(shape)")
        }
        var reader = PixelTableReader(file, columnCount: pixelCount + 1)
        try reader.skipHeadings()
        var pixels: [UInt8] = []
        var labels: [Int] = []
        while try reader.readRow() {
            let row = reader.row
            labels.append(label == .first ? row[0] : row[pixelCount])
            for (column, value) in row.enumerated()
            where column != (label == .first ? 0 : pixelCount) {
                guard let pixel = UInt8(exactly: value) else {
                    throw reader.refusal(column, "a pixel from 0 to 255", "\(value)")
                }
                pixels.append(pixel)
            }
        }
        guard !labels.isEmpty else {
            throw reader.refusal(0, "a row of \(pixelCount + 1) numbers", "an empty table")
        }
        let type = TensorType(.uint8, [labels.count] + shape)
        return try LabelledImages(
            images: HostTensor(type: type, bytes: pixels), labels: labels, classCount: classCount,
            file: file.name)
    }
}

/// Splits a table into rows of whole numbers.
private struct PixelTableReader {
    let file: FileContents
    let columnCount: Int
    var row: [Int] = []
    private var position: Int
    private var line = 1
    private var lineStart = 0

    init(_ file: FileContents, columnCount: Int) {
        (self.file, self.columnCount) = (file, columnCount)
        position = file.bytes.holds([0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    func refusal(_ column: Int, _ expected: String, _ found: String) -> FormatError {
        FormatError(
            .malformed, file: file.name, offset: lineStart,
            place: "line \(line), column \(column + 1)", expected: expected, found: found)
    }

    mutating func skipHeadings() throws(FormatError) {
        guard position < file.bytes.count, !(0x30...0x39).contains(file.bytes[position]) else {
            return
        }
        let rest = file.bytes[position...]
        guard rest.prefix(1 << 20).allSatisfy({ $0 >= 9 && $0 != 127 }) else {
            throw FormatError(
                .malformed, file: file.name, expected: "a table of numbers as text",
                found: file.bytes.opening)
        }
        position = (rest.firstIndex(of: 0x0A) ?? file.bytes.count - 1) + 1
        line += 1
    }

    /// Reads the next line that is not empty; false at the end.
    mutating func readRow() throws(FormatError) -> Bool {
        row.removeAll(keepingCapacity: true)
        while position < file.bytes.count, [0x0A, 0x0D].contains(file.bytes[position]) {
            if file.bytes[position] == 0x0A { line += 1 }
            position += 1
        }
        guard position < file.bytes.count else { return false }
        lineStart = position
        while true {
            row.append(try number())
            guard position < file.bytes.count, file.bytes[position] == UInt8(ascii: ",") else {
                break
            }
            position += 1
            guard row.count < columnCount else {
                throw refusal(row.count, "\(columnCount) columns", "more")
            }
        }
        if position < file.bytes.count, file.bytes[position] == 0x0D { position += 1 }
        guard position == file.bytes.count || file.bytes[position] == 0x0A else {
            throw refusal(row.count - 1, "a comma or the end of the line", "another character")
        }
        guard row.count == columnCount else {
            throw refusal(row.count - 1, "\(columnCount) columns", "\(row.count)")
        }
        return true
    }

    private mutating func number() throws(FormatError) -> Int {
        var value = 0
        let start = position
        while position < file.bytes.count, (0x30...0x39).contains(file.bytes[position]),
            position - start < 9
        {
            value = value * 10 + Int(file.bytes[position] - 0x30)
            position += 1
        }
        guard position > start else {
            let rest = file.bytes[position...].prefix(12)
            throw refusal(row.count, "a whole number", String(decoding: rest, as: UTF8.self))
        }
        return value
    }
}
