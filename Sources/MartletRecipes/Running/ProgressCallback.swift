import Martlet
import MartletReport

/// Shows progress on standard error while `fit` runs.
public final class ProgressCallback: TrainingCallback {
    private let printer: ProgressPrinter

    /// Shows progress with a printer.
    public init(_ printer: ProgressPrinter) { self.printer = printer }

    /// As the printer wishes.
    public var wantsSteps: Bool { printer.wantsSteps }

    /// Shows what has changed.
    public func handle(_ event: TrainingEvent, _ control: TrainingControl) { printer.show(event) }
}
