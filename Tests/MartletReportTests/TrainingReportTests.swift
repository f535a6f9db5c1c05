import Foundation
import MartletReport
import Testing

@Suite struct TrainingReportTests {
    @Test func thePageStandsAloneAndEscapesText() {
        let html = report(title: "Cats & <dogs>", epochs: 5).html
        #expect(html.hasPrefix("<!DOCTYPE html>"))
        #expect(html.contains("Cats &amp; &lt;dogs&gt;"))
        #expect(!html.contains("<dogs>"))
        #expect(!html.contains("http"))
        #expect(!html.contains("<script"))
        #expect(html.contains("Where it went wrong"))
        #expect(html.contains("truth 3"))
        // Every element that is opened is closed.
        for tag in ["div", "section", "figure", "svg", "table", "tr", "td", "th", "span"] {
            let opened =
                html.components(separatedBy: "<\(tag)>").count
                + html.components(separatedBy: "<\(tag) ").count - 2
            #expect(opened == html.components(separatedBy: "</\(tag)>").count - 1, "\(tag)")
        }
    }

    @Test func oddRunsStillMakeAPage() {
        #expect(!report(title: "none", epochs: 0).html.contains("<svg"))
        let one = report(title: "one", epochs: 1).html
        #expect(one.contains("<svg"))
        #expect(!one.contains("nan") && !one.contains("inf,"))
        var broken = report(title: "broken", epochs: 3)
        broken.epochs[1].loss = .nan
        broken.epochs[2].loss = .infinity
        #expect(!broken.html.contains("nan,") && !broken.html.contains("inf"))
    }

    @Test(arguments: [
        ([0.0, 1.0], [0, 0.2, 0.4, 0.6, 0.8, 1]),
        ([0.31, 2.3, 0.0], [0, 0.5, 1, 1.5, 2, 2.5]),
        ([5.0, 5.0], [5, 5.2]),
    ])
    func axesHaveRoundTicks(values: [Double], ticks: [Double]) {
        let axis = Axis(values: values, wholeNumbers: false)
        #expect(zip(axis.ticks, ticks).allSatisfy { abs($0 - $1) < 1e-9 }, "\(axis.ticks)")
        #expect(axis.low <= values.min() ?? 0 && axis.high >= values.max() ?? 0)
    }

    @Test func epochAxesTickOnWholeNumbers() {
        let axis = Axis(values: (1...12).map { Double($0) }, wholeNumbers: true)
        #expect(axis.ticks.allSatisfy { $0 == $0.rounded() })
        #expect(axis.ticks.count >= 3 && (axis.low, axis.high) == (1, 12))
    }

    private func report(title: String, epochs count: Int) -> TrainingReport {
        let labels = (0..<360).map { $0 % 10 }
        let predictions = labels.enumerated().map { $0.offset % 41 == 3 ? 8 : $0.element }
        let pixels: [UInt8] = (0..<64).map { UInt8($0 % 17) }
        return TrainingReport(
            title: title, summary: "A test.",
            facts: [("test accuracy", "97.5%"), ("training", "1.9 s"), ("parameters", "17,098")],
            epochs: (0..<count).map { index in
                let fall = exp(-Double(index) / 2)
                return .init(
                    number: index + 1, loss: 2 * fall, accuracy: 1 - 0.5 * fall,
                    testLoss: 2.1 * fall + 0.1, testAccuracy: 0.97 - 0.5 * fall)
            },
            confusion: ConfusionMatrix(
                classNames: (0..<10).map { String($0) }, labels: labels, predictions: predictions),
            samples: (0..<14).map { index in
                .init(
                    pixels: pixels, width: 8, height: 8, brightest: 16, label: "3",
                    prediction: index % 5 == 0 ? "8" : "3", confidence: 0.9)
            })
    }
}
