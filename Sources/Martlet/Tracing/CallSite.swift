#if os(Linux) && canImport(Runtime)
    import Runtime
#endif

/// A line of the user's program.
struct CallSite: Hashable, Sendable {
    var file: String
    var line: Int

    /// The place that `#fileID` and `#line` gave, `nil` when it is inside this library.
    init?(_ file: StaticString, _ line: UInt) {
        let path = file.description
        guard !path.hasPrefix("Martlet/") else { return nil }
        self.init(path: path, line: Int(line))
    }

    init(path: String, line: Int) {
        file = path.split(separator: "/").last.map(String.init) ?? path
        self.line = line
    }

    /// Finds the innermost line of the call stack outside this library.
    ///
    /// Operators and layers have no place for default arguments, so they look at the stack, and only
    /// when something is wrong. Programs built without `-g` give `nil`; where the optimiser turned
    /// the last call of a function into a jump, the line is that of the function's caller.
    @inline(never)
    static func onStack() -> CallSite? {
        #if os(Linux) && canImport(Runtime)
            guard let trace = try? Backtrace.capture(limit: 256),
                let symbols = trace.symbolicated(
                    options: [.showInlineFrames, .showSourceLocations, .useSymbolCache])
            else { return nil }
            for frame in symbols.frames {
                guard let place = frame.symbol?.sourceLocation, place.line > 0,
                    place.path.hasSuffix(".swift"), !place.path.contains("@__swiftmacro"),
                    !isInsideLibrary(place.path)
                else { continue }
                return CallSite(path: place.path, line: place.line)
            }
        #endif
        return nil
    }

    private static let ownTargets = [
        "Martlet", "MartletGraph", "MartletCompiler", "MartletReference", "MartletOneDNN",
    ]

    /// The name of the folder of the targets, `Sources`; debug information has whole paths or parts.
    private static let ownFolder =
        #filePath.split(separator: "/").dropLast(3).last.map(String.init) ?? "Sources"

    private static func isInsideLibrary(_ path: String) -> Bool {
        ownTargets.contains { ("/" + path).contains("/\(ownFolder)/\($0)/") }
    }
}

extension String {
    fileprivate func contains(_ part: String) -> Bool {
        guard part.utf8.count <= utf8.count else { return false }
        let (text, part) = (Array(utf8), Array(part.utf8))
        return (0...(text.count - part.count)).contains { start in
            text[start..<start + part.count].elementsEqual(part)
        }
    }
}
