#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

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
        var text = "martlet: " + line + "\n"
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                #if canImport(Glibc)
                    let count = Glibc.write(2, rest.baseAddress, rest.count)
                #elseif canImport(Musl)
                    let count = Musl.write(2, rest.baseAddress, rest.count)
                #else
                    let count = Darwin.write(2, rest.baseAddress, rest.count)
                #endif
                if count <= 0 { return }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            }
        }
    }
}
