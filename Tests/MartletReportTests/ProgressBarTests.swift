import Martlet
import MartletReport
import Testing

@Suite struct ProgressBarTests {
    private func texts(_ script: ProgressScript, _ settings: ProgressSettings) -> [ProgressOutput] {
        script.text(BarProgress(settings: settings))
    }

    @Test func aWideTerminalShowsEverything() {
        let settings = ProgressSettings(isLive: true, columns: 160)
        #expect(
            texts(.keras(), settings) == [
                .live(
                    "epoch  1/10  ──────────────────────────────      1/1,875  loss 2.3026"
                        + "  accuracy 9.38%"),
                .live(
                    "epoch  1/10  ━━━━━━━━━━━━━━━───────────────    938/1,875  3,536 images/s"
                        + "  0:08 left  2:41 in all  loss 0.2468  accuracy 92.50%"),
                .live(
                    "epoch  1/10  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  1,875/1,875  3,532 images/s"
                        + "  0:00 left  2:33 in all  loss 0.1390  accuracy 95.69%"),
                .line(
                    "epoch  1/10   17 s   3,529 images/s  loss 0.1390  accuracy 95.69%"
                        + "  validation loss 0.0479  accuracy 98.37%"),
            ])
    }

    @Test func withoutATerminalThereIsOneLineAnEpoch() {
        let output = texts(.keras(), ProgressSettings(usesUnicode: false))
        #expect(output.count == 1)
        #expect(output.allSatisfy { if case .line(let text) = $0 { text.isPlain } else { false } })
    }

    @Test(arguments: [8, 12, 20, 30, 40, 60, 80, 100, 120])
    func narrowTerminalsNeverWrap(columns: Int) {
        for unicode in [true, false] {
            let settings = ProgressSettings(isLive: true, columns: columns, usesUnicode: unicode)
            for output in texts(.keras(epochSeconds: 400), settings) {
                #expect(output.text.count < columns, "\(output)")
            }
            for style in [ProgressStyle.keras, .tqdm] {
                let renderer = style.renderer(mode: .bar, settings: settings)
                for case .live(let text) in ProgressScript.keras().text(renderer) {
                    #expect(text.count < columns, "\(text)")
                }
            }
        }
    }

    @Test func narrowTerminalsKeepWhatMattersMost() {
        let settings = ProgressSettings(isLive: true, columns: 40, usesUnicode: false)
        #expect(
            texts(.keras(epochSeconds: 400), settings).suffix(2) == [
                .live("epoch  1/10  [===========]  loss 0.1390"),
                .line("epoch  1/10  accuracy 98.37%"),
            ])
    }

    @Test func aResumedEpochBeginsInItsMiddle() {
        let output = texts(.resumed(), ProgressSettings(isLive: true, columns: 120))
        #expect(
            output == [
                .live(
                    "epoch 2/2  ━━━━━━━━━━━━━━━━──────────────  1,001/1,875  loss 0.0500"
                        + "  accuracy 98.00%"),
                .live(
                    "epoch 2/2  ━━━━━━━━━━━━━━━━━╸────────────  1,101/1,875  3,200 images/s"
                        + "  0:08 left  loss 0.0500  accuracy 98.00%"),
                .line("epoch 2/2  8.8 s   3,200 images/s  loss 0.0450  accuracy 98.10%"),
                .line("trained for 8.8 s"),
            ])
    }

    @Test func coloursMarkALossThatIsNotANumber() {
        let settings = ProgressSettings(isLive: true, columns: 200, usesColour: true)
        let output = texts(.keras(loss: .nan), settings)
        #expect(output.last?.text.contains("\u{1B}[31mloss nan\u{1B}[0m") == true)
        let plain = texts(.keras(loss: .nan), ProgressSettings(isLive: true, columns: 200))
        #expect(plain.allSatisfy { !$0.text.contains("\u{1B}") })
    }

    @Test func theEndNamesTheBestEpoch() {
        var script = ProgressScript.keras()
        func epoch(_ number: Int, _ accuracy: Double) -> History.Epoch {
            History.Epoch(
                number: number, loss: 0.1, validationLoss: .nan,
                validationMetrics: ["accuracy": accuracy], learningRate: 0.1, seconds: 1)
        }
        script.add(
            .fitEnded(History(epochs: [epoch(1, 0.9837), epoch(2, 0.9921), epoch(3, 0.9916)])),
            at: 269)
        #expect(
            texts(script, ProgressSettings()).last
                == .line("trained for 2:49, best validation accuracy 99.21% after epoch 2"))
    }

    @Test func thePrinterErasesTheLiveLine() {
        var written = ""
        var seconds = 0.0
        let printer = ProgressPrinter(
            KerasProgress(settings: ProgressSettings(isLive: true, columns: 30)),
            write: { written += $0 },
            now: {
                seconds += 1
                return seconds
            })
        for moment in ProgressScript.keras().moments.prefix(3) { printer.show(moment.event) }
        printer.show(line: "a note")
        printer.close()
        #expect(
            written == "Epoch 1/10\n   1/1875 [..........]"
                + "\r\u{1B}[Ka note\n")
    }

    @Test func theEnvironmentDecidesWhatIsUsed() {
        func settings(
            _ mode: ProgressMode = .auto, terminal: Bool, _ environment: [String: String]
        ) -> ProgressSettings {
            ProgressSettings(
                mode: mode, isTerminal: terminal, terminalColumns: terminal ? 100 : nil,
                environment: environment)
        }
        let usual = ["TERM": "xterm-256color", "LANG": "de_DE.UTF-8"]
        let good = settings(terminal: true, usual)
        #expect(good.isLive && good.usesColour && good.usesUnicode && good.columns == 100)
        let file = settings(terminal: false, usual)
        #expect(!file.isLive && !file.usesColour && file.columns == nil)
        #expect(settings(.bar, terminal: false, usual).isLive)
        #expect(!settings(.lines, terminal: true, usual).isLive)
        let dumb = settings(.bar, terminal: true, ["TERM": "dumb"])
        #expect(!dumb.isLive && !dumb.usesColour && !dumb.usesUnicode)
        #expect(!settings(terminal: true, ["NO_COLOR": "1", "FORCE_COLOR": "1"]).usesColour)
        #expect(settings(terminal: true, ["NO_COLOR": ""]).usesColour)
        #expect(settings(terminal: false, ["CLICOLOR_FORCE": "1"]).usesColour)
        #expect(!settings(terminal: true, ["LC_ALL": "C", "LANG": "de_DE.UTF-8"]).usesUnicode)
    }
}

extension ProgressOutput {
    /// The text, whether it stays or not.
    var text: String {
        switch self {
        case .live(let text), .line(let text): text
        }
    }
}

extension String {
    /// True without control characters and letters outside ASCII.
    fileprivate var isPlain: Bool { unicodeScalars.allSatisfy { $0.isASCII && $0.value >= 32 } }
}
