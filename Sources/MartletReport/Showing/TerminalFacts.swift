import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What the system and the environment say about a terminal; nothing else asks them.
///
/// Colours need a terminal (or `CLICOLOR_FORCE` or `FORCE_COLOR`), no `NO_COLOR`, and a `TERM` other than
/// `dumb`. Unicode needs UTF-8 in the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set.
///
/// - Source: no-color.org; bixense.com/clicolors.
struct TerminalFacts {
    /// Whether output goes to a terminal.
    let isTerminal: Bool
    /// Whether the terminal knows nothing but characters.
    let isDumb: Bool
    /// Whether colours were asked for, terminal or not.
    let forcesColour: Bool
    /// Whether text may be coloured.
    let allowsColour: Bool
    /// Whether other letters than ASCII's can be shown.
    let usesUnicode: Bool
    /// The terminal's own answer, or `COLUMNS`; `nil` for neither.
    let columns: Int?
    private let environment: [String: String]

    /// Reads the variables of an environment.
    ///
    /// - Parameter columns: the terminal's own answer, or `nil`.
    init(environment: [String: String], isTerminal: Bool, columns: Int?) {
        func value(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        func isForced(_ name: String) -> Bool { value(name).map { $0 != "0" } ?? false }
        (self.environment, self.isTerminal) = (environment, isTerminal)
        isDumb = value("TERM") == "dumb"
        forcesColour = isForced("CLICOLOR_FORCE") || isForced("FORCE_COLOR")
        allowsColour = value("NO_COLOR") == nil && !isDumb && (isTerminal || forcesColour)
        let locale = (value("LC_ALL") ?? value("LC_CTYPE") ?? value("LANG") ?? "").lowercased()
        usesUnicode = locale.contains("utf-8") || locale.contains("utf8")
        let told = columns ?? value("COLUMNS").flatMap { Int($0) }
        self.columns = told.flatMap { $0 > 0 ? $0 : nil }
    }

    /// What holds for a file descriptor of this process.
    init(descriptor: Int32) {
        let isTerminal = isatty(descriptor) == 1
        var size = winsize()
        var columns: Int?
        if isTerminal && ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 {
            columns = Int(size.ws_col)
        }
        self.init(
            environment: ProcessInfo.processInfo.environment, isTerminal: isTerminal,
            columns: columns)
    }

    /// A variable that is set to something.
    subscript(name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
