import MartletReport
import Testing

@Suite struct PictureTests {
    @Test func shadesRunFromSpaceToBlock() {
        let picture = TerminalPicture(
            pixels: [0, 3, 4, 8, 12, 16], width: 3, height: 2, brightest: 16)
        #expect(picture.lines == ["    ░░", "▒▒▓▓██"])
    }

    @Test func gridsBreakIntoRowsAndKeepCaptionsBelow() {
        let picture = TerminalPicture(pixels: [1, 0], width: 2, height: 1, brightest: 1)
        let grid = TerminalPicture.grid(
            [(picture, "one"), (picture, "two"), (picture, "three")], columns: 12)
        #expect(
            grid == """
                ██     ██
                one    two

                ██
                three
                """)
        #expect(TerminalPicture.grid([]).isEmpty)
    }

    @Test func pngHasTheRightChunksAndPixels() throws {
        let pixels: [UInt8] = [0, 128, 255, 7, 8, 9]
        let file = GreyPNG.encode(pixels, width: 3, height: 2)
        #expect(Array(file.prefix(8)) == [137, 80, 78, 71, 13, 10, 26, 10])
        // Length 13, IHDR, 3 × 2, 8 bits, grey.
        #expect(
            Array(file[8..<33].prefix(21)) == [
                0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 3, 0, 0, 0, 2, 8, 0, 0, 0, 0,
            ])
        // One stored block: last, 8 bytes, their complement, then a filter byte before each row.
        let data = Array(file[41...].prefix(2 + 5 + 8))
        #expect(data == [0x78, 1, 1, 8, 0, 247, 255, 0, 0, 128, 255, 0, 7, 8, 9])
        // Adler-32 of the rows and CRC-32 of IEND, computed by zlib.
        #expect(Array(file[56..<60]) == [0x08, 0x31, 0x01, 0x98])
        #expect(Array(file.suffix(4)) == [0xAE, 0x42, 0x60, 0x82])
    }
}
