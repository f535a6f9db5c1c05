import Foundation
import Martlet
import MartletFormats
import MartletReport
import Testing

@Suite struct TrainingReportTests {
    @Test func thePageStandsAloneAndEscapesText() {
        let evil = "<b>\"Cats\" & 'dogs'</b>"
        let html = report(text: evil, epochs: 5).html
        #expect(html.hasPrefix("<!DOCTYPE html>"))
        #expect(!html.contains(evil) && !html.contains("<b>&quot;"))
        #expect(
            html.components(separatedBy: "&lt;b&gt;&quot;Cats&quot; &amp; &#39;dogs&#39;&lt;/b&gt;")
                .count > 20)
        #expect(!html.contains("http"))
        #expect(!html.contains("<script"))
        #expect(escaped("a\u{1B}[31m\u{0}\n\u{9B}") == "a\u{FFFD}[31m\u{FFFD}\n\u{FFFD}")
        // Every element that is opened is closed.
        for tag in [
            "div", "section", "figure", "svg", "table", "tbody", "tr", "td", "th", "span", "ul",
            "li", "details", "circle", "title", "rect",
        ] {
            func count(_ text: String) -> Int { html.components(separatedBy: text).count - 1 }
            let opened = count("<\(tag)>") + count("<\(tag) ")
            let closed = count("</\(tag)>")
            let closesItself = html.split(separator: "<").filter {
                $0.hasPrefix("\(tag) ") && $0.contains("/>")
            }.count
            #expect(opened == closed + closesItself, "\(tag)")
        }
    }

    @Test func allPartsAreThere() {
        let html = report(text: "three", epochs: 5).html
        for heading in [
            "Loss", "Accuracy", "Learning rate", "Reported and measured", "Confusion", "Classes",
            "Where it went wrong", "Sample predictions", "Settings", "Environment", "All epochs",
            "Notes", "Summed loss",
        ] {
            #expect(html.contains(">\(heading)</"), "\(heading)")
        }
        // The surest mistake comes first, and in the second section each picture has its place.
        let sections = html.components(separatedBy: ">Sample predictions</h2>")
        let wrong = sections[0].components(separatedBy: "class=\"sample wrong\"")
        #expect(wrong.count == 4 && wrong[1].contains("94.0%") && wrong[3].contains("44.0%"))
        let first = sections[1].components(separatedBy: "<img ")
        #expect(first.count == 15)
        #expect(first.indices.filter { first[$0].hasSuffix("sample wrong\">") } == [4, 6, 9])
        #expect(sections[1].contains("of the three data; mistakes are red and name the truth."))
    }

    @Test func oddRunsStillMakeAPage() {
        let empty = TrainingReport(title: "none").html
        #expect(!empty.contains("<svg") && !empty.contains("<table") && empty.contains("</html>"))
        let one = report(text: "one", epochs: 1).html
        #expect(one.contains("<svg") && !one.contains("nan"))
        var broken = report(text: "broken", epochs: 3)
        broken.history.epochs[1].loss = .nan
        broken.history.epochs[2].loss = .infinity
        broken.history.epochs[2].validationLoss = nil
        let html = broken.html
        #expect(!html.contains("nan,") && !html.contains("inf,") && !html.contains("=\"nan"))
        #expect(html.contains("<td>nan</td>") && html.contains("<td>inf</td>"))
    }

    @Test func manyClassesAreShownAsAPictureAndTheHardestAreListed() {
        var report = TrainingReport(title: "many")
        let labels = (0..<400).map { $0 / 4 }
        report.confusion = ConfusionMatrix(
            classNames: (0..<100).map { "class \($0)" }, labels: labels,
            predictions: labels.enumerated().map { $0.offset % 37 == 0 ? 7 : $0.element })
        let html = report.html
        #expect(html.contains("<div class=\"matrix\"><svg"))
        #expect(html.contains("<summary>All 100 classes</summary>"))
        #expect(html.contains(">most often</th><th scope=\"col\">taken for</th>"))
        #expect(!self.report(text: "few", epochs: 1).html.contains(">most often</th>"))
    }

    @Test func classesWithoutExamplesHaveNoScores() {
        var report = TrainingReport(title: "none")
        report.confusion = ConfusionMatrix(
            classNames: ["cat", "dog"], labels: [0, 0], predictions: [0, 1])
        #expect(
            report.html.contains(
                "<th scope=\"row\">dog</th><td>–</td><td>–</td><td>–</td><td>0</td>"))
    }

    @Test func curvesEndWithTheirLastValue() {
        let html = report(text: "three", epochs: 5).html
        let loss = 2 * exp(-2.0)
        #expect(html.contains("</i>train <b>\(String(format: "%.4f", loss))</b>"))
        #expect(html.contains("last <b>\(String(format: "%.1f", loss * 100))</b>"))
        var broken = report(text: "broken", epochs: 5)
        broken.history.epochs[4].loss = .nan
        #expect(broken.html.contains("</i>train <b>nan</b>"))
    }

    @Test(
        arguments: [
            ("91.40%", "91.64%", "+0.24"), ("0.0361", "0.0333", "−0.0028"), ("5", "5.2", "0"),
            ("91.40 %", "91.64%", nil), ("below 100", "10.2", nil), ("98.37%", "not reached", nil),
            ("1.0%", "nan%", nil),
        ] as [(String, String, String?)])
    func differencesNeedTwoNumbersOfOneUnit(reported: String, ours: String, expected: String?) {
        let row = TrainingReport.Comparison(name: "", reported: reported, ours: ours)
        #expect(row.difference == expected)
    }

    @Test func resultsThatAreNoProbabilitiesHaveNone() {
        var report = TrainingReport(title: "values")
        report.samples = ["3", "4"].map {
            TrainingReport.Sample(
                picture: Picture(width: 1, height: 1, filledWith: [0]), label: "3", prediction: $0,
                confidence: nil)
        }
        let html = report.html
        #expect(html.contains("<b>4</b><span class=\"truth\">truth 3</span></div>"))
        #expect(html.contains("<b>3</b></div>") && !html.contains("surest"))
    }

    @Test func colourPicturesKeepTheirColours() throws {
        let sample = TrainingReport.Sample(
            pixels: [10, 20, 30, 40, 50, 60], imageShape: [3, 1, 2], brightest: 100, label: nil,
            prediction: "frog", confidence: 1)
        #expect(sample.picture.channels == 3 && sample.isRight)
        #expect(sample.picture.samples == [26, 77, 128, 51, 102, 153])
    }

    @Test func theEnvironmentQuotesTheCommand() {
        let facts = TrainingReport.environment(
            engine: "onednn", threads: 2, seed: "7", date: Date(timeIntervalSince1970: 0),
            arguments: ["/usr/bin/martlet", "train", "--out", "my runs", "it's", ""])
        let values = Dictionary(uniqueKeysWithValues: facts.map { ($0.name, $0.value) })
        #expect(values["command"] == "martlet train --out 'my runs' 'it'\\''s' ''")
        #expect(values["date"] == "1970-01-01 00:00 UTC")
        #expect((values["threads"], values["seed"]) == ("2", "7"))
    }

    private func report(text: String, epochs count: Int) -> TrainingReport {
        let labels = (0..<360).map { $0 % 3 }
        let predictions = labels.enumerated().map { $0.offset % 41 == 3 ? 2 : $0.element }
        var report = TrainingReport(title: text, summary: text, facts: [(text, text)])
        report.history = History(epochs: (0..<count).map(epoch))
        report.confusion = ConfusionMatrix(
            classNames: [text, "dog", "owl"], labels: labels, predictions: predictions)
        report.samples = (0..<14).map { (index: Int) -> TrainingReport.Sample in
            let isWrong = [4, 6, 9].contains(index)
            return TrainingReport.Sample(
                picture: Picture(width: 2, height: 2, filledWith: [UInt8(index)]), label: text,
                prediction: isWrong ? "dog" : text, confidence: 0.04 + Double(index) * 0.1)
        }
        report.mistakes = report.samples.filter { !$0.isRight }
        report.settings = [(text, text)]
        report.environment = [(text, text)]
        report.notes = [text]
        report.validationName = text
        report.examplesOfSummedLoss = 100
        report.comparisons = [
            TrainingReport.Comparison(name: text, reported: text, ours: text, remark: text)
        ]
        return report
    }

    private func epoch(_ index: Int) -> History.Epoch {
        let fall = exp(-Double(index) / 2)
        return History.Epoch(
            number: index + 1, loss: 2 * fall, metrics: ["accuracy": 1 - 0.5 * fall],
            validationLoss: 2.1 * fall + 0.1,
            validationMetrics: ["accuracy": 0.97 - 0.5 * fall], learningRate: fall, seconds: 1)
    }
}
