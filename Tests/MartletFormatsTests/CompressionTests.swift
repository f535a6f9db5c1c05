import Foundation
import MartletFormats
import Testing

@Suite struct CompressionTests {
    private static let text = Array(
        String(repeating: "one picture after another, ", count: 400).utf8)

    @Test(arguments: [Packing.gzip, .zlib, .deflate], [0, 1, 6, 9])
    func unpacksWhatItPacked(packing: Packing, level: Int) throws {
        for bytes in [Self.text, [], [7]] {
            let file = FileContents(packed(bytes, packing, level: level), name: "packed")
            #expect(try file.unpacked(packing, limit: bytes.count).bytes == bytes)
            #expect(try file.unpacked(packing, limit: 1 << 20).bytes == bytes)
        }
    }

    @Test func refusesMoreThanTheLimit() throws {
        let file = FileContents(packed(Self.text, .gzip), name: "packed")
        let error = Fixtures.expectRefusal("limit") {
            _ = try file.unpacked(.gzip, limit: Self.text.count - 1)
        }
        #expect(error?.kind == .tooLarge)
    }

    @Test(arguments: [Packing.gzip, .zlib, .deflate])
    func refusesCutAndDamagedStreams(packing: Packing) throws {
        let whole = packed(Self.text, packing)
        for count in 0..<whole.count {
            Fixtures.expectRefusal("\(packing) cut to \(count)") {
                _ = try FileContents(Array(whole[..<count]), name: "cut")
                    .unpacked(packing, limit: 1 << 20)
            }
        }
        Fixtures.expectRefusal("\(packing) with a tail") {
            _ = try FileContents(whole + [1], name: "tail").unpacked(packing, limit: 1 << 20)
        }
    }

    @Test func readsSeveralGzipMembersAsOne() throws {
        let two = packed([1, 2], .gzip) + packed([3], .gzip)
        #expect(try FileContents(two, name: "two").unpacked(.gzip, limit: 10).bytes == [1, 2, 3])
        let padded = FileContents(two + [0, 0, 0], name: "padded")
        #expect(try padded.unpacked(.gzip, limit: 10).bytes == [1, 2, 3])
    }

    /// The check value of the usual CRC-32 is that of the text "123456789".
    @Test func knowsTheCheckValue() {
        #expect(cyclicRedundancyCheck(Array("123456789".utf8)[...]) == 0xCBF4_3926)
    }

    @Test func refusesFoldersAndMissingFiles() {
        Fixtures.expectRefusal("folder") { _ = try FileContents(contentsOf: Fixtures.folder) }
        Fixtures.expectRefusal("missing") {
            _ = try FileContents(contentsOf: Fixtures.url("data/no such file"))
        }
        Fixtures.expectRefusal("device") {
            _ = try FileContents(contentsOf: URL(fileURLWithPath: "/dev/zero"))
        }
    }

    @Test func bombsAreRefusedBeforeTheyGrow() throws {
        let bomb = FileContents(packed([UInt8](repeating: 0, count: 1 << 24), .gzip), name: "bomb")
        #expect(bomb.bytes.count < 20_000)
        let error = Fixtures.expectRefusal("bomb") { _ = try bomb.unpacked(.gzip, limit: 1000) }
        #expect(error?.kind == .tooLarge)
    }
}
