import Foundation
import Martlet

extension TrainingReport {
    /// The report as one page that needs no other file and no network.
    public var html: String {
        let lead = summary.isEmpty ? "" : "<p>\(escaped(summary))</p>"
        var sections = ["<header><h1>\(escaped(title))</h1>\(lead)</header>"]
        if !facts.isEmpty { sections.append(factsHTML) }
        let plots = plots.map(HTML.figure)
        if !plots.isEmpty { sections.append("<div class=\"pair\">\(plots.joined())</div>") }
        if !comparisons.isEmpty { sections.append(comparisonHTML) }
        if let confusion, confusion.total > 0 {
            sections.append(
                "<div class=\"pair\">\(confusion.html)\(confusion.classesHTML)</div>")
        }
        let wrong = samples.filter { !$0.isRight }.sorted { $0.confidence > $1.confidence }
        let right = samples.filter(\.isRight)
        if !wrong.isEmpty {
            sections.append(
                samplesHTML(
                    "Where it went wrong", "The mistakes that it was surest of come first.", wrong))
        }
        if !right.isEmpty { sections.append(samplesHTML("Sample predictions", "", right)) }
        let tables = [("Settings", settings), ("Environment", environment)]
            .filter { !$0.1.isEmpty }.map { HTML.section($0.0, HTML.pairs($0.1)) }
        if !tables.isEmpty { sections.append("<div class=\"pair\">\(tables.joined())</div>") }
        if !history.epochs.isEmpty { sections.append(epochsHTML) }
        if !notes.isEmpty {
            let items = notes.map { "<li>\(escaped($0))</li>" }.joined(separator: "\n")
            sections.append(HTML.section("Notes", "<ul class=\"notes\">\n\(items)\n</ul>"))
        }
        return Page(title: title, sections: sections).html
    }

    /// The curves of the page.
    private var plots: [Plot] {
        var plots: [Plot] = []
        let hasValidation = history.epochs.contains { $0.validationLoss != nil }
        let name = hasValidation ? validationName : ""
        plots.append(history.lossPlot(title: lossTitle, validationName: name))
        var metrics: [String] = []
        for epoch in history.epochs {
            for entry in epoch.metrics.entries + epoch.validationMetrics.entries
            where !metrics.contains(entry.name) {
                metrics.append(entry.name)
            }
        }
        plots += metrics.map { metric in
            history.metricPlot(
                metric, title: metric.prefix(1).uppercased() + metric.dropFirst(),
                validationName: name)
        }
        if let examplesOfSummedLoss {
            plots.append(history.summedLossPlot(examples: examplesOfSummedLoss))
        }
        if Set(history.epochs.map(\.learningRate)).count > 1 {
            plots.append(history.learningRatePlot())
        }
        return plots.filter { !$0.isEmpty }
    }

    private var factsHTML: String {
        let cards = facts.map { fact in
            "<div class=\"card\"><b>\(escaped(fact.value))</b>"
                + "<span>\(escaped(fact.name))</span></div>"
        }
        return "<div class=\"facts\">\(cards.joined())</div>"
    }

    private var comparisonHTML: String {
        let hasRemarks = comparisons.contains { !$0.remark.isEmpty }
        return HTML.section(
            comparisonTitle,
            HTML.numbers(
                heads: ["", "reported", "measured"] + (hasRemarks ? [""] : []),
                rows: comparisons.map {
                    [$0.name, $0.reported, $0.ours] + (hasRemarks ? [$0.remark] : [])
                }, lastIsText: hasRemarks))
    }

    /// All numbers of all epochs, folded away.
    private var epochsHTML: String {
        var names: [String] = []
        for epoch in history.epochs {
            let all =
                ["loss"] + epoch.metrics.entries.map(\.name)
                + (epoch.validationLoss == nil ? [] : ["val_loss"])
                + epoch.validationMetrics.entries.map { "val_\($0.name)" }
            for name in all where !names.contains(name) { names.append(name) }
        }
        let rows = history.epochs.map { epoch in
            [String(epoch.number)]
                + names.map { name in epoch[name].map { NumberText.metric(name, $0) } ?? "" }
                + [String(format: "%.3g", epoch.learningRate), NumberText.duration(epoch.seconds)]
        }
        let heads = names.map { name in
            name.hasPrefix("val_") ? "\(validationName) \(name.dropFirst(4))" : name
        }
        let table = HTML.numbers(
            heads: ["epoch"] + heads + ["learning rate", "time"], rows: rows)
        return "<details class=\"card\"><summary>All epochs</summary>\n\(table)\n</details>"
    }

    private func samplesHTML(_ heading: String, _ hint: String, _ samples: [Sample]) -> String {
        let pictures = samples.map(\.html).joined(separator: "\n")
        return HTML.section(heading, hint: hint, "<div class=\"samples\">\n\(pictures)\n</div>")
    }
}

extension TrainingReport.Sample {
    fileprivate var html: String {
        var verdict = "<b>\(escaped(prediction))</b> · \(NumberText.percent(confidence, 1))"
        if let label, !isRight { verdict += "<br>truth \(escaped(label))" }
        return "<div class=\"sample\(isRight ? "" : " wrong")\">"
            + "<img src=\"\(picture.dataAddress)\" alt=\"\(escaped(label ?? prediction))\">"
            + "\(verdict)</div>"
    }
}
