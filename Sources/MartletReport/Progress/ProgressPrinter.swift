import Foundation
import Martlet

/// Writes progress to standard error while a model is trained.
public final class ProgressPrinter: TrainingCallback {
    private var renderer: any ProgressRenderer
    private let write: (String) -> Void
    private let now: () -> Double
    private var hasLiveLine = false

    /// Shows `renderer`'s text.
    ///
    /// - Parameters:
    ///   - write: takes the text with its line ends and escape sequences; standard error if absent.
    ///   - now: tells the time in seconds.
    public init(
        _ renderer: any ProgressRenderer,
        write: ((String) -> Void)? = nil,
        now: (() -> Double)? = nil
    ) {
        self.renderer = renderer
        self.write = write ?? Self.toStandardError
        let start = ContinuousClock.now
        self.now = now ?? { (ContinuousClock.now - start) / .seconds(1) }
    }

    /// Shows progress on standard error in a style.
    public convenience init(
        _ style: ProgressStyle = .bar, mode: ProgressMode = .auto, stepsPerLine: Int? = nil
    ) {
        let settings = ProgressSettings.standardError(mode: mode, stepsPerLine: stepsPerLine)
        self.init(style.renderer(mode: mode, settings: settings))
    }

    /// Whether it is to be told of every step.
    public var wantsSteps: Bool { renderer.wantsSteps }

    /// Shows what has changed, as a callback of `fit`.
    public func handle(_ event: TrainingEvent, _ control: TrainingControl) { show(event) }

    /// Shows what an event changes.
    public func show(_ event: TrainingEvent) { show(renderer.text(for: event, at: now())) }

    /// Shows a line of other text without disturbing the live line's place.
    public func show(line: String) { show([.line(line)]) }

    /// Leaves the live line on the screen and goes to the next, as before an error message.
    public func close() {
        if hasLiveLine { write("\n") }
        hasLiveLine = false
    }

    /// Writes as much as can be written; a reader that went away is no reason to stop training.
    private static func toStandardError(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }

    private func show(_ outputs: [ProgressOutput]) {
        for output in outputs {
            // Back to the first column; what the old line leaves over is erased.
            let start = hasLiveLine ? "\r\u{1B}[K" : ""
            switch output {
            case .live(let text):
                write(start + text)
                hasLiveLine = true
            case .line(let text):
                write(start + text + "\n")
                hasLiveLine = false
            }
        }
    }
}
