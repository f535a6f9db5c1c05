import Foundation
import MartletData
import Testing

@Suite struct DigitsTests {
    @Test func splitsKeepTheirSizesAndOrder() throws {
        let all = try Dataset.digits()
        let train = try Dataset.digits(.train)
        let test = try Dataset.digits(.test)
        #expect(all.count == 1797)
        #expect((train.count, test.count) == (1437, 360))
        #expect(all.imageShape == [1, 8, 8])
        #expect(all.images.count == 1797 * 64)
        #expect(all.classNames == ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"])
        #expect(Array(test.image(0)) == Array(all.image(1437)))
        #expect(test.labels.last == all.labels.last)
    }

    @Test func contentsAreThePublishedOnes() throws {
        let all = try Dataset.digits()
        #expect(Array(all.image(0).prefix(8)) == [0, 0, 5, 13, 9, 1, 0, 0])
        #expect(Array(all.labels.prefix(10)) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
        #expect(all.images.max() == 16)
        // How often each digit occurs, from the description of the data set.
        let counts = (0..<10).map { digit in all.labels.filter { $0 == Int32(digit) }.count }
        #expect(counts == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    }

    @Test(arguments: [
        ("0,1\n", "row 3, byte 0", "65 numbers", "2"),
        ("", "end of the file", "1797 rows", "2 rows"),
        (fields(changing: 4, to: "17"), "row 3, field 5", "a grey value 0 … 16", "“17”"),
        (fields(changing: 4, to: ""), "row 3, field 5", "a grey value 0 … 16", "nothing"),
        (fields(changing: 4, to: "+1"), "row 3, field 5", "a grey value 0 … 16", "“+1”"),
        (fields(changing: 4, to: "300"), "row 3, field 5", "a grey value 0 … 16", "“300”"),
        (fields(changing: 64, to: "10"), "row 3, field 65", "a digit 0 … 9", "“10”"),
        ("\n", "row 3", "65 numbers", "1"),
    ])
    func damageIsNamedWithItsPlace(
        tail: String, place: String, expected: String, found: String
    ) throws {
        let good = fields(changing: 0, to: "0")
        let error = try #require(throws: DataError.self) {
            try read(good + good + tail)
        }
        #expect(error.kind == .malformed)
        #expect(error.place.hasPrefix(place.replacingOccurrences(of: ", byte 0", with: "")))
        #expect(error.expected == expected)
        #expect(error.found == found)
        #expect(error.description.contains("digits.csv"))
    }

    @Test func tooManyRowsAreRefused() throws {
        let row = fields(changing: 0, to: "0")
        #expect(throws: Never.self) { try read(String(repeating: row, count: 1797)) }
        let error = try #require(throws: DataError.self) {
            try read(String(repeating: row, count: 1798))
        }
        #expect(error.found == "more of them")
    }

    @Test func aMissingFileIsAnErrorOfItsOwnKind() throws {
        let error = try #require(throws: DataError.self) {
            try Dataset.digits(contentsOf: URL(fileURLWithPath: "/nowhere/digits.csv"))
        }
        #expect(error.kind == .missing)
        #expect(error.description.hasPrefix("cannot read /nowhere/digits.csv\n"))
    }

    private func read(_ text: String) throws -> Dataset {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("martlet-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let url = folder.appendingPathComponent("digits.csv")
        try AtomicFile.write(Array(text.utf8), to: url)
        return try Dataset.digits(contentsOf: url)
    }
}

/// A row of 65 zeros with one field changed, with its line end.
private func fields(changing index: Int, to text: String) -> String {
    var fields = [String](repeating: "0", count: 65)
    fields[index] = text
    return fields.joined(separator: ",") + "\n"
}
