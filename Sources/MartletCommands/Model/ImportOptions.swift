import ArgumentParser
import Foundation
import Martlet
import MartletFormats
import MartletInterchange
import MartletRecipes

/// What a file of another program does not tell about its model.
struct ImportOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The recipe whose network the weights of a file are for.", valueName: "name"),
        completion: .list(Recipe.all.map(\.name)))
    var recipe: String?

    @Option(
        help: ArgumentHelp(
            "A model file whose network the weights of a file are for.", valueName: "file"),
        completion: .file(extensions: ["martlet"]))
    var like: String?

    @Option(
        help: "Whose names and orders the weights have; the file tells unless given.")
    var convention: Convention?

    @Option(
        name: .customLong("rename"),
        help: ArgumentHelp(
            "Let the names of weights that begin with old begin with new.", valueName: "old=new"))
    var renames: [Renaming] = []

    @Flag(help: "Accept weights without a place, and places that keep their first values.")
    var partial = false

    @Flag(help: "Take the latest weights of a checkpoint, not the averages that it keeps.")
    var latest = false

    @Option(
        help: ArgumentHelp(
            "The names of the classes, or a file with one on each line.", valueName: "a,b,c|file"))
    var classes: String?

    @Option(help: "What the model of another program takes pixels as; unit unless known.")
    var range: PixelRange?

    @Option(
        help: ArgumentHelp(
            "The mean of pixels in 0 … 1, for each channel or all.", valueName: "numbers"))
    var mean: NumberList?

    @Option(
        help: ArgumentHelp(
            "The standard deviation of pixels in 0 … 1, likewise.", valueName: "numbers"))
    var std: NumberList?

    @Option(
        help: ArgumentHelp(
            "The pictures of an ONNX model that does not tell: 3x224x224.", valueName: "CxHxW"))
    var inputShape: ShapeText?

    /// Whose names and orders weights have.
    enum Convention: String, ExpressibleByArgument, CaseIterable {
        case pytorch, keras, paddle

        var value: WeightConvention {
            switch self {
            case .pytorch: .pyTorch
            case .keras: .keras
            case .paddle: .paddle
            }
        }
    }

    /// What bytes become.
    enum PixelRange: String, ExpressibleByArgument, CaseIterable {
        case unit, symmetric, bytes
    }

    func validate() throws {
        if recipe != nil, like != nil {
            throw ValidationError("--recipe and --like exclude each other")
        }
        if (mean == nil) != (std == nil) || (mean != nil && range != nil) {
            throw ValidationError("give --range, or both --mean and --std")
        }
        if let mean, let std {
            guard mean.numbers.count == std.numbers.count, std.numbers.allSatisfy({ $0 > 1e-9 })
            else {
                throw ValidationError("--std needs a positive number for each of --mean")
            }
        }
    }

    /// What becomes of pixels, as far as it was given.
    func scaling(brightest: UInt8 = 255) -> Scaling? {
        if let mean, let std {
            return .standard(
                mean: mean.numbers, standardDeviation: std.numbers, brightest: brightest)
        }
        return range.map { range in
            switch range {
            case .unit: .unit(brightest: brightest)
            case .symmetric: .symmetric(brightest: brightest)
            case .bytes: .bytes
            }
        }
    }

    /// The names of the classes, as far as they were given.
    func classNames() throws -> [String]? {
        guard let classes else { return nil }
        var names = classes.split(separator: ",", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        if !classes.contains(",") {
            names = try Self.text(ofNames: classes).split(whereSeparator: \.isNewline)
                .map { $0.trimmingCharacters(in: .whitespaces) }
        }
        guard !names.isEmpty, !names.contains(""), Set(names).count == names.count else {
            throw CommandFailure(.usage, "--classes needs names that differ, got \(classes)")
        }
        return names
    }

    /// The contents of a file of names.
    private static func text(ofNames file: String) throws(FormatError) -> String {
        let expected = "a file with the name of a class on each line, or names with commas between"
        let bytes: [UInt8]
        do {
            bytes = try FileContents(contentsOf: URL(fileURLWithPath: file), limit: 1 << 24).bytes
        } catch {
            guard error.kind == .missing else { throw error }
            throw FormatError(.missing, file: file, expected: expected, found: error.found)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw FormatError(
                .malformed, file: file, expected: expected, found: "bytes that are not UTF-8")
        }
        return text
    }

    /// A name of an array after `--rename`.
    func renamed(_ name: String) -> String {
        for rename in renames where name.hasPrefix(rename.old) {
            return rename.new + name.dropFirst(rename.old.count)
        }
        return name
    }
}

/// `old=new`.
struct Renaming: ExpressibleByArgument {
    let old: String
    let new: String

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        (old, new) = (String(parts[0]), String(parts[1]))
    }
}

/// One number, or one for each channel: `0.4914,0.4822,0.4465`.
struct NumberList: ExpressibleByArgument {
    let numbers: [Double]

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        numbers = parts.compactMap { Double($0) }.filter { $0.isFinite && abs($0) < 1e6 }
        guard numbers.count == parts.count, [1, 3].contains(numbers.count) else { return nil }
    }
}

/// Channels, height and width of a picture: `3x224x224`.
struct ShapeText: ExpressibleByArgument {
    let shape: [Int]

    init?(argument: String) {
        let parts = argument.split(separator: "x", omittingEmptySubsequences: false)
        shape = parts.compactMap { Int($0) }.filter { (1...4096).contains($0) }
        guard shape.count == 3, parts.count == 3, [1, 3].contains(shape[0]) else { return nil }
    }
}
