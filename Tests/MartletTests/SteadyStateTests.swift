import CAllocationCounter
import Foundation
import Martlet
import MartletTestSupport
import Testing

/// After its first call a training step touches only memory that it has.
@Suite struct SteadyStateTests {
    /// A net with everything a step of image classification has: convolution, pooling, batch
    /// normalisation, dropout, dense layers.
    private static func makeStep(seed: Int = 0) throws -> some TrainingStep {
        let net = Sequential {
            Conv2D(8, kernelSize: 3)
            BatchNorm2D()
            ActivationLayer(.relu)
            MaxPool2D(2)
            ChannelDropout(0.25)
            Flatten()
            Dense(32, activation: .relu)
            Dropout(0.5)
            Dense(10)
        }
        return try TrainStep(
            net, optimizer: Adam(), seed: seed, engine: try Engines.make(.oneDNN)
        ) { net, x, y in crossEntropy(net(x), y) }
    }

    private static let batch: (x: HostTensor, y: HostTensor) = {
        var generator = SeededGenerator(seed: 5)
        let pixels = (0..<16 * 144).map { _ in Float.random(in: 0..<1, using: &generator) }
        let labels = (0..<16).map { Int32($0 % 10) }
        return (HostTensor(pixels, shape: [16, 1, 12, 12]), HostTensor(labels, shape: [16]))
    }()

    @Test func aStepAllocatesNothing() throws {
        guard allocation_counter_works() else {
            print("steady state: allocations cannot be counted here, skipped")
            return
        }
        let step = try Self.makeStep()
        let (x, y) = Self.batch
        for _ in 0..<5 { _ = try step.run(x, y) }
        allocation_counter_start()
        let probe = [Int](repeating: 1, count: 100_000)
        let sight = allocation_counter_stop()
        #expect(sight.own >= 1 && sight.alive >= 1, "the counter is blind (\(probe.count))")

        allocation_counter_start()
        for _ in 0..<200 { _ = try step.run(x, y) }
        let count = allocation_counter_stop()
        // oneDNN 2 makes and drops a small table of arguments whenever a primitive runs; its
        // interface leaves no way round that. Everything else must be quiet, and nothing may stay.
        print(
            "steady state: \(count.own) allocations in 200 steps,"
                + " \(count.library) inside oneDNN, \(count.alive) left behind")
        #expect(count.own == 0)
        #expect(count.alive == 0)
    }

    @Test func theSameSeedGivesTheSameBits() throws {
        let (x, y) = Self.batch
        var runs: [[String: HostTensor]] = []
        var losses: [[Float]] = []
        for seed in [7, 7, 8] {
            let step = try Self.makeStep(seed: seed)
            losses.append(try (0..<20).map { _ in try step.run(x, y) })
            runs.append(try step.state())
        }
        #expect(losses[0].map(\.bitPattern) == losses[1].map(\.bitPattern))
        #expect(runs[0] == runs[1])
        #expect(runs[0] != runs[2], "another seed must give other numbers")
    }
}

/// What the tests need of a step, whatever its model.
private protocol TrainingStep {
    func run(_ x: HostTensor, _ y: HostTensor) throws -> Float
    func state() throws -> [String: HostTensor]
}

extension TrainStep: TrainingStep {
    func run(_ x: HostTensor, _ y: HostTensor) throws -> Float { try callAsFunction(x, y) }
    func state() throws -> [String: HostTensor] { try stateValues() }
}
