import MartletFormats
import MartletReport
import Testing

@Suite struct TerminalTests {
    private let colour = Picture(
        width: 2, height: 3, channels: 3,
        samples: [
            255, 0, 0, 255, 0, 0, 0, 0, 255, 0, 0, 255, 10, 20, 30, 200, 200, 200,
        ])

    private func style(
        _ colours: TerminalStyle.Colours, unicode: Bool = true, columns: Int = 80
    ) -> TerminalStyle {
        TerminalStyle(columns: columns, colours: colours, usesUnicode: unicode)
    }

    /// The columns of a line without its escape sequences.
    private func visible(_ line: some StringProtocol) -> Int {
        line.split(separator: "\u{1B}[", omittingEmptySubsequences: false).enumerated()
            .reduce(0) { total, piece in
                let text = piece.offset == 0 ? piece.element : piece.element.drop { $0 != "m" }
                return total + text.count - (piece.offset == 0 ? 0 : 1)
            }
    }

    @Test func halfBlocksShowTwoPixelsEach() {
        let full = TerminalPicture(colour, style: style(.full))
        #expect(
            full.lines == [
                "\u{1B}[38;2;255;0;0;48;2;0;0;255m▀▀\u{1B}[0m",
                "\u{1B}[38;2;10;20;30m▀\u{1B}[38;2;200;200;200m▀\u{1B}[0m",
            ])
        #expect(full.columns == 2)
        let palette = TerminalPicture(colour, style: style(.palette))
        #expect(
            palette.lines == [
                "\u{1B}[38;5;196;48;5;21m▀▀\u{1B}[0m",
                "\u{1B}[38;5;233m▀\u{1B}[38;5;251m▀\u{1B}[0m",
            ])
    }

    @Test func colouredSpacesServeWithoutUnicode() {
        let picture = TerminalPicture(colour, style: style(.full, unicode: false))
        #expect(picture.columns == 4)
        #expect(picture.lines.first == "\u{1B}[48;2;255;0;0m    \u{1B}[0m")
        #expect(picture.lines.count == 3)
    }

    @Test func withoutColoursBrightnessIsACharacter() {
        let ramp = Picture(width: 5, height: 1, channels: 1, samples: [0, 60, 120, 190, 255])
        #expect(TerminalPicture(ramp, style: style(.none)).lines == ["  ░░▒▒▓▓██"])
        #expect(TerminalPicture(ramp, style: .plain).lines == ["  ::==##@@"])
        #expect(
            TerminalPicture(ramp, style: .plain, map: .inverted).lines == ["@@##++::  "])
        // Too wide for two characters a pixel: one, with the mean of two rows.
        let tall = Picture(
            width: 3, height: 3, channels: 1, samples: [0, 255, 0, 255, 255, 0, 9, 255, 9])
        #expect(TerminalPicture(tall, style: style(.none), width: 5).lines == ["▒█ ", " █ "])
    }

    @Test(arguments: TerminalStyle.Colours.allCases, [true, false])
    func nothingIsWiderThanTheTerminal(colours: TerminalStyle.Colours, unicode: Bool) {
        let pictures = (0..<7).map { index in
            LabelledPicture(
                Picture(width: 28, height: 5, filledWith: [UInt8(index * 30)]),
                caption: "a long caption of picture \(index)", isRight: index > 3)
        }
        for columns in [1, 2, 3, 7, 20, 60, 80, 200] {
            for across in [nil, 1, 3, 10] as [Int?] {
                let text = TerminalPicture.grid(
                    pictures, style: style(colours, unicode: unicode, columns: columns),
                    across: across)
                let widest = text.split(separator: "\n").map(visible).max() ?? 0
                #expect(widest <= columns, "\(columns) \(String(describing: across))")
                if !unicode { #expect(text.allSatisfy { $0.isASCII }) }
                #expect(text.contains("\u{1B}") == (colours != .none))
            }
        }
    }

    @Test func captionsAreColouredAndCannotSteerTheTerminal() {
        let dot = Picture(width: 1, height: 1, channels: 1, samples: [255])
        let pictures = [
            LabelledPicture(dot, caption: "ok", isRight: true),
            LabelledPicture(dot, caption: "no", isRight: false),
            LabelledPicture(dot, caption: "a\u{1B}[2Jé"),
        ]
        let text = TerminalPicture.grid(pictures, style: style(.full))
        #expect(text.contains("\u{1B}[32mok\u{1B}[0m") && text.contains("\u{1B}[31mno\u{1B}[0m"))
        #expect(text.hasSuffix("a?[2Jé"))
        #expect(
            TerminalPicture.grid(pictures, style: .plain)
                == "@@      @@      @@\nok      no      a?[2J?")
        #expect(TerminalPicture.grid([], style: .plain).isEmpty)
    }

    @Test func wideLettersCountTwice() {
        let dot = Picture(width: 1, height: 1, channels: 1, samples: [255])
        let text = TerminalPicture.grid(
            [LabelledPicture(dot, caption: "猫"), LabelledPicture(dot, caption: "猫の写真です")],
            style: style(.none, columns: 20), across: 2)
        #expect(text == "██         ██\n猫         猫の写..")
    }

    @Test func stylesFollowTheEnvironment() {
        func style(_ environment: [String: String], _ isTerminal: Bool = true) -> TerminalStyle {
            TerminalStyle(environment: environment, isTerminal: isTerminal, columns: nil)
        }
        let modern = ["TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "en_GB.UTF-8"]
        #expect(style(modern) == TerminalStyle(columns: 80, colours: .full, usesUnicode: true))
        #expect(style(modern, false).colours == .none)
        func with(_ name: String, _ value: String) -> TerminalStyle {
            style(modern.merging([name: value]) { $1 })
        }
        #expect(with("NO_COLOR", "1").colours == .none)
        #expect(with("NO_COLOR", "").colours == .full)
        #expect(with("TERM", "dumb").colours == .none)
        #expect(with("COLORTERM", "").colours == .palette)
        #expect(with("LC_ALL", "C").usesUnicode == false)
        #expect(with("LC_ALL", "").usesUnicode)
        #expect(with("COLUMNS", "132").columns == 132)
        #expect(with("COLUMNS", "-3").columns == 80)
        #expect(style(["CLICOLOR_FORCE": "1"], false).colours == .palette)
        #expect(style([:]) == .plain)
        #expect(
            TerminalStyle(environment: ["COLUMNS": "9"], isTerminal: true, columns: 100).columns
                == 100)
    }

    @Test func sentencesAreBrokenBetweenWords() {
        let text = "note: the grid is in /a/folder/with/a/long/name.png for now"
        #expect(
            TerminalText.wrapped(text, to: 24) == """
                note: the grid is in
                  /a/folder/with/a/long/name.png
                  for now
                """)
        #expect(TerminalText.wrapped(text, to: 100) == text)
        #expect(TerminalText.wrapped("猫狗 猫狗 猫狗 猫狗 猫狗", to: 20) == "猫狗 猫狗 猫狗 猫狗\n  猫狗")
        // Below 20 columns nothing could be read.
        #expect(TerminalText.wrapped(text, to: 0) == TerminalText.wrapped(text, to: 20))
        #expect(TerminalText.wrapped("", to: 20).isEmpty)
    }
}
