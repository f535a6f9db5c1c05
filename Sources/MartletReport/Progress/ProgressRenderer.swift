import Martlet

/// One change of what is shown.
public enum ProgressOutput: Sendable, Hashable {
    /// Takes the place of the live line before it.
    case live(String)
    /// Stays; the live line goes away.
    case line(String)
}

/// Turns what happens in training into text; needs no terminal and no clock of its own.
public protocol ProgressRenderer {
    /// Whether the text depends on single steps; true unless given.
    var wantsSteps: Bool { get }

    /// The text for the next event.
    ///
    /// - Parameter seconds: when the event happened, from any fixed point in time.
    mutating func text(for event: TrainingEvent, at seconds: Double) -> [ProgressOutput]
}

extension ProgressRenderer {
    /// True.
    public var wantsSteps: Bool { true }
}

/// Shows nothing.
public struct SilentProgress: ProgressRenderer {
    /// Makes the renderer.
    public init() {}

    /// False.
    public var wantsSteps: Bool { false }

    public mutating func text(
        for event: TrainingEvent, at seconds: Double
    ) -> [ProgressOutput] { [] }
}

extension ProgressStyle {
    /// A renderer of this style; `mode` wins where it asks for nothing or for JSON.
    public func renderer(
        mode: ProgressMode, settings: ProgressSettings
    ) -> any ProgressRenderer {
        switch mode {
        case .none: return SilentProgress()
        case .json: return JSONProgress(settings: settings)
        case .auto, .bar, .lines: break
        }
        return switch self {
        case .bar: BarProgress(settings: settings)
        case .keras: KerasProgress(settings: settings)
        case .torch: TorchProgress(settings: settings)
        case .paddle: PaddleProgress(settings: settings)
        case .tqdm: TqdmProgress(settings: settings)
        case .accuracy: AccuracyProgress()
        }
    }
}
