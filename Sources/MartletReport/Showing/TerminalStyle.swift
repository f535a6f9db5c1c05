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

    /// The style that environment variables ask for.
    ///
    /// Colours need a terminal (or `CLICOLOR_FORCE`), no `NO_COLOR`, and a `TERM` other than `dumb`;
    /// `COLORTERM` says whether there are 24 bits. Unicode needs UTF-8 in the first of `LC_ALL`,
    /// `LC_CTYPE` and `LANG` that is set.
    ///
    /// - Parameters:
    ///   - isTerminal: whether the output goes to a terminal.
    ///   - columns: the terminal's own answer, or nil; then `COLUMNS` counts, or 80.
    /// - Source: no-color.org; bixense.com/clicolors.
    public init(environment: [String: String], isTerminal: Bool, columns: Int?) {
        func value(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        let term = value("TERM") ?? ""
        let depth = value("COLORTERM")?.lowercased()
        let isForced = value("CLICOLOR_FORCE").map { $0 != "0" } ?? false
        let colours: Colours
        if value("NO_COLOR") != nil || !(isTerminal || isForced) || term == "dumb" {
            colours = .none
        } else if depth == "truecolor" || depth == "24bit" {
            colours = .full
        } else if term.contains("256color") || depth != nil || isForced {
            colours = .palette
        } else {
            colours = .none
        }
        let locale = (value("LC_ALL") ?? value("LC_CTYPE") ?? value("LANG") ?? "").lowercased()
        self.init(
            columns: columns.flatMap { $0 > 0 ? $0 : nil }
                ?? value("COLUMNS").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } ?? 80,
            colours: colours,
            usesUnicode: locale.contains("utf-8") || locale.contains("utf8"))
    }
}
