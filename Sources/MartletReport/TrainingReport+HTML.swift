import Foundation
import MartletFormats

extension TrainingReport {
    /// The report as one page that needs no other file and no network.
    public var html: String {
        var sections = [
            "<header><h1>\(escaped(title))</h1><p>\(escaped(summary))</p></header>", factsHTML,
        ]
        if !epochs.isEmpty {
            sections.append("<div class=\"pair\">\(lossHTML)\(accuracyHTML)</div>")
        }
        sections.append(confusion.html)
        let wrong = samples.filter { !$0.isRight }
        let right = samples.filter(\.isRight)
        if !wrong.isEmpty { sections.append(samplesHTML("Where it went wrong", wrong)) }
        if !right.isEmpty { sections.append(samplesHTML("Recognised", right)) }
        return Page(title: title, sections: sections).html
    }

    private var factsHTML: String {
        let cards = facts.map { fact in
            "<div class=\"card\"><b>\(escaped(fact.value))</b><span>\(escaped(fact.name))</span></div>"
        }
        return "<div class=\"facts\">\(cards.joined())</div>"
    }

    private var lossHTML: String {
        LineChart(
            title: "Loss",
            series: [
                .init(name: "training", points: epochs.map { (Double($0.number), $0.loss) }),
                .init(name: "test", points: epochs.map { (Double($0.number), $0.testLoss) }),
            ],
            include: [0], format: { String(format: "%.3g", $0) }
        ).html
    }

    private var accuracyHTML: String {
        LineChart(
            title: "Accuracy",
            series: [
                .init(name: "training", points: epochs.map { (Double($0.number), $0.accuracy) }),
                .init(name: "test", points: epochs.map { (Double($0.number), $0.testAccuracy) }),
            ],
            include: [1], format: { String(format: "%.4g%%", $0 * 100) }
        ).html
    }

    private func samplesHTML(_ heading: String, _ samples: [Sample]) -> String {
        let pictures = samples.map(\.html).joined(separator: "\n")
        return """
            <section class="card">
            <h2>\(escaped(heading))</h2>
            <div class="samples">
            \(pictures)
            </div>
            </section>
            """
    }
}

extension TrainingReport.Sample {
    fileprivate var html: String {
        let picture = Picture(planes: pixels, shape: [1, height, width], brightest: brightest)
        let source = "data:image/png;base64," + Data(picture.png()).base64EncodedString()
        let verdict =
            isRight
            ? "<b>\(escaped(prediction))</b> · \(percent(confidence))"
            : "<b>\(escaped(prediction))</b> · \(percent(confidence))<br>truth \(escaped(label))"
        return "<div class=\"sample\(isRight ? "" : " wrong")\">"
            + "<img src=\"\(source)\" alt=\"\(escaped(label))\">\(verdict)</div>"
    }
}

extension ConfusionMatrix {
    /// The matrix as a shaded table: the diagonal in one colour, mistakes in another.
    var html: String {
        let heads = classNames.map { "<th scope=\"col\">\(escaped($0))</th>" }.joined()
        let rows = counts.indices.map { truth in
            let cells = counts[truth].indices.map { cell(truth, $0) }.joined()
            return "<tr><th scope=\"row\">\(escaped(classNames[truth]))</th>\(cells)"
                + "<td class=\"plain\">\(percent(recall(truth)))</td></tr>"
        }.joined(separator: "\n")
        let precisions = classNames.indices.map { k in
            "<td class=\"plain\">\(String(format: "%.0f%%", precision(k) * 100))</td>"
        }.joined()
        return """
            <section class="card">
            <h2>Confusion</h2>
            <span class="hint">A row per true class, a column per prediction; recall at the right, \
            precision below.</span>
            <div class="scroll"><table>
            <thead><tr><th></th>\(heads)<th scope="col">recall</th></tr></thead>
            <tbody>
            \(rows)
            <tr class="precision"><th scope="row">precision</th>\(precisions)<td></td></tr>
            </tbody>
            </table></div>
            </section>
            """
    }

    private func cell(_ truth: Int, _ prediction: Int) -> String {
        let count = counts[truth][prediction]
        if count == 0 { return "<td class=\"zero\">·</td>" }
        let share = Double(count) / Double(max(1, counts[truth].reduce(0, +)))
        let isRight = truth == prediction
        // A single mistake must still be seen among hundreds.
        let strength = isRight ? 0.12 + 0.5 * share : 0.25 + 0.6 * share
        let colour =
            "rgba(var(--\(isRight ? "right" : "wrong")), \(String(format: "%.2f", strength)))"
        let title = "\(count) × \(classNames[truth]) taken for \(classNames[prediction])"
        return "<td style=\"background:\(colour)\" title=\"\(escaped(title))\">\(count)</td>"
    }
}
