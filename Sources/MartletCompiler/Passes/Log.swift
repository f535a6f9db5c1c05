import Foundation

/// Messages for developers, on standard error.
public enum Log {
    /// Writes `message` when `MARTLET_DEBUG` is `level` or more; else it is not even built.
    public static func debug(
        _ level: Int, settings: Settings = .current, _ message: @autoclosure () -> String
    ) {
        if settings.debugLevel >= level { write(message()) }
    }

    /// Writes a line in one piece, so that lines of several threads do not mix.
    public static func write(_ line: String) {
        // Without standard error there is nobody to tell.
        try? FileHandle.standardError.write(contentsOf: Data(("martlet: " + line + "\n").utf8))
    }
}
