import Foundation

extension ConfusionMatrix {
    /// Above this number of classes the matrix is a picture and has no numbers.
    private static let mostClassesInTable = 20

    /// The matrix as a shaded table: the diagonal in one colour, mistakes in another.
    var html: String {
        let hint = "A row for each true class, a column for each prediction."
        if classNames.count > Self.mostClassesInTable {
            let drawing = drawing(title: "Confusion", showsTitle: false)
            return HTML.section(
                "Confusion", hint: hint,
                "<div class=\"matrix\">\(SVGText(theme: nil).element(drawing))</div>")
        }
        let isTall = classNames.contains { $0.count > 3 }
        let heads = classNames.map {
            "<th scope=\"col\"\(isTall ? " class=\"tall\"" : "")>\(escaped($0))</th>"
        }.joined()
        let rows = counts.indices.map { truth in
            let cells = counts[truth].indices.map { cell(truth, $0) }.joined()
            return "<tr><th scope=\"row\">\(escaped(classNames[truth]))</th>\(cells)</tr>"
        }.joined(separator: "\n")
        return HTML.section(
            "Confusion", hint: hint,
            """
            <div class="scroll"><table class="confusion">
            <thead><tr><th></th>\(heads)</tr></thead>
            <tbody>
            \(rows)
            </tbody>
            </table></div>
            """)
    }

    /// Precision, recall, F1 and the number of examples of each class.
    var classesHTML: String {
        func text(_ share: Double) -> String { NumberText.percent(share, 1) }
        let present = classNames.indices.filter { support($0) > 0 }
        func mean(_ value: (Int) -> Double) -> Double {
            present.reduce(0) { $0 + value($1) } / Double(max(1, present.count))
        }
        var rows = classNames.indices.map { k in
            [
                classNames[k], text(precision(k)), text(recall(k)), text(f1(k)),
                support(k).grouped,
            ]
        }
        rows.append([
            "mean", text(mean(precision)), text(mean(recall)), text(mean(f1)),
            total.grouped,
        ])
        return HTML.section(
            "Classes",
            hint: "Precision: how many predictions of the class are right. "
                + "Recall: how many of the class are found. F1: their harmonic mean.",
            HTML.numbers(heads: ["", "precision", "recall", "F1", "examples"], rows: rows))
    }

    private func cell(_ truth: Int, _ prediction: Int) -> String {
        let count = counts[truth][prediction]
        if count == 0 { return "<td class=\"zero\">·</td>" }
        let share = Double(count) / Double(max(1, support(truth)))
        let isRight = truth == prediction
        // A single mistake must still be seen among hundreds.
        let strength = isRight ? 0.12 + 0.5 * share : 0.25 + 0.6 * share
        let parts = "var(--\(isRight ? "right" : "wrong")-parts)"
        let colour = "rgba(\(parts), \(String(format: "%.2f", strength)))"
        let title = "\(count) × \(classNames[truth]) taken for \(classNames[prediction])"
        return "<td style=\"background:\(colour)\" title=\"\(escaped(title))\">\(count)</td>"
    }
}
