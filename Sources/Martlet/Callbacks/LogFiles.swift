import Foundation
import MartletData

/// Writes the numbers of every epoch to a file of comma-separated values, one line per epoch.
///
///     epoch,loss,accuracy,val_loss,val_accuracy,learning_rate,seconds
///
/// A new run replaces the file. A resumed one begins it with the epochs of the checkpoint, so that every
/// epoch stands there once, also when the file was lost or cut off.
public final class CSVLog: TrainingCallback {
    private let file: LogFile
    private var columns: [String] = []

    /// Names the file; its folder is made when needed.
    public init(_ url: URL) { file = LogFile(url) }

    /// It is told of epochs alone.
    public var wantsSteps: Bool { false }

    /// Writes a line after every epoch.
    public func handle(_ event: TrainingEvent, _ control: TrainingControl) throws {
        switch event {
        case .fitStarted(let plan):
            let epochs = control.history.epochs
            let isValidated =
                plan.validationExamples > 0 || epochs.contains { $0.validationLoss != nil }
            let measured = ["loss"] + plan.metricNames
            columns =
                measured + (isValidated ? measured.map { "val_" + $0 } : [])
                + ["learning_rate", "seconds"]
            let head = (["epoch"] + columns).map(Self.quoted).joined(separator: ",")
            try file.start(with: [head] + epochs.map(line))
        case .epochEnded(let epoch): try file.append(line(epoch))
        default: break
        }
    }

    /// The line of an epoch; a cell is empty where a number was not measured.
    private func line(_ epoch: History.Epoch) -> String {
        let numbers = Dictionary(
            LogFile.numbers(epoch).map { ($0.name, "\($0.value)") }, uniquingKeysWith: { $1 })
        return ([String(epoch.number)] + columns.map { numbers[$0] ?? "" })
            .joined(separator: ",")
    }

    private static func quoted(_ name: String) -> String {
        guard name.contains(where: { ",\"\n\r".contains($0) }) else { return name }
        return "\"\(name.replacingOccurrences(of: "\"", with: "\"\""))\""
    }
}

/// Writes the numbers of every epoch, and of every so many steps, as one JSON object per line.
///
///     {"epoch":1,"loss":2.1,"step":100,"total_steps":100,"type":"step"}
///     {"accuracy":0.91,"epoch":1,"learning_rate":0.001,"loss":0.3,"seconds":2.5,"type":"epoch"}
///
/// A new run replaces the file. A resumed one drops lines of steps that are taken again, and has the
/// lines of all epochs of the checkpoint, also when the file was lost or cut off.
public final class JSONLinesLog: TrainingCallback {
    private struct Place: Decodable {
        var epoch: Int
        var totalSteps: Int?

        private enum CodingKeys: String, CodingKey {
            case epoch
            case totalSteps = "total_steps"
        }
    }

    private let file: LogFile
    private let interval: Int?

    /// Names the file.
    ///
    /// - Parameters:
    ///   - url: The file. A run that goes on keeps its lines, a new run starts it anew.
    ///   - interval: After how many steps the loss of the epoch so far is written; never when `nil`.
    /// - Precondition: `interval` is positive.
    public init(_ url: URL, everySteps interval: Int? = nil) {
        if let interval {
            precondition(interval > 0, "JSONLinesLog: everySteps must be positive, got \(interval)")
        }
        (file, self.interval) = (LogFile(url), interval)
    }

    /// True when steps are written.
    public var wantsSteps: Bool { interval != nil }

    /// Writes a line when it is time; the file has it at once.
    public func handle(_ event: TrainingEvent, _ control: TrainingControl) throws {
        switch event {
        case .fitStarted:
            let steps = try stepLines(upTo: control.totalSteps)
            var lines: [String] = []
            for epoch in control.history.epochs {
                lines += steps[epoch.number] ?? []
                lines.append(
                    try Self.line(
                        "epoch", whole: ["epoch": epoch.number], LogFile.numbers(epoch)))
            }
            lines += steps[control.epoch] ?? []
            try file.start(with: lines)
        case .stepEnded(let progress):
            guard let interval, progress.step % interval == 0 else { break }
            var numbers = progress.running.entries.map { ($0.name, $0.value) }
            numbers.append(("learning_rate", progress.learningRate))
            try file.append(
                try Self.line(
                    "step",
                    whole: [
                        "epoch": progress.epoch, "step": progress.step,
                        "total_steps": progress.totalSteps,
                    ], numbers))
        case .epochEnded(let epoch):
            try file.append(
                try Self.line("epoch", whole: ["epoch": epoch.number], LogFile.numbers(epoch)))
        default: break
        }
    }

    /// The file's lines of steps that are not taken again, by their epoch.
    private func stepLines(upTo totalSteps: Int) throws -> [Int: [String]] {
        guard totalSteps > 0 else { return [:] }
        var lines: [Int: [String]] = [:]
        for line in try file.lines() {
            guard let place = try? JSONText.decode(Place.self, line),
                let steps = place.totalSteps, steps <= totalSteps
            else { continue }
            lines[place.epoch, default: []].append(line)
        }
        return lines
    }

    private static func line(
        _ type: String, whole: [String: Int], _ numbers: [(name: String, value: Double)]
    ) throws -> String {
        var parts = try whole.map { "\(try JSONText.encode($0.key)):\($0.value)" }
        for (name, value) in numbers {
            parts.append("\(try JSONText.encode(name)):\(try JSONText.encode(value))")
        }
        parts.append("\"type\":\"\(type)\"")
        return "{\(parts.sorted().joined(separator: ","))}"
    }
}

/// What both kinds of logs share: a file of lines that grows.
private final class LogFile {
    let url: URL
    private var handle: FileHandle?

    init(_ url: URL) { self.url = url }

    deinit { try? handle?.close() }

    /// The lines of the file, none when it is not there.
    func lines() throws -> [String] {
        guard FileManager.default.fileExists(atPath: url.path) else { return [] }
        // Decoding this way bears a letter that was cut off.
        return String(decoding: try Data(contentsOf: url), as: UTF8.self)
            .split(separator: "\n").map(String.init)
    }

    /// Begins with these lines in place of what the file holds.
    func start(with lines: [String]) throws {
        try handle?.close()
        let text = lines.map { $0 + "\n" }.joined()
        try AtomicFile.write(Array(text.utf8), to: url)
        handle = try FileHandle(forWritingTo: url)
        try handle?.seekToEnd()
    }

    /// Adds a line, which is in the file from then on, also when the process is killed.
    func append(_ line: String) throws {
        if handle == nil { try start(with: try lines()) }
        try handle?.write(contentsOf: Data((line + "\n").utf8))
    }

    /// The numbers of an epoch by the names of logs.
    static func numbers(_ epoch: History.Epoch) -> [(name: String, value: Double)] {
        var numbers = [("loss", epoch.loss)]
        numbers += epoch.metrics.entries.map { ($0.name, $0.value) }
        if let loss = epoch.validationLoss { numbers.append(("val_loss", loss)) }
        numbers += epoch.validationMetrics.entries.map { ("val_\($0.name)", $0.value) }
        numbers.append(("learning_rate", epoch.learningRate))
        numbers.append(("seconds", (epoch.seconds * 1000).rounded() / 1000))
        return numbers
    }
}
