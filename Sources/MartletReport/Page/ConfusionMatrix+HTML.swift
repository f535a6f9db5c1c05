import Foundation

extension ConfusionMatrix {
    /// Above this number of classes the matrix is a picture without numbers, and only the classes
    /// and the pairs that matter most are listed.
    private static let mostClassesInTable = 20
    /// The rows of those lists.
    private static let listLength = 10

    /// True when there are too many classes to list them all.
    private var isLarge: Bool { classNames.count > Self.mostClassesInTable }

    /// The matrix as a shaded table: the diagonal in one colour, mistakes in another.
    var html: String {
        let hint = "A row for each true class, a column for each prediction."
        if isLarge {
            let drawing = drawing(title: "Confusion", showsTitle: false)
            return HTML.section(
                "Confusion", hint: hint,
                "<div class=\"matrix\">\(SVGText(theme: nil).element(drawing))</div>"
                    + mostConfusedHTML)
        }
        let isTall = classNames.contains { $0.count > 3 }
        let heads = classNames.map {
            "<th scope=\"col\"\(isTall ? " class=\"tall\"" : "")>\(Self.clipped($0))</th>"
        }.joined()
        let rows = counts.indices.map { truth in
            let cells = counts[truth].indices.map { cell(truth, $0) }.joined()
            return "<tr><th scope=\"row\">\(Self.clipped(classNames[truth]))</th>\(cells)</tr>"
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
        let present = classNames.indices.filter { support($0) > 0 }
        func mean(_ value: (Int) -> Double) -> String {
            NumberText.percent(
                present.reduce(0) { $0 + value($1) } / Double(max(1, present.count)), 1)
        }
        func row(_ k: Int) -> [String] {
            let count = support(k)
            // Without examples there is nothing that could be found.
            return [classNames[k]]
                + (count == 0
                    ? ["–", "–", "–"]
                    : [precision(k), recall(k), f1(k)].map { NumberText.percent($0, 1) })
                + [count.grouped]
        }
        let heads = ["", "precision", "recall", "F1", "examples"]
        let footer = [
            "mean", mean(precision), mean(recall), mean(f1), total.grouped,
        ]
        let hint =
            "Precision: how many predictions of the class are right. "
            + "Recall: how many of the class are found. F1: their harmonic mean."
        let all = HTML.numbers(heads: heads, rows: classNames.indices.map(row), footer: footer)
        guard isLarge else { return HTML.section("Classes", hint: hint, all) }
        let hardest = present.sorted { (f1($0), $0) < (f1($1), $1) }.prefix(Self.listLength)
        return HTML.section(
            "Classes", hint: hint + " The classes with the lowest F1 are listed.",
            HTML.numbers(heads: heads, rows: hardest.map(row), footer: footer)
                + HTML.folded("All \(classNames.count) classes", all))
    }

    /// The pairs of classes that are most often confused, for a matrix without numbers.
    private var mostConfusedHTML: String {
        let pairs = mostConfused.prefix(Self.listLength / 2)
        if pairs.isEmpty { return "" }
        return HTML.numbers(
            heads: ["most often", "taken for", "times", "of"],
            rows: pairs.map {
                [
                    classNames[$0.truth], classNames[$0.prediction], $0.count.grouped,
                    support($0.truth).grouped,
                ]
            }, hasTwoNames: true)
    }

    private func cell(_ truth: Int, _ prediction: Int) -> String {
        let count = counts[truth][prediction]
        if count == 0 { return "<td class=\"zero\">·</td>" }
        let isRight = truth == prediction
        let strength = Self.strength(
            of: Double(count) / Double(max(1, support(truth))), isRight: isRight)
        let parts = "var(--\(isRight ? "right" : "wrong")-parts)"
        let colour = "rgba(\(parts), \(String(format: "%.2f", strength)))"
        let title =
            isRight
            ? "\(count) × \(classNames[truth]) recognised"
            : "\(count) × \(classNames[truth]) taken for \(classNames[prediction])"
        return "<td style=\"background:\(colour)\" title=\"\(escaped(title))\">"
            + "\(count.grouped)</td>"
    }

    /// A name that the page may cut where it is too long; the pointer shows all of it.
    private static func clipped(_ name: String) -> String {
        "<span class=\"name\" title=\"\(escaped(name))\">\(escaped(name))</span>"
    }
}
