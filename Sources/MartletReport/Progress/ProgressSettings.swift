import Foundation

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
    ///   - environment: `TERM`, `NO_COLOR`, `CLICOLOR_FORCE`, `FORCE_COLOR`, `COLUMNS` and the
    ///     locale's variables are looked at.
    public init(
        mode: ProgressMode, isTerminal: Bool, terminalColumns: Int?,
        environment: [String: String], stepsPerLine: Int? = nil
    ) {
        func isSet(_ name: String) -> Bool { !(environment[name] ?? "").isEmpty }
        let isDumb = environment["TERM"] == "dumb"
        let forcesColour =
            (isSet("CLICOLOR_FORCE") && environment["CLICOLOR_FORCE"] != "0")
            || (isSet("FORCE_COLOR") && environment["FORCE_COLOR"] != "0")
        let live = !isDumb && (mode == .bar || (mode == .auto && isTerminal))
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].first(where: isSet).flatMap { environment[$0] }
        let encoding = (locale ?? "").uppercased()
        self.init(
            isLive: live,
            columns: terminalColumns ?? (live ? Int(environment["COLUMNS"] ?? "") ?? 80 : nil),
            usesColour: !isSet("NO_COLOR") && !isDumb && (isTerminal || forcesColour),
            usesUnicode: encoding.hasSuffix("UTF-8") || encoding.hasSuffix("UTF8"),
            stepsPerLine: stepsPerLine)
    }

    /// What fits standard error as it is now.
    public static func standardError(
        mode: ProgressMode, stepsPerLine: Int? = nil
    ) -> ProgressSettings {
        let isTerminal = isatty(STDERR_FILENO) == 1
        var size = winsize()
        let told =
            isTerminal && ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return ProgressSettings(
            mode: mode, isTerminal: isTerminal, terminalColumns: told ? Int(size.ws_col) : nil,
            environment: ProcessInfo.processInfo.environment, stepsPerLine: stepsPerLine)
    }
}
