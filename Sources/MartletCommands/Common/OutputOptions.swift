import ArgumentParser
import Foundation

/// How much is said, and in which form.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print the result as JSON.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print the result only: no progress, no notes.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Say more about what is done.")
    var verbose = false

    func validate() throws {
        if quiet && verbose {
            throw ValidationError("--quiet and --verbose exclude each other")
        }
    }

    /// Says something that is worth knowing.
    func note(_ line: @autoclosure () -> String) {
        if !quiet { Console.sentence("note: \(line())") }
    }

    /// Says something for those who want to know more.
    func detail(_ line: @autoclosure () -> String) {
        if verbose { Console.message(line()) }
    }

    /// Prints a value as JSON; keys are sorted, so equal results give equal texts.
    ///
    /// - Parameter isLine: whether it is one line among others.
    func printJSON(_ value: some Encodable, isLine: Bool = false) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if !isLine { encoder.outputFormatting.insert(.prettyPrinted) }
        // What is not finite has no number in JSON.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
