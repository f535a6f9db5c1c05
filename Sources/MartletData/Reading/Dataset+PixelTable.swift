import Foundation
import MartletFormats

extension Dataset {
    /// Where the class of a picture stands in its row of a table.
    public enum LabelColumn: Sendable {
        /// In the first column, as in the tables of MNIST.
        case first
        /// In the last column, as in the digits of the UCI repository.
        case last
    }

    /// Reads a table of comma-separated numbers: one picture a row, its pixels and its class.
    ///
    /// - Parameters:
    ///   - url: the file, plain or packed by gzip; headings in the first row are allowed.
    ///   - imageShape: channels, height and width; by default a square of as many pixels as there
    ///     are columns besides the class.
    ///   - label: the column of the class; by default the last if it has the heading `label` or
    ///     `class`, else the first.
    ///   - brightest: the pixel value of full brightness.
    ///   - name: what the data is called in messages; by default that of the file.
    ///   - classNames: the names of the classes; by default the digits 0 … 9.
    /// - Errors: `FormatError` with the line and the column that is wrong.
    public static func pixelTable(
        contentsOf url: URL, imageShape: [Int]? = nil, label: LabelColumn? = nil,
        brightest: UInt8 = 255, name: String? = nil, classNames: [String] = Dataset.digitNames
    ) throws -> Dataset {
        let file = try FileContents(contentsOf: url).unpackedIfGzip(limit: 4 << 30)
        let headings = file.bytes.prefix { $0 != 0x0A && $0 != 0x0D }
            .split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        let pixelCount = max(1, headings.count - 1)
        let shape = imageShape ?? StoredPixels.shape(of: [pixelCount]) ?? [1, 1, pixelCount]
        let last = String(decoding: headings.last ?? [], as: UTF8.self).lowercased()
            .trimmingCharacters(in: CharacterSet(charactersIn: " \"'"))
        let column = label ?? (["label", "class"].contains(last) ? .last : .first)
        let table = try PixelTable.read(
            file, shape: shape, label: column == .first ? .first : .last,
            classCount: classNames.count)
        let darker = table.images.bytes.firstIndex { $0 > brightest }
        if let darker {
            let row = darker / max(1, shape.reduce(1, *))
            throw DataError(
                .malformed, file: url.path, place: "record \(row)",
                expected: "pixels from 0 to \(brightest)", found: "\(table.images.bytes[darker])")
        }
        return Dataset(
            name: name ?? url.lastPathComponent,
            source: ImagesInMemory(
                bytes: table.images.bytes, imageSize: shape.reduce(1, *), file: url.path),
            records: Array(table.labels.indices), imageShape: shape, brightest: brightest,
            labels: table.labels.map { Int32($0) }, classNames: classNames)
    }
}
