import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension TerminalStyle {
    /// The style of the terminal behind a file descriptor, standard output unless told otherwise.
    ///
    /// This is the only place that asks the environment and the system.
    public static func current(descriptor: Int32 = STDOUT_FILENO) -> TerminalStyle {
        let isTerminal = isatty(descriptor) == 1
        var size = winsize()
        var columns: Int?
        if isTerminal && ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 {
            columns = Int(size.ws_col)
        }
        return TerminalStyle(
            environment: ProcessInfo.processInfo.environment, isTerminal: isTerminal,
            columns: columns)
    }
}
