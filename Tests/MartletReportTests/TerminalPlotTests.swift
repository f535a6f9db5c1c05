import MartletReport
import Testing

@Suite struct TerminalPlotTests {
    private func line(_ values: [Double], name: String = "train") -> PlotSeries {
        PlotSeries(
            name: name,
            points: values.enumerated().map { PlotPoint(Double($0.offset + 1), $0.element) })
    }

    @Test func asciiDrawsWithSigns() {
        let plot = Plot(
            title: "Loss",
            series: [line([4, 2, 1, 0.5, 0.5]), line([3, 3, 2, 2, 2], name: "test")],
            include: [0])
        #expect(
            plot.text(columns: 30, rows: 5, usesUnicode: false) == """
                Loss   * train   o test
                4 |**
                3 |oo****oooo
                2 |      ****ooooooooooooooooo
                1 |          *****************
                0 |
                  +---------------------------
                   1          epoch          5
                """)
    }

    @Test func brailleHasEightPointsACharacter() {
        let plot = Plot(title: "x", series: [line([0, 1])])
        let text = plot.text(columns: 24, rows: 3)
        #expect(text.contains("⣀") || text.contains("⠤"), "\(text)")
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 24 })
        #expect(!text.contains("\u{1B}"))
        #expect(plot.text(columns: 24, rows: 3, usesColour: true).contains("\u{1B}[34m"))
    }

    @Test func oddValuesAreShownOrLeftOut() {
        let plot = Plot(title: "odd", series: [line([.nan, 1e9, .infinity, 2])])
        let text = plot.text(columns: 40, rows: 4, usesUnicode: false)
        #expect(text.contains("*") && text.contains("e"))
        #expect(Plot(title: "one", series: [line([3])]).text().contains("epoch 1"))
    }
}
