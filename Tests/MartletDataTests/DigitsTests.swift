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
        #expect(all.count == 1797 && all.imageSize == 64)
        #expect(all.classNames == ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"])
        let (first, same) = (try test.image(0), try all.image(1437))
        #expect(first == same)
        #expect(test.labels.last == all.labels.last)
    }

    @Test func contentsAreThePublishedOnes() throws {
        let all = try Dataset.digits()
        let first = try all.image(0)
        #expect(first.prefix(8) == [0, 0, 5, 13, 9, 1, 0, 0])
        #expect(Array(all.labels.prefix(10)) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
        let pixels = try all.indices.flatMap { try all.image($0) }
        #expect(pixels.max() == 16)
        // How often each digit occurs, from the description of the data set.
        let counts = (0..<10).map { digit in all.labels.filter { $0 == Int32(digit) }.count }
        #expect(counts == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    }

    @Test(arguments: [
        Damage("0,1\n", "row 3, byte 260", "65 numbers", "2"),
        Damage("\n", "row 3, byte 260", "65 numbers", "1"),
        Damage("", "end of the file, byte 260", "1797 rows", "2 rows"),
        Damage(fields(changing: 4, to: "17"), "row 3, field 5, byte 268", grey, "“17”"),
        Damage(fields(changing: 4, to: ""), "row 3, field 5, byte 268", grey, "nothing"),
        Damage(fields(changing: 4, to: "+1"), "row 3, field 5, byte 268", grey, "“+1”"),
        Damage(fields(changing: 4, to: "300"), "row 3, field 5, byte 268", grey, "“300”"),
        Damage(
            fields(changing: 64, to: "10"), "row 3, field 65, byte 388", "a digit 0 … 9", "“10”"),
    ])
    func damageIsNamedWithItsPlace(damage: Damage) throws {
        let good = fields(changing: 0, to: "0")
        let error = try #require(throws: DataError.self) {
            try read(good + good + damage.tail)
        }
        #expect(error.kind == .malformed)
        #expect(error.place == damage.place)
        #expect(error.expected == damage.expected)
        #expect(error.found == damage.found)
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

/// Two good rows with something after them, and the error that it must give.
struct Damage: Sendable, CustomTestStringConvertible {
    let tail, place, expected, found: String

    init(_ tail: String, _ place: String, _ expected: String, _ found: String) {
        (self.tail, self.place, self.expected, self.found) = (tail, place, expected, found)
    }

    var testDescription: String { "\(place): \(found) for \(expected)" }
}

private let grey = "a grey value 0 … 16"

/// A row of 65 zeros with one field changed, with its line end.
private func fields(changing index: Int, to text: String) -> String {
    var fields = [String](repeating: "0", count: 65)
    fields[index] = text
    return fields.joined(separator: ",") + "\n"
}
