/// Reads the first frame of a GIF.
///
/// - Source: CompuServe, Graphics Interchange Format, version 89a.
struct GIFReader {
    private let file: FileContents
    private let reading: PictureReading
    private var cursor: ByteCursor
    private let width: Int
    private let height: Int
    private var palette: Range<Int>
    private var transparentIndex: Int?

    init(_ file: FileContents, _ reading: PictureReading) throws(FormatError) {
        (self.file, self.reading) = (file, reading)
        cursor = ByteCursor(file, at: 6)
        width = try cursor.size(2, "the width")
        height = try cursor.size(2, "the height")
        let flags = Int(try cursor.byte("flags"))
        _ = try cursor.take(2, "the header")
        // One code of 3 bits or more stands for at most 4096 pixels.
        try reading.check(
            file, width: width, height: height, decodedBytes: width * height,
            mostBytes: 16_384 * file.bytes.count)
        palette = flags & 0x80 != 0 ? try cursor.take(6 << (flags & 7), "colours") : 0..<0
    }

    func picture() throws(FormatError) -> Picture {
        var reader = self
        return try reader.readFirstFrame()
    }

    private mutating func readFirstFrame() throws(FormatError) -> Picture {
        while true {
            let start = cursor.position
            switch try cursor.byte("a block") {
            case 0x2C: return try readFrame()
            case 0x21: try readExtension()
            case let other:
                throw FormatError(
                    .malformed, file: file.name, offset: start, expected: "a frame",
                    found: other == 0x3B ? "the end of the file" : "a block of kind \(other)")
            }
        }
    }

    private mutating func readExtension() throws(FormatError) {
        let kind = try cursor.byte("an extension")
        while true {
            let length = Int(try cursor.byte("the length of a block"))
            if length == 0 { return }
            let block = try cursor.take(length, "an extension")
            if kind == 0xF9, length >= 4, file.bytes[block.lowerBound] & 1 == 1 {
                transparentIndex = Int(file.bytes[block.lowerBound + 3])
            }
        }
    }

    private mutating func readFrame() throws(FormatError) -> Picture {
        let start = cursor.position
        let left = try cursor.size(2, "a frame")
        let top = try cursor.size(2, "a frame")
        let columns = try cursor.size(2, "a frame")
        let rows = try cursor.size(2, "a frame")
        let flags = Int(try cursor.byte("flags"))
        if flags & 0x80 != 0 { palette = try cursor.take(6 << (flags & 7), "colours") }
        guard left + columns <= width, top + rows <= height, columns > 0, rows > 0 else {
            throw FormatError(
                .malformed, file: file.name, offset: start,
                expected: "a frame inside \(width) x \(height)",
                found: "\(columns) x \(rows) at \(left), \(top)")
        }
        let indices = try readIndices(columns * rows)
        var samples = [UInt8](repeating: 0, count: width * height * 4)
        let order = flags & 0x40 != 0 ? Self.interlacedRows(rows) : Array(0..<rows)
        for (line, row) in order.enumerated() {
            for column in 0..<columns {
                let index = Int(indices[line * columns + column])
                guard 3 * index < palette.count else {
                    throw FormatError(
                        .malformed, file: file.name, offset: start, place: "row \(row)",
                        expected: "one of \(palette.count / 3) colours", found: "colour \(index)")
                }
                let target = 4 * ((top + row) * width + left + column)
                for channel in 0..<3 {
                    samples[target + channel] = file.bytes[palette.lowerBound + 3 * index + channel]
                }
                samples[target + 3] = index == transparentIndex ? 0 : 255
            }
        }
        return Picture(
            width: width, height: height, channels: 3, samples: reading.opaque(samples, channels: 4)
        )
    }

    /// The rows in the order in which an interlaced frame holds them.
    private static func interlacedRows(_ count: Int) -> [Int] {
        [(0, 8), (4, 8), (2, 4), (1, 2)].flatMap { Array(stride(from: $0.0, to: count, by: $0.1)) }
    }

    /// Joins the blocks of a frame and unpacks them.
    private mutating func readIndices(_ count: Int) throws(FormatError) -> [UInt8] {
        let start = cursor.position
        let codeSize = Int(try cursor.byte("the size of codes"))
        var packed: [UInt8] = []
        while true {
            let length = Int(try cursor.byte("the length of a block"))
            if length == 0 { break }
            packed += file.bytes[try cursor.take(length, "pixels")]
        }
        guard (1...8).contains(codeSize),
            let indices = Self.unpacked(packed, codeSize: codeSize, count: count)
        else {
            throw FormatError(
                .malformed, file: file.name, offset: start, expected: "codes for \(count) pixels",
                found: "fewer or impossible codes")
        }
        return indices
    }

    /// Undoes the LZW packing; `nil` when a code is impossible or there are fewer than `count`.
    private static func unpacked(_ packed: [UInt8], codeSize: Int, count: Int) -> [UInt8]? {
        let clear = 1 << codeSize
        var prefix = [Int](repeating: -1, count: 4096)
        var suffix = [UInt8](repeating: 0, count: 4096)
        for code in 0..<clear { suffix[code] = UInt8(truncatingIfNeeded: code) }
        var (result, word) = ([UInt8](), [UInt8]())
        var (bits, bitCount, width, next) = (0, 0, codeSize + 1, clear + 2)
        var previous: Int?
        var first: UInt8 = 0
        for byte in packed {
            bits |= Int(byte) << bitCount
            bitCount += 8
            while bitCount >= width, result.count < count {
                let code = bits & (1 << width - 1)
                bits >>= width
                bitCount -= width
                if code == clear + 1 { return result.count == count ? result : nil }
                if code == clear {
                    (width, next, previous) = (codeSize + 1, clear + 2, nil)
                    continue
                }
                guard code < next || code == next && previous != nil else { return nil }
                word.removeAll(keepingCapacity: true)
                var walk = code
                if code == next, let previous {
                    word.append(first)
                    walk = previous
                }
                while walk >= 0 {
                    word.append(suffix[walk])
                    walk = prefix[walk]
                }
                first = word[word.count - 1]
                result += word.reversed().prefix(count - result.count)
                if let previous, next < 4096 {
                    (prefix[next], suffix[next]) = (previous, first)
                    next += 1
                    if next == 1 << width, width < 12 { width += 1 }
                }
                previous = code
            }
            if result.count == count { return result }
        }
        return nil
    }
}
