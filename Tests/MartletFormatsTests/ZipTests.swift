import Foundation
import MartletFormats
import Testing

@Suite struct ZipTests {
    /// One entry and its directory; the parts of the 64-bit form are written on request.
    private func archive(
        _ name: String, _ bytes: [UInt8], method: Int = 8, wide: Bool = false,
        change: (inout [UInt8]) -> Void = { _ in }
    ) -> FileContents {
        func little(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let content = method == 8 ? packed(bytes, .deflate) : bytes
        let checksum = little(Int(cyclicRedundancyCheck(bytes[...])), 4)
        let sizes = wide ? little(-1, 8) : little(content.count, 4) + little(bytes.count, 4)
        let order = little(bytes.count, 8) + little(content.count, 8)
        let extra = wide ? little(1, 2) + little(16, 2) + order : []
        let common =
            little(0, 2) + little(method, 2) + little(0, 4) + checksum + sizes
            + little(name.utf8.count, 2) + little(extra.count, 2)
        var file = little(0x0403_4B50, 4) + little(20, 2) + common + Array(name.utf8) + extra
        file += content
        let start = file.count
        file += little(0x0201_4B50, 4) + little(20, 2) + little(20, 2) + common + little(0, 2)
        file += little(0, 8) + little(0, 4) + Array(name.utf8) + extra
        let size = file.count - start
        if wide {
            let end = file.count
            file += little(0x0606_4B50, 4) + little(44, 8) + little(0, 4) + little(0, 8)
            file += little(1, 8) + little(1, 8) + little(size, 8) + little(start, 8)
            file += little(0x0706_4B50, 4) + little(0, 4) + little(end, 8) + little(1, 4)
        }
        file += little(0x0605_4B50, 4) + little(0, 4) + little(1, 2)
        file +=
            wide ? little(-1, 2) + little(-1, 8) : little(1, 2) + little(size, 4) + little(start, 4)
        file += little(0, 2)
        change(&file)
        return FileContents(file, name: "made.zip")
    }

    private static let content = Array(repeating: Array("weights ".utf8), count: 60).flatMap { $0 }

    @Test(arguments: [0, 8], [false, true]) func readsBothMethodsAndWidths(method: Int, wide: Bool)
        throws
    {
        let zip = try ZipArchive(archive("a/b", Self.content, method: method, wide: wide))
        #expect(zip.entries.map(\.name) == ["a/b"])
        #expect(try zip.contents("a/b").bytes == Self.content)
    }

    @Test func namesWithPathsAreOnlyNames() throws {
        let zip = try ZipArchive(archive("../../../../tmp/martlet_pwned", Self.content))
        #expect(try zip.contents("../../../../tmp/martlet_pwned").bytes == Self.content)
        #expect(!FileManager.default.fileExists(atPath: Fixtures.traceOfAttack))
    }

    @Test func refusesWhatTheNumbersDoNotHold() throws {
        let changes: [(String, (inout [UInt8]) -> Void)] = [
            ("checksum", { $0[$0.count - 22 - 49 + 16] ^= 1 }),
            ("size", { $0[$0.count - 22 - 49 + 24] ^= 1 }),
            ("huge size", { $0[$0.count - 22 - 49 + 27] = 0x7F }),
            ("packed size", { $0[$0.count - 22 - 49 + 20] ^= 1 }),
            ("place", { $0[$0.count - 22 - 49 + 42] = 9 }),
            ("encryption", { $0[$0.count - 22 - 49 + 8] |= 1 }),
            ("method", { $0[$0.count - 22 - 49 + 10] = 12 }),
            ("name", { $0[30] ^= 1 }),
        ]
        for (what, change) in changes {
            let file = archive("a/b", Self.content, change: change)
            Fixtures.expectRefusal(what) {
                let zip = try ZipArchive(file)
                _ = try zip.contents(try #require(zip.entries.first))
            }
        }
        Fixtures.expectRefusal("count") {
            _ = try ZipArchive(archive("a/b", Self.content) { $0[$0.count - 12] = 0xFF })
        }
    }

    @Test func refusesEveryCut() throws {
        let whole = archive("a/b", Self.content).bytes
        for count in 0..<whole.count {
            Fixtures.expectRefusal("cut to \(count)") {
                _ = try ZipArchive(FileContents(Array(whole[..<count]), name: "cut"))
            }
        }
    }

    @Test func anAbsentEntryIsAnsweredWithTheNamesThereAre() throws {
        let zip = try ZipArchive(archive("here", Self.content))
        let error = Fixtures.expectRefusal("absent") { _ = try zip.contents("there") }
        #expect(error?.found.contains("here") == true)
    }
}
