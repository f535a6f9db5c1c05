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
}
