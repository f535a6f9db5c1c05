import ArgumentParser
import Foundation
import Martlet

/// `martlet-bench steady`: whether memory grows while training goes on.
struct Steady: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train for many steps and print how much resident memory grew (Linux).")

    @Option(help: "How many steps to train.")
    var steps = 10_000

    func validate() throws {
        if steps < 10 { throw ValidationError("--steps must be at least 10, got \(steps)") }
    }

    func run() throws {
        let net = Sequential {
            Conv2D(8, kernelSize: 3, activation: .relu)
            MaxPool2D(2)
            Flatten()
            Dropout(0.5)
            Dense(32, activation: .relu)
            Dense(10)
        }
        let step = try TrainStep(net, optimizer: Adam()) { net, x, y in crossEntropy(net(x), y) }
        let x = HostTensor((0..<8 * 144).map { Float($0 % 17) / 17 }, shape: [8, 1, 12, 12])
        let y = HostTensor((0..<8).map { Int32($0) }, shape: [8])
        let warmUp = steps / 10
        for _ in 0..<warmUp { try step(x, y) }
        let before = try residentBytes()
        for _ in warmUp..<steps { try step(x, y) }
        let after = try residentBytes()
        print("steps \(steps)")
        print("resident after \(warmUp) steps: \(before) bytes")
        print("resident after \(steps) steps: \(after) bytes")
        print("growth: \(after - before) bytes")
    }

    /// The memory of this process that lies in RAM, from `/proc/self/statm`.
    private func residentBytes() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else {
            throw ValidationError("/proc/self/statm has another form: \(text)")
        }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}
