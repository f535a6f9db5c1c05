import Foundation
import Martlet
import MartletTestSupport
import Testing

private let parameterNames = (0..<2).flatMap { level in
    ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map { "\($0)_l\(level)" }
}

/// The numbers that both sides fill arrays with: the `k`-th array holds 0.6 · sin(1 + 0.7·i + k).
private func filled(_ shape: [Int], _ k: Int) -> HostTensor {
    let count = shape.reduce(1, *)
    let values = (0..<count).map { index -> Double in
        let angle: Double = 1 + 0.7 * Double(index) + Double(k)
        return 0.6 * Foundation.sin(angle)
    }
    return HostTensor(values, shape: shape)
}

/// A layer with its input as a parameter.
private final class Probe: Module {
    let layer: any Layer
    let x = Parameter()
    init(_ layer: any Layer) { self.layer = layer }
}

@Suite struct RecurrentTests {
    @Test(arguments: recurrentCases)
    func numbersAreThoseOfPyTorch(_ item: RecurrentCase) throws {
        let probe = Probe(item.make())
        let gates = (item.expected["bias_ih_l0"]?.count ?? 0) / 2
        for (k, name) in parameterNames.enumerated() {
            let columns = name == "weight_ih_l0" ? 3 : 2
            let shape = name.hasPrefix("bias") ? [2 * gates] : [2 * gates, columns]
            try #require(probe.parameter(at: "layer.\(name)")).set(filled(shape, k))
        }
        try probe.x.set(filled([2, 3, 3], 20))
        let engine = try Engines.make(.reference)
        let run = try EvaluationStep(probe, engine: engine) { net, _ in
            [net.layer(net.x([2, 3, 3], .zeros, dtype: .float64))]
        }
        try compare(try run()[0], item.expected["output"], "output")
        let weights = Tensor(filled([2, 3, 2], 30))
        let (_, gradients) = try valueAndGradient(of: probe, engine: engine) { net in
            (net.layer(net.x([2, 3, 3], .zeros, dtype: .float64)) * weights).sum()
        }
        #expect(gradients.count == 9)
        for (path, gradient) in gradients {
            let name = path.split(separator: ".").last.map(String.init) ?? ""
            try compare(gradient.host(), item.expected[name], name)
        }
    }

    private func compare(_ got: HostTensor, _ expected: [Double]?, _ name: String) throws {
        let expected = HostTensor(try #require(expected), shape: got.type.shape)
        let result = FixtureComparison(got, expected, FixtureTolerance(rtol: 1e-5, atol: 1e-7))
        #expect(result.passes, "\(name): \(result.summary)")
    }

    @Test func theLastStepIsTheEndOfTheSequence() throws {
        for make in [
            { LSTM(3, returnsSequences: $0) as any Layer }, { GRU(3, returnsSequences: $0) },
        ] {
            let (last, all) = (make(false), make(true))
            let x = Tensor(filled([2, 4, 2], 3)).cast(to: .float32)
            let sequence = try all(x).host()
            try last.setParameters(all.parameterValues)
            let end = try Tensor(sequence).selected(3, axis: 1).host()
            #expect(try last(x).host() == end)
        }
    }

    @Test func wrongInputsAreExplained() throws {
        let pictures = LSTM(4)(.zeros([2, 1, 28, 28])).error
        #expect(
            pictures?.fix == "read the rows of pictures as steps: Reshape([28, 28])")
        let size = GRU(4, inputUnits: 5)(.zeros([2, 7, 6])).error
        #expect(size?.expected == "5 on the last axis, as inputUnits says")
        #expect(size?.received == "6")
        let empty = RNN(4)(.zeros([2, 0, 6])).error
        #expect(empty?.received == "[2, 0, 6]")
    }
}
