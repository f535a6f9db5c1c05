import Martlet
import Testing

/// The optimizer of `docs/adding-an-optimizer.md`.
private struct SignDescent: Optimizer {
    var learningRate: Float
    let decay: Float

    init(learningRate: Float = 0.001, decay: Float = 0.9) {
        (self.learningRate, self.decay) = (learningRate, decay)
    }

    var slotNames: [String] { ["mean"] }

    func step(
        _ parameter: Tensor, _ gradient: Tensor, slots: inout [Tensor], rate: Tensor,
        count: Tensor
    ) -> Tensor {
        slots[0] = decay * slots[0] + (1 - decay) * gradient
        return parameter - rate * sign(slots[0])
    }
}

@Suite("Optimizers of one's own") struct OptimizerOwnTests {
    @Test func aRuleTrainsWithEverythingAroundIt() throws {
        let rule = SignDescent(learningRate: 0.5).clipped(by: .globalNorm(1)).accumulating(2)
            .averagingWeights(decay: 0.5)
        let step = try makeRowStep(rule)
        for _ in 0..<4 { try step(rows([3, -1, 0]), rows([1, 1, -1])) }
        #expect(step.net.numbers == [0, -1, 0.5] && step.net.biases == [0, 0, 2])
        let state = try step.stateValues()
        #expect(state["optimizer/weight/average"]?.doubles == [0.25, -1.25, 0.5])
        #expect(state["optimizer/weight/mean"] != nil)
    }

    @Test func aRuleWithoutWeightDecayRefusesOneForAGroup() throws {
        let rule = SignDescent().grouped([ParameterGroup("weight", weightDecay: 0.1)])
        let step = try makeRowStep(rule)
        let batch = rows([1, 2, 4])
        let error = #expect(throws: ModelError.self) { try step(batch, batch) }
        #expect(error?.description.contains("SignDescent") == true)
    }

    @Test func accuracyIsAMetricOfATrainingStep() throws {
        let step = try TrainStep(
            Dense(2), optimizer: SGD(learningRate: 0.5), engine: Engines.make(.reference),
            lossAndMetrics: { net, x, y in
                let logits = net(x)
                return (crossEntropy(logits, y), [accuracy(logits, y)])
            })
        let x = HostTensor([Float(-2), -1, 1, 2], shape: [4, 1])
        let y = HostTensor([Int64(0), 0, 1, 1], shape: [4])
        for _ in 0..<30 { try step(x, y) }
        #expect(step.output(1) == 1)
    }
}
