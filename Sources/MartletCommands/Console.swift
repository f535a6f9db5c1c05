import Foundation

/// Where messages and progress go; results are printed to standard output.
enum Console {
    /// Writes a line to standard error at once.
    static func message(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }
}
