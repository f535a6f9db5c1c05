import Foundation
import MartletFormats
import MartletTestSupport
import Testing

@Suite struct TarTests {
    private static let names = [
        "batches/empty", "batches/one.bin", "../../outside", "batches/two.bin",
    ]

    private static let long =
        [String](repeating: "a-folder-with-a-rather-long-name", count: 6).joined(separator: "/")
        + "/batch.bin"

    /// What `Tests/Fixtures-scripts/tar.py` writes into file `index`.
    private static func bytes(_ index: Int) -> [UInt8] {
        (0..<700 * index).map { UInt8(($0 * 7 + index) % 251) }
    }

    private static func archive(_ name: String) throws -> TarArchive {
        try TarArchive(contentsOf: Fixtures.url("data/tar/\(name)"))
    }

    @Test(arguments: [
        ("ustar.tar", String(repeating: "p", count: 90) + "/" + String(repeating: "n", count: 80)),
        ("ustar.tar.gz", ""), ("gnu.tar.gz", long), ("pax.tar", long),
    ])
    func filesAreReadByTheirNames(archive name: String, last: String) throws {
        let archive = try Self.archive(name)
        let names = Self.names + (last.isEmpty ? [] : [last])
        let entries = try archive.entries()
        #expect(Array(entries.map(\.name).prefix(names.count)) == names)
        #expect(entries.prefix(names.count).map(\.size) == names.indices.map { 700 * $0 })
        // The order asked for need not be that of the archive.
        let files = try archive.contents(of: names.reversed())
        #expect(files.map(\.bytes) == names.indices.reversed().map(Self.bytes))
        #expect(files.first?.name.hasSuffix("\(name)/\(names[names.count - 1])") == true)
    }

    @Test func namesMayHoldAnyLetters() throws {
        let files = try Self.archive("pax.tar").contents(of: ["batches/ä.bin"])
        #expect(files[0].bytes == Self.bytes(5))
    }

    @Test func foldersAndLinksAreNotFiles() throws {
        let error = try #require(throws: FormatError.self) {
            try Self.archive("ustar.tar").contents(of: ["batches/link"])
        }
        #expect(error.expected == "a file named batches/link")
        #expect(error.found.hasPrefix("others: batches/empty, batches/one.bin"))
    }

    @Test func sizesAreBounded() throws {
        let archive = try Self.archive("ustar.tar")
        let error = try #require(throws: FormatError.self) {
            try archive.contents(of: ["batches/two.bin"], limit: 2099)
        }
        #expect(error.kind == .tooLarge && error.place == "batches/two.bin")
        #expect(try archive.contents(of: ["batches/two.bin"], limit: 2100)[0].bytes.count == 2100)
        // Two million zeros pack to two thousand bytes; reading stops at the limit.
        let bomb = FileContents(
            packed([UInt8](repeating: 0x20, count: 2 << 20), .gzip), name: "bomb")
        #expect(throws: FormatError.self) { try TarArchive(bomb, limit: 1 << 20).entries() }
    }

    @Test func aSizeThatTheFileCannotHoldIsRefusedBeforeMemoryIsTaken() throws {
        var bytes = try Fixtures.contents("data/tar/ustar.tar").bytes
        // The header of the fourth file: folder, link, empty, one.bin with 2 blocks of contents.
        let header = 512 * 3
        bytes.replaceSubrange(header + 124..<header + 135, with: Array("37777777777".utf8))
        Mutations.repairTarHeader(&bytes, at: header)
        let archive = TarArchive(FileContents(bytes, name: "claims"))
        let error = try #require(throws: FormatError.self) {
            try archive.contents(of: ["batches/one.bin"], limit: 1 << 40)
        }
        #expect(error.kind == .malformed && error.found == "4294967295 claimed")
        #expect(throws: FormatError.self) { try archive.entries() }
    }

    @Test func damageIsNamedWithItsPlace() throws {
        let good = try Fixtures.contents("data/tar/ustar.tar").bytes
        var changed = good
        changed[512 * 3] ^= 1
        let error = Fixtures.expectRefusal("changed name") {
            _ = try TarArchive(FileContents(changed, name: "x")).entries()
        }
        #expect(error?.offset == 512 * 3 && error?.place == "checksum of a header")
        let cut = Fixtures.expectRefusal("cut") {
            let file = FileContents(Array(good.prefix(512 * 4 + 100)), name: "x")
            _ = try TarArchive(file).entries()
        }
        #expect(cut?.fix == "the file was cut short; get it again")
        for bytes in [[], Array("no archive".utf8), [UInt8](repeating: 7, count: 2000)] {
            Fixtures.expectRefusal("\(bytes.count) bytes") {
                _ = try TarArchive(FileContents(bytes, name: "x")).entries()
            }
        }
    }

    @Test func readingStopsWhenEverythingWasFound() throws {
        var bytes = try Fixtures.contents("data/tar/ustar.tar").bytes
        bytes.replaceSubrange((512 * 6)..., with: [1, 2, 3])
        let files = try TarArchive(FileContents(bytes, name: "x"))
            .contents(of: ["batches/one.bin"])
        #expect(files[0].bytes == Self.bytes(1))
    }
}
