import Foundation
import Martlet
import MartletData
import MartletFormats

/// A folder for one test, with an environment in which no data set is on this machine.
final class CommandFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent(
            "martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// No data sets, no network, the plain engine, no colours.
    var environment: [String: String] {
        [
            "HOME": url.path, "XDG_CACHE_HOME": "", "MARTLET_DATA": "", "MARTLET_MIRROR": "",
            "MARTLET_OFFLINE": "1", "TORCH_HOME": "", "KERAS_HOME": "",
            "MARTLET_ENGINE": "reference", "LC_ALL": "C.UTF-8", "NO_COLOR": "1",
        ]
    }

    /// The path of a file in the folder.
    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    /// Runs the command in this environment.
    func run(_ arguments: String..., environment: [String: String] = [:]) throws -> CommandRun {
        try CommandRun(arguments, environment: self.environment.merging(environment) { $1 })
    }

    /// Runs a line of the shell in which `martlet` is the command.
    func shell(_ line: String) throws -> CommandRun {
        let command = CommandRun.path(of: "martlet")
        return try CommandRun(
            ["-c", "martlet() { '\(command)' \"$@\"; }; \(line)"], environment: environment,
            executable: URL(fileURLWithPath: "/bin/sh"))
    }

    /// Runs the command with a list of arguments in this environment.
    func run(_ arguments: [String], environment: [String: String] = [:]) throws -> CommandRun {
        try CommandRun(arguments, environment: self.environment.merging(environment) { $1 })
    }

    /// The text of a file.
    func text(_ name: String) throws -> String {
        try String(contentsOf: URL(fileURLWithPath: path(name)), encoding: .utf8)
    }

    /// Whether there is a file or folder.
    func holds(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    /// Writes text to a file.
    @discardableResult
    func write(
        _ text: String, to name: String, makingFolder: Bool = false
    ) throws -> String {
        if makingFolder {
            try FileManager.default.createDirectory(
                atPath: (path(name) as NSString).deletingLastPathComponent,
                withIntermediateDirectories: true)
        }
        try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }

    /// Writes a picture of a digit of the test part, `scale` times as large.
    @discardableResult
    func writeDigit(
        _ number: Int, to name: String, scale: Int = 1, isInverted: Bool = false
    ) throws -> String {
        let digits = try Dataset.digits(.test)
        var samples = [UInt8](repeating: 0, count: 64 * scale * scale)
        let pixels = try digits.image(number)
        for place in samples.indices {
            let (row, column) = (place / (8 * scale) / scale, place % (8 * scale) / scale)
            let value = UInt8((Int(pixels[8 * row + column]) * 255 + 8) / 16)
            samples[place] = isInverted ? 255 - value : value
        }
        let file = URL(fileURLWithPath: path(name))
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Picture(width: 8 * scale, height: 8 * scale, channels: 1, samples: samples)
            .write(to: file)
        return file.path
    }

    /// Writes a data set of 28×28 pictures in two parts as idx files: the shipped digits, enlarged.
    @discardableResult
    func writeIDX(_ name: String = "idx", train: Int = 60, test: Int = 30) throws -> String {
        let parts: [(String, Split, Int)] = [("train", .train, train), ("t10k", .test, test)]
        try FileManager.default.createDirectory(
            atPath: path(name), withIntermediateDirectories: true)
        for (prefix, split, count) in parts {
            let digits = try Dataset.digits(split)
            var images: [UInt8] = [0, 0, 8, 3] + Self.bigEndian([count, 28, 28])
            for number in 0..<count {
                let pixels = try digits.image(number)
                for place in 0..<28 * 28 {
                    let (row, column) = (place / 28 * 8 / 28, place % 28 * 8 / 28)
                    images.append(UInt8(min(255, Int(pixels[8 * row + column]) * 16)))
                }
            }
            let labels =
                [0, 0, 8, 1] + Self.bigEndian([count])
                + digits.labels.prefix(count).map { UInt8($0) }
            try Data(images).write(
                to: URL(fileURLWithPath: path("\(name)/\(prefix)-images-idx3-ubyte")))
            try Data(labels).write(
                to: URL(fileURLWithPath: path("\(name)/\(prefix)-labels-idx1-ubyte")))
        }
        return path(name)
    }

    private static func bigEndian(_ numbers: [Int]) -> [UInt8] {
        numbers.flatMap { number in
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
        }
    }

    /// Writes a small model of the digits; about 93 % of the test part are recognised.
    func writeModel(_ name: String = "digits.martlet") throws -> String {
        try Self.model.get().write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }

    /// Trained once for all tests.
    private static let model = Result {
        let train = try Dataset.digits(.train)
        let net = Sequential {
            Flatten()
            Dense(10)
        }
        let trainer = try Trainer(
            net, inputShape: [1, 8, 8], optimizer: Adam(learningRate: 0.01), loss: .crossEntropy,
            engine: Engines.make(.reference))
        try trainer.fit(train, epochs: 8, batchSize: 32)
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(
            "martlet-\(UUID().uuidString).martlet")
        defer { try? FileManager.default.removeItem(at: file) }
        try trainer.saveModel(
            to: file, name: "plain", trainedOn: train, ink: .lightOnDark,
            facts: ["data": "digits"])
        return try Data(contentsOf: file)
    }
}
