/// What a terminal can show; the functions that draw for terminals depend on nothing else.
public struct TerminalStyle: Hashable, Sendable {
    /// The colours that a terminal has.
    public enum Colours: String, Sendable, CaseIterable {
        /// None; brightness is shown by characters.
        case none
        /// The 256 colours of xterm.
        case palette
        /// 24 bits.
        case full
    }

    /// Characters in a line.
    public var columns: Int
    /// The colours.
    public var colours: Colours
    /// Whether block characters and other letters than ASCII's can be shown.
    public var usesUnicode: Bool

    /// Collects the properties.
    public init(columns: Int = 80, colours: Colours = .none, usesUnicode: Bool = true) {
        (self.columns, self.colours) = (max(1, columns), colours)
        self.usesUnicode = usesUnicode
    }

    /// 80 columns of ASCII.
    public static let plain = TerminalStyle(usesUnicode: false)

    /// The style that environment variables ask for; `COLORTERM` and `TERM` say how many colours.
    ///
    /// - Parameters:
    ///   - isTerminal: whether the output goes to a terminal.
    ///   - columns: the terminal's own answer, or nil; then `COLUMNS` counts, or 80.
    public init(environment: [String: String], isTerminal: Bool, columns: Int?) {
        self.init(
            TerminalFacts(environment: environment, isTerminal: isTerminal, columns: columns))
    }

    private init(_ facts: TerminalFacts) {
        let depth = facts["COLORTERM"]?.lowercased()
        let colours: Colours
        if !facts.allowsColour {
            colours = .none
        } else if depth == "truecolor" || depth == "24bit" {
            colours = .full
        } else if facts["TERM"]?.contains("256color") == true || depth != nil || facts.forcesColour
        {
            colours = .palette
        } else {
            colours = .none
        }
        self.init(
            columns: facts.columns ?? 80, colours: colours, usesUnicode: facts.usesUnicode)
    }

    /// The style of the terminal behind a file descriptor, standard output unless told otherwise.
    public static func current(descriptor: Int32 = 1) -> TerminalStyle {
        TerminalStyle(TerminalFacts(descriptor: descriptor))
    }
}
