/// How graph text spells names: as they are when plain, else in quotes with escapes.
enum TextName {
    /// True for the bytes that a name without quotes may hold.
    static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "$"):
            true
        default: false
        }
    }

    /// The name as it stands in text; a lone `-` is quoted because it means an empty path.
    static func text(_ name: String) -> String {
        if !name.isEmpty, name != "-", name.utf8.allSatisfy(isPlain) { return name }
        return quoted(name)
    }

    /// The path of a node as it stands in text: `-` when there is none.
    static func path(_ path: String) -> String { path.isEmpty ? "-" : text(path) }

    private static func quoted(_ name: String) -> String {
        var result = "\""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if isVisible(scalar) {
                    result.unicodeScalars.append(scalar)
                } else {
                    result += "\\u{" + String(scalar.value, radix: 16) + "}"
                }
            }
        }
        return result + "\""
    }

    /// True for what a reader sees and an editor leaves alone.
    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
            .unassigned:
            false
        case .spaceSeparator: scalar == " "
        default: true
        }
    }
}
