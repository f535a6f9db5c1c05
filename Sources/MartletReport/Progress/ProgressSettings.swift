/// What progress may do to the place where it is shown.
public struct ProgressSettings: Sendable, Hashable {
    /// True when a line may be written over by the next.
    public var isLive: Bool
    /// The number of columns of the terminal; `nil` where lines may be as long as they like.
    public var columns: Int?
    /// True when text may be coloured with escape sequences.
    public var usesColour: Bool
    /// True when characters outside ASCII can be shown.
    public var usesUnicode: Bool
    /// A line is written every so many steps in the styles that do that; `nil` for the style's own
    /// number.
    public var stepsPerLine: Int?
    /// The least time between two live lines or two JSON steps, in seconds.
    public var leastInterval: Double

    /// Collects the settings.
    public init(
        isLive: Bool = false, columns: Int? = nil, usesColour: Bool = false,
        usesUnicode: Bool = true, stepsPerLine: Int? = nil, leastInterval: Double = 0.1
    ) {
        (self.isLive, self.columns) = (isLive, columns)
        (self.usesColour, self.usesUnicode) = (usesColour, usesUnicode)
        (self.stepsPerLine, self.leastInterval) = (stepsPerLine, leastInterval)
    }

    /// What fits a terminal, or a file in its place.
    ///
    /// - Parameters:
    ///   - isTerminal: whether progress goes to a terminal.
    ///   - terminalColumns: the terminal's width where it tells one.
    ///   - environment: the variables that `TerminalStyle` looks at too.
    public init(
        mode: ProgressMode, isTerminal: Bool, terminalColumns: Int?,
        environment: [String: String], stepsPerLine: Int? = nil
    ) {
        self.init(
            mode,
            TerminalFacts(
                environment: environment, isTerminal: isTerminal, columns: terminalColumns),
            stepsPerLine)
    }

    /// What fits standard error as it is now.
    public static func standardError(
        mode: ProgressMode, stepsPerLine: Int? = nil
    ) -> ProgressSettings {
        ProgressSettings(mode, TerminalFacts(descriptor: 2), stepsPerLine)
    }

    private init(_ mode: ProgressMode, _ facts: TerminalFacts, _ stepsPerLine: Int?) {
        let isLive = !facts.isDumb && (mode == .bar || (mode == .auto && facts.isTerminal))
        self.init(
            isLive: isLive,
            columns: isLive || facts.isTerminal ? facts.columns ?? (isLive ? 80 : nil) : nil,
            usesColour: facts.allowsColour, usesUnicode: facts.usesUnicode,
            stepsPerLine: stepsPerLine)
    }
}
