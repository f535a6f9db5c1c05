import Martlet
import Testing

@Suite("What happens around an optimizer") struct OptimizerOptionTests {
    @Test(arguments: [EngineChoice.reference, .oneDNN])
    func accumulationEqualsOneLargeBatch(_ choice: EngineChoice) throws {
        let rule = AdamW(learningRate: 0.1, weightDecay: 0.1).clipped(by: .globalNorm(0.5))
        guard (try? Engines.make(choice)) != nil else { return }
        let whole = try makeRowStep(rule, engine: choice)
        let parts = try makeRowStep(rule.accumulating(3), engine: choice)
        for turn in 0..<3 {
            let all = (0..<3).map { gradientRows[(turn + $0) % 5] }
            let before = parts.net.numbers
            for (index, part) in all.enumerated() {
                #expect(parts.net.numbers == before, "turn \(turn), part \(index)")
                try parts(rows(part), rows(part))
            }
            let batch = rows(all[0], all[1], all[2])
            try whole(batch, batch)
            #expect(isClose(parts.net.numbers, whole.net.numbers), "turn \(turn)")
            #expect(isClose(parts.net.biases, whole.net.biases), "turn \(turn)")
        }
        #expect(parts.compilations.count == 1)
        let state = try parts.stateValues()
        #expect(state["optimizer/count"]?.doubles == [9])
        #expect(state["optimizer/weight/accumulated"]?.doubles == [0, 0, 0])
    }

    @Test func averagesFollowTheWeightsAndCanBeUsed() throws {
        let step = try makeRowStep(SGD(learningRate: 0.5).averagingWeights(decay: 0.75))
        let batch = rows([1, 1, 1])
        let use = try EvaluationStep(step.net, weights: .average) { net, inputs in
            [net(inputs[0], inputs[0])]
        }
        #expect(throws: ModelError.self) { try use(batch) }
        try step.prepare(x: batch.type, y: batch.type)
        var average = step.net.numbers
        let expected = average.reduce(0, +) + 3
        #expect(try isClose(use(batch)[0].doubles, [expected]))
        for index in 0..<4 {
            try step(rows(gradientRows[index]), rows(gradientRows[index]))
            let now = step.net.numbers
            average = index == 0 ? now : zip(average, now).map { 0.75 * $0 + 0.25 * $1 }
            let kept = try step.stateValues()["optimizer/weight/average"]?.doubles ?? []
            #expect(isClose(kept, average), "step \(index)")
        }
        let latest = try EvaluationStep(step.net) { net, inputs in [net(inputs[0], inputs[0])] }
        #expect(try use(batch)[0] != latest(batch)[0])
        // Freezing changes neither plans that are there nor those to come.
        step.net.freeze()
        let two = try use(rows([1, 1, 1], [1, 1, 1]))[0]
        #expect(try isClose(two.doubles, use(batch)[0].doubles))
    }

    @Test func groupsHaveTheirOwnRateAndDecay() throws {
        let rule = SGD(learningRate: 0.5, weightDecay: 0.1)
            .grouped([ParameterGroup("b*", rate: 0.5, weightDecay: 0)])
        let step = try makeRowStep(rule)
        let batch = rows([1, 2, 4])
        try step(batch, batch)
        #expect(isClose(step.net.numbers, [0.45, -2.9, -1.525]))
        #expect(isClose(step.net.biases, [0.75, 0.5, 0]))
        let frozen = try makeRowStep(rule.grouped([ParameterGroup("weight", rate: 0)]))
        try frozen(batch, batch)
        #expect(frozen.net.numbers == [1, -2, 0.5])
        #expect(isClose(frozen.net.biases, [0.75, 0.5, 0]))
    }

    @Test(arguments: [
        ("*.bias", "fc.bias", true), ("*.bias", "bias", false), ("*bias", "bias", true),
        ("conv*.weight", "conv1.weight", true), ("conv*.weight", "conv1.bias", false),
        ("a*b*c", "abc", true), ("a*b*c", "acb", false), ("a*a", "a", false),
        ("*", "anything", true), ("weight", "weights", false), ("*b*", "abc", true),
    ])
    func patternsFitPaths(_ pattern: String, _ path: String, _ fits: Bool) {
        #expect(ParameterGroup(pattern).contains(path) == fits)
    }

    @Test func groupsThatFitNothingAreMistakes() throws {
        let batch = rows([1, 2, 4])
        let step = try makeRowStep(SGD().grouped([ParameterGroup("head.*", rate: 10)]))
        let error = #expect(throws: ModelError.self) { try step(batch, batch) }
        #expect(error?.description.contains("head.*") == true)
    }

    @Test func oneCycleMovesRateAndMomentumWithoutCompiling() throws {
        let cycle = OneCycle(maximum: 0.5, steps: 5)
        let step = try makeRowStep(SGD(momentum: 0.9).withMomentumInput())
        var (w, v) = ([1, -2, 0.5], [0.0, 0, 0])
        for (index, gradients) in gradientRows.enumerated() {
            step.optimizer.follow(cycle, at: index)
            try step(rows(gradients), rows(gradients))
            let (rate, momentum) = (cycle.rate(at: index), cycle.momentum(at: index) ?? .nan)
            v = zip(v, gradients).map { momentum * $0 + Double($1) }
            w = zip(w, v).map { $0 - rate * $1 }
            #expect(isClose(step.net.numbers, w), "step \(index): \(step.net.numbers), \(w)")
        }
        #expect(step.compilations.count == 1)
    }

    @Test func adamWithMomentumInputIsAdam() throws {
        let plain = try makeRowStep(AdamW(learningRate: 0.1))
        let input = try makeRowStep(AdamW(learningRate: 0.1).withMomentumInput())
        for gradients in gradientRows {
            try plain(rows(gradients), rows(gradients))
            try input(rows(gradients), rows(gradients))
            #expect(isClose(input.net.numbers, plain.net.numbers))
        }
    }

    @Test func stateWithAllOptionsResumesBitForBit() throws {
        let rule = NAdam(learningRate: 0.1).clipped(by: .norm(1)).accumulating(2)
            .averagingWeights(decay: 0.9)
        func take(_ step: TrainStep<Row, some Optimizer>, _ range: Range<Int>) throws {
            for index in range {
                try step(rows(gradientRows[index % 5]), rows(gradientRows[index % 5]))
            }
        }
        let whole = try makeRowStep(rule)
        try take(whole, 0..<7)
        let first = try makeRowStep(rule)
        try take(first, 0..<3)
        let saved = try first.stateValues()
        let second = try makeRowStep(rule, [7, 7, 7])
        try second.setStateValues(saved)
        try take(second, 3..<7)
        #expect(try second.stateValues() == whole.stateValues())
    }

    @Test func clippingTellsTheNormBefore() throws {
        let step = try makeRowStep(SGD(learningRate: 1).clipped(by: .globalNorm(1, epsilon: 0)))
        try step(rows([2, 0, 0]), rows([0, 1, 2]))
        #expect(step.gradientNorm == 3)
        #expect(isClose(step.net.numbers, [0.33333333, -2, 0.5]))
        #expect(try makeRowStep(SGD()).gradientNorm == nil)
    }

    /// Slots of options start at zero, whatever the rule's slots start at.
    @Test func sumsOfGradientsStartAtZero() {
        let optimizer = Adagrad(initialSum: 0.5).accumulating(2).summingGradients()
        let type = TensorType(.float32, [2])
        let starts = optimizer.slotNames.map {
            optimizer.firstValue(ofSlot: $0, for: type).doubles
        }
        #expect(optimizer.slotNames == ["sum", "accumulated", "summed"])
        #expect(starts == [[0.5, 0.5], [0, 0], [0, 0]])
    }
}
