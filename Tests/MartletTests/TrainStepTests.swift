import Martlet
import Testing

/// Four points of a line, y = 2x − 1.
private let points = HostTensor([Float(0), 1, 2, 3], shape: [4, 1])
private let values = HostTensor([Float(-1), 1, 3, 5], shape: [4, 1])

private func makeStep<Rule: Optimizer>(
    _ rule: Rule, seed: Int = 0
) throws -> TrainStep<Dense, Rule> {
    try TrainStep(Dense(1), optimizer: rule, seed: seed, engine: Engines.make(.reference)) {
        meanSquaredError($0($1), $2)
    }
}

@Suite struct TrainStepTests {
    @Test func learnsALine() throws {
        let step = try makeStep(SGD(learningRate: 0.1, momentum: 0.5))
        let first = try step(points, values)
        for _ in 0..<200 { try step(points, values) }
        let last = try step(points, values)
        #expect(last < 1e-6 && first > 0.1, "\(first) to \(last)")
        let weight = try #require(step.parameters["weight"]).doubles[0]
        #expect(Swift.abs(weight - 2) < 1e-2)
    }

    @Test func sgdFollowsItsRule() throws {
        let step = try makeStep(
            SGD(learningRate: 0.1, momentum: 0.9, dampening: 0.3, weightDecay: 0.01))
        try step.prepare(x: points.type, y: values.type)
        var (w, b) = try lineParameters(step)
        var (vw, vb) = (0.0, 0.0)
        for count in 1...3 {
            let (gw, gb) = lineGradient(w, b)
            let (dw, db) = (gw + 0.01 * w, gb + 0.01 * b)
            (vw, vb) = count == 1 ? (dw, db) : (0.9 * vw + 0.7 * dw, 0.9 * vb + 0.7 * db)
            (w, b) = (w - 0.1 * vw, b - 0.1 * vb)
            try step(points, values)
            let got = try lineParameters(step)
            #expect(Swift.abs(got.0 - w) < 1e-5 && Swift.abs(got.1 - b) < 1e-5, "step \(count)")
        }
    }

    @Test(arguments: [Adam.EpsilonPlacement.afterCorrection, .beforeCorrection])
    func adamFollowsItsRule(_ placement: Adam.EpsilonPlacement) throws {
        let step = try makeStep(
            Adam(learningRate: 0.1, epsilon: 0.5, epsilonPlacement: placement))
        try step.prepare(x: points.type, y: values.type)
        var p = [Double]()
        (p) = { [$0.0, $0.1] }(try lineParameters(step))
        var (m, v) = ([0.0, 0.0], [0.0, 0.0])
        var (power1, power2) = (1.0, 1.0)
        for count in 1...3 {
            let (gw, gb) = lineGradient(p[0], p[1])
            (power1, power2) = (power1 * 0.9, power2 * 0.999)
            for (i, g) in [gw, gb].enumerated() {
                m[i] = 0.9 * m[i] + 0.1 * g
                v[i] = 0.999 * v[i] + 0.001 * g * g
                let root = (1 - power2).squareRoot()
                let size =
                    placement == .afterCorrection
                    ? v[i].squareRoot() / root + 0.5 : (v[i].squareRoot() + 0.5) / root
                p[i] -= 0.1 / (1 - power1) * m[i] / size
            }
            try step(points, values)
            let got = try lineParameters(step)
            #expect(
                Swift.abs(got.0 - p[0]) < 1e-5 && Swift.abs(got.1 - p[1]) < 1e-5, "step \(count)")
        }
    }

    @Test func theRateChangesWithoutCompiling() throws {
        let step = try makeStep(SGD(learningRate: 0))
        try step(points, values)
        let before = step.parameters
        try step(points, values)
        #expect(step.parameters == before)
        step.optimizer.learningRate = 0.1
        try step(points, values)
        #expect(step.parameters != before)
        #expect(step.compilations.count == 1)
    }

    @Test func eachInputTypeHasAPlanWithAReason() throws {
        let step = try makeStep(SGD())
        try step(points, values)
        let tail = HostTensor([Float(1), 2], shape: [2, 1])
        try step(tail, tail)
        try step(points, values)
        #expect(
            step.compilations.map(\.reason) == [
                "first call",
                "x changed from f32[4,1] to f32[2,1], y changed from f32[4,1] to f32[2,1]",
            ])
        let state = try step.stateValues()
        #expect(state["optimizer/count"]?.doubles == [3])
        #expect(state["generator"]?.doubles == [0, 3])
    }

    @Test func stateHasTheAgreedNamesAndResumesBitForBit() throws {
        func run(_ step: TrainStep<Dense, Adam>, _ count: Int) throws {
            for _ in 0..<count { try step(points, values) }
        }
        let whole = try makeStep(Adam(learningRate: 0.1), seed: 3)
        try run(whole, 4)
        let first = try makeStep(Adam(learningRate: 0.1), seed: 3)
        try run(first, 2)
        let saved = try first.stateValues()
        #expect(
            saved.keys.sorted() == [
                "generator", "model/bias", "model/weight", "optimizer/bias/mean",
                "optimizer/bias/square", "optimizer/count", "optimizer/weight/mean",
                "optimizer/weight/square",
            ])
        let second = try makeStep(Adam(learningRate: 0.1), seed: 9)
        try second.setStateValues(saved)
        try run(second, 2)
        #expect(try second.stateValues() == whole.stateValues())
    }

    /// A net that was trained goes on with a new rule as if nothing had been kept for an old one.
    @Test func aSecondStepBeginsItsOwnState() throws {
        let first = try makeStep(Adam(learningRate: 0.1))
        for _ in 0..<5 { try first(points, values) }
        let copy = Dense(1)
        func step<Rule: Optimizer>(_ net: Dense, _ rule: Rule) throws -> TrainStep<Dense, Rule> {
            try TrainStep(net, optimizer: rule, engine: Engines.make(.reference)) {
                meanSquaredError($0($1), $2)
            }
        }
        let fresh = try step(copy, Adam(learningRate: 0.01).averagingWeights(decay: 0.5))
        try fresh.prepare(x: points.type, y: values.type)
        try fresh.setParameters(first.parameters)
        let second = try step(first.net, Adam(learningRate: 0.01).averagingWeights(decay: 0.5))
        try fresh(points, values)
        try second(points, values)
        #expect(second.parameters == fresh.parameters)
        #expect(try second.stateValues() == fresh.stateValues())
        // What Adam kept is no part of another rule's state.
        let third = try step(first.net, SGD(learningRate: 0.1))
        try third(points, values)
        let state = try third.stateValues()
        #expect(!state.keys.contains { $0.hasSuffix("/mean") }, "\(state.keys)")
        try third.setStateValues(state)
    }

    @Test func stepsWhoseValuesMovedRefuseToRun() throws {
        guard let other = try? Engines.make(.oneDNN) else { return }
        let train = try makeStep(SGD(learningRate: 0.1))
        let predict = try EvaluationStep(train.net) { $0($1) }
        try train(points, values)
        _ = try predict(points)
        let moved = try TrainStep(train.net, optimizer: SGD(), engine: other) {
            meanSquaredError($0($1), $2)
        }
        try moved(points, values)
        #expect(throws: EngineError.self) { try train(points, values) }
        #expect(throws: EngineError.self) { try predict(points) }
        // Another net of the same engine is not concerned.
        try makeStep(SGD())(points, values)
    }

    @Test func stateThatDoesNotFitIsRefusedWhole() throws {
        let step = try makeStep(Adam(learningRate: 0.1))
        try step(points, values)
        let before = try step.stateValues()
        var other = before
        other["optimizer/bias/mean"] = nil
        other["model/weight"] = HostTensor(zeros: TensorType(.float32, [1, 2]))
        other["optimizer/weight/velocity"] = HostTensor(zeros: TensorType(.float32, [1, 1]))
        let error = #expect(throws: ParameterError.self) { try step.setStateValues(other) }
        #expect(error?.missing == ["optimizer/bias/mean"])
        #expect(error?.unexpected == ["optimizer/weight/velocity"])
        #expect(
            error?.mismatched.map(\.path)
                == ["model/weight", "optimizer/weight/mean", "optimizer/weight/square"])
        #expect(try step.stateValues() == before)
    }

    @Test func dropoutDrawsAnewAtEachStepAndNotInUse() throws {
        let net = Sequential { Dropout(0.5) }
        let step = try TrainStep(
            net, optimizer: SGD(), seed: 5, engine: Engines.make(.reference)
        ) { $0($1).sum() + 0 * $2.sum() }
        let x = HostTensor(repeating: 1, TensorType(.float32, [1, 64]))
        let losses = try (0..<4).map { _ in try step(x, x) }
        #expect(Set(losses).count > 1, "\(losses)")
        #expect(losses.allSatisfy { $0 > 0 && $0 < 128 })
        let use = try EvaluationStep(net) { $0($1) }
        #expect(try use(x)[0] == x)
    }

    /// The mirror image counts in use, and not while a net learns.
    @Test func mirrorImagesCountInUse() throws {
        let weights = HostTensor([Float(1), 10, 100], shape: [3])
        let net = Sequential {
            FunctionLayer { x in averagedOverMirrorImages(x) { $0 * Tensor(weights) } }
        }
        let x = HostTensor([Float(1), 2, 3], shape: [1, 1, 1, 3])
        let step = try TrainStep(net, optimizer: SGD(), engine: Engines.make(.reference)) {
            $0($1).sum() + 0 * $2.sum()
        }
        #expect(try step(x, x) == 321)
        let use = try EvaluationStep(net) { $0($1) }
        #expect(try use(x)[0].doubles == [2, 20, 200])
    }

    @Test func evaluationSeesTheLatestValues() throws {
        let step = try makeStep(SGD(learningRate: 0.05))
        let predict = try EvaluationStep(step.net) { $0($1) }
        let before = try predict(points)[0]
        for _ in 0..<300 { try step(points, values) }
        let after = try predict(points)[0]
        #expect(before != after)
        #expect(zip(after.doubles, values.doubles).allSatisfy { Swift.abs($0 - $1) < 0.1 })
    }

    @Test func batchNormMovesItsStatistics() throws {
        let net = Sequential { BatchNorm2D(momentum: 0.5) }
        let step = try TrainStep(net, optimizer: SGD(), engine: Engines.make(.reference)) {
            $0($1).sum() + 0 * $2.sum()
        }
        let x = HostTensor([Float(1), 3, 5, 7], shape: [4, 1])
        try step(x, x)
        #expect(step.parameters["layers.0.running_mean"]?.doubles == [2])
        let variance = try #require(step.parameters["layers.0.running_var"]).doubles[0]
        #expect(Swift.abs(variance - (0.5 + 0.5 * 20 / 3)) < 1e-5)
    }

    @Test func metricsLeaveWithTheLoss() throws {
        let step = try TrainStep(
            Dense(2), optimizer: SGD(), engine: Engines.make(.reference),
            lossAndMetrics: { net, x, y in
                let logits = net(x)
                let hits = (logits.argMax(axis: 1) .== y).cast(to: .float32)
                return (crossEntropy(logits, y), [hits.mean()])
            })
        let labels = HostTensor([Int64(0), 1, 0, 1], shape: [4])
        let loss = try step(points, labels)
        #expect(step.output(0) == loss)
        #expect([0, 0.25, 0.5, 0.75, 1].contains(step.output(1)))
    }

    @Test func batchesThatDoNotFitAreExplained() throws {
        let step = try makeStep(SGD())
        let empty = HostTensor([Float](), shape: [0, 1])
        let none = #expect(throws: ModelError.self) { try step(empty, empty) }
        #expect(none?.received == "an empty batch")
        let short = HostTensor([Float(1)], shape: [1, 1])
        let uneven = #expect(throws: ModelError.self) { try step(points, short) }
        #expect(uneven?.expected == "as many targets as examples, 4")
        let classify = try TrainStep(
            Dense(2), optimizer: SGD(), engine: Engines.make(.reference)
        ) { crossEntropy($0($1), $2) }
        let bytes = HostTensor([UInt8(0), 1, 0, 1], shape: [4])
        let labels = #expect(throws: ModelError.self) { try classify(points, bytes) }
        #expect(labels?.fix == "convert the labels first: labels.cast(to: .int32)")
        #expect(labels?.file == "TrainStepTests.swift")
    }

    @Test func callersMayWriteBatchesThemselves() throws {
        let (a, b) = (try makeStep(SGD()), try makeStep(SGD()))
        let loss = try a(points, values)
        let same = try b(
            x: points.type, y: values.type,
            writingX: { target in points.bytes.withUnsafeBytes { target.copyMemory(from: $0) } },
            writingY: { target in values.bytes.withUnsafeBytes { target.copyMemory(from: $0) } })
        #expect(loss == same && a.parameters == b.parameters)
    }

    private func lineParameters<Rule>(_ step: TrainStep<Dense, Rule>) throws -> (Double, Double) {
        let parameters = step.parameters
        return (
            try #require(parameters["weight"]).doubles[0],
            try #require(parameters["bias"]).doubles[0]
        )
    }

    private func lineGradient(_ w: Double, _ b: Double) -> (Double, Double) {
        let errors = zip(points.doubles, values.doubles).map { ($0, w * $0 + b - $1) }
        return (
            errors.reduce(0) { $0 + 2 * $1.0 * $1.1 } / 4, errors.reduce(0) { $0 + 2 * $1.1 } / 4
        )
    }
}
