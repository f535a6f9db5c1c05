import Foundation
import MartletFormats

extension Dataset {
    /// 1,797 handwritten digits of 8×8 pixels with grey values 0 … 16; they come with Martlet.
    ///
    /// - Shapes: `imageShape` is `[1, 8, 8]`; labels are 0 … 9.
    /// - Errors: `DataError` when the file is not beside the program, or is damaged.
    /// - Source: E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits" (test part),
    ///   UCI Machine Learning Repository, 1998, CC BY 4.0.
    public static func digits() throws(DataError) -> Dataset {
        try digits(contentsOf: Resources.url(of: "digits.csv"))
    }

    /// The first 1,437 digits to learn from, or the last 360 to be judged by.
    ///
    /// - Errors: as `digits()`.
    public static func digits(_ split: Split) throws(DataError) -> Dataset {
        let all = try digits()
        let trainCount = 1437
        switch split {
        case .train: return all.subset(0..<trainCount, name: "digits (train)")
        case .test: return all.subset(trainCount..<all.count, name: "digits (test)")
        case .validation: throw DataError.noValidation(in: "digits")
        }
    }

    /// Reads a file of the digits' form: in each row 64 grey values 0 … 16 and the digit.
    ///
    /// - Errors: `DataError` with row and field when the file is not of that form or does not have
    ///   1,797 rows.
    public static func digits(contentsOf url: URL) throws(DataError) -> Dataset {
        let bytes: [UInt8]
        do {
            bytes = [UInt8](try Data(contentsOf: url))
        } catch {
            throw DataError(
                .missing, file: url.path, expected: "a readable file",
                found: error.plainReason)
        }
        return try DigitsReader(file: url.path, bytes: bytes).read()
    }
}

/// Reads the digits' comma-separated numbers and says exactly where they go wrong.
private struct DigitsReader {
    let file: String
    let bytes: [UInt8]

    static let rowCount = 1797
    static let fieldCount = 65

    func read() throws(DataError) -> Dataset {
        var images: [UInt8] = []
        var labels: [Int32] = []
        images.reserveCapacity(Self.rowCount * 64)
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            let row = labels.count + 1
            if row > Self.rowCount {
                throw problem(
                    "row \(row), byte \(start)", "\(Self.rowCount) rows", "more of them")
            }
            let numbers = try numbers(in: start..<end, row: row)
            images += numbers.dropLast()
            labels.append(Int32(numbers[Self.fieldCount - 1]))
            start = end + 1
        }
        if labels.count != Self.rowCount {
            throw problem(
                "end of the file, byte \(bytes.count)", "\(Self.rowCount) rows",
                "\(labels.count) rows")
        }
        return Dataset(
            name: "digits", images: images, imageShape: [1, 8, 8], brightest: 16, labels: labels,
            classNames: (0...9).map { String($0) })
    }

    /// The numbers of one row: 64 pixels of at most 16 and a digit.
    private func numbers(in range: Range<Int>, row: Int) throws(DataError) -> [UInt8] {
        let fields = bytes[range].split(
            separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        if fields.count != Self.fieldCount {
            throw problem(
                "row \(row), byte \(range.lowerBound)", "\(Self.fieldCount) numbers",
                "\(fields.count)")
        }
        var numbers: [UInt8] = []
        for (index, field) in fields.enumerated() {
            let isLabel = index == Self.fieldCount - 1
            let limit: UInt8 = isLabel ? 9 : 16
            // Only digits count as a number, not the signs that UInt8.init would take.
            let text = String(decoding: field, as: UTF8.self)
            guard field.allSatisfy({ (48...57).contains($0) }), let number = UInt8(text),
                number <= limit
            else {
                throw problem(
                    "row \(row), field \(index + 1), byte \(field.startIndex)",
                    isLabel ? "a digit 0 … 9" : "a grey value 0 … 16",
                    text.isEmpty ? "nothing" : "“\(text.prefix(20))”")
            }
            numbers.append(number)
        }
        return numbers
    }

    private func problem(_ place: String, _ expected: String, _ found: String) -> DataError {
        DataError(
            .malformed, file: file, place: place, expected: expected, found: found,
            fix: "take the file again from Martlet's sources, "
                + "Sources/MartletData/Resources/digits.csv")
    }
}
