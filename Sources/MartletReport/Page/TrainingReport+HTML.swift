import Foundation
import Martlet

extension TrainingReport {
    /// The report as one page that needs no other file and no network.
    public var html: String {
        let lead = summary.isEmpty ? "" : "<p>\(escaped(summary))</p>"
        var sections = ["<header><h1>\(escaped(title))</h1>\(lead)\(factsHTML)</header>"]
        let plots = plots.map(HTML.figure)
        // Notes explain the comparison; without one they stand at the end.
        let remarks = comparisonHTML.map { [$0] + [notesHTML].compactMap { $0 } } ?? []
        if plots.count % 2 == 1, let column = HTML.column(remarks) {
            sections += HTML.pair(plots + [column])
        } else {
            sections += HTML.pair(plots) + HTML.pair(remarks)
        }
        if let confusion, confusion.total > 0 {
            sections += HTML.pair([confusion.html, confusion.classesHTML])
        }
        sections += samplesHTML
        func table(_ heading: String, _ facts: [Fact]) -> String? {
            facts.isEmpty ? nil : HTML.section(heading, HTML.pairs(facts))
        }
        let surroundings = [
            table("Environment", environment), remarks.isEmpty ? notesHTML : nil,
        ].compactMap { $0 }
        sections += HTML.pair(
            [table("Settings", settings), HTML.column(surroundings)].compactMap { $0 })
        if !history.epochs.isEmpty { sections.append(epochsHTML) }
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
        if facts.isEmpty { return "" }
        let numbers = facts.map { fact in
            "<div><b>\(escaped(fact.value))</b><span>\(escaped(fact.name))</span></div>"
        }
        return "\n<div class=\"facts\">\(numbers.joined())</div>"
    }

    private var comparisonHTML: String? {
        if comparisons.isEmpty { return nil }
        let hasDifference = comparisons.contains { $0.difference != nil }
        return HTML.section(
            comparisonTitle,
            HTML.numbers(
                heads: ["", "reported", "measured"] + (hasDifference ? ["difference"] : []),
                rows: comparisons.map {
                    [$0.name, $0.reported, $0.ours] + (hasDifference ? [$0.difference ?? ""] : [])
                }, remarks: comparisons.map(\.remark)))
    }

    private var notesHTML: String? {
        if notes.isEmpty { return nil }
        let items = notes.map { "<p>\(escaped($0))</p>" }.joined(separator: "\n")
        return HTML.section("Notes", "<div class=\"notes\">\n\(items)\n</div>")
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
        return HTML.folded("All epochs", isCard: true, table)
    }

    /// Mistakes, and then the first pictures as they come.
    private var samplesHTML: [String] {
        let wrong = mistakes.enumerated().sorted {
            (-($0.element.confidence ?? 0), $0.offset) < (-($1.element.confidence ?? 0), $1.offset)
        }.map(\.element)
        // One size of tiles on the whole page.
        let isLong = (mistakes + samples).contains {
            max($0.prediction.count, $0.label?.count ?? 0) > 3
        }
        let isSure = wrong.allSatisfy { $0.confidence != nil }
        var sections: [String] = []
        if !wrong.isEmpty {
            sections.append(
                Self.samplesHTML(
                    "Where it went wrong",
                    isSure ? "The mistakes that it was surest of come first." : "", wrong,
                    isLong: isLong))
        }
        if !samples.isEmpty {
            let isMixed = samples.contains { !$0.isRight }
            sections.append(
                Self.samplesHTML(
                    "Sample predictions",
                    "The first pictures of the \(validationName) data"
                        + (isMixed ? "; mistakes are red and name the truth." : "."), samples,
                    isLong: isLong))
        }
        return sections
    }

    private static func samplesHTML(
        _ heading: String, _ hint: String, _ samples: [Sample], isLong: Bool
    ) -> String {
        let pictures = samples.map(\.html).joined(separator: "\n")
        return HTML.section(
            heading, hint: hint,
            "<div class=\"samples\(isLong ? " long" : "")\">\n\(pictures)\n</div>")
    }
}

extension TrainingReport.Sample {
    fileprivate var html: String {
        var verdict = "<b>\(escaped(prediction))</b>"
        if let confidence { verdict += " <span>\(NumberText.percent(confidence, 1))</span>" }
        if let label, !isRight { verdict += "<span class=\"truth\">truth \(escaped(label))</span>" }
        return "<div class=\"sample\(isRight ? "" : " wrong")\">"
            + "<img src=\"\(picture.dataAddress)\" alt=\"\(escaped(label ?? prediction))\">"
            + "\(verdict)</div>"
    }
}
