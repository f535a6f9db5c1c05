import Martlet
import MartletTestSupport
import Testing

@Suite("Networks against other frameworks")
struct NetFixtureTests {
    @Test("Outputs, gradients and three training steps agree", arguments: parityEngines)
    func everyNet(choice: EngineChoice) throws {
        guard let engine = parityEngine(choice, "net fixtures") else { return }
        var report = ParityReport("net fixtures: networks", engine: engine.name)
        for fixture in try NetFixture.all(in: FixtureFolder(bundled: bundledFixtures)) {
            report.check(fixture.name) { comparisons in
                comparisons += try firstStep(fixture, engine)
                comparisons += try training(fixture, engine)
            }
        }
        report.finish()
    }

    /// The output, the loss and every gradient with the weights of the fixture as inputs.
    private func firstStep(
        _ fixture: NetFixture, _ engine: any Engine
    ) throws -> [FixtureComparison] {
        let names = fixture.parameters.map(\.name)
        let trained = fixture.parameters.filter(\.isTrainable).map(\.name)
        let data = [try fixture.array("input"), try fixture.array("target")]
        let function = try compile(
            inputs: (data + fixture.parameters.map(\.value)).map(\.type), name: fixture.name,
            mode: .training, engine: engine
        ) { inputs in
            let given = Dictionary(uniqueKeysWithValues: zip(names, inputs.dropFirst(2)))
            var output = Tensor(0)
            let at = [inputs[0]] + trained.compactMap { given[$0] }
            let (loss, gradients) = try valueAndGradient(at: at) { variables in
                let changed = zip(trained, variables.dropFirst())
                let all = given.merging(changed) { $1 }
                let forward = FixtureForward(
                    fixture: fixture, mode: .training, read: { all[$0] }, assign: { _, _ in })
                output = try forward(variables[0])
                return try fixture.loss(output, inputs[1])
            }
            return [output, loss] + gradients
        }
        let results = try function(data + fixture.parameters.map(\.value))

        var comparisons = [
            try fixture.compare("logits", results[0], fixture.tolerance("logits"))
        ]
        let first = try fixture.array("losses").doubles[0]
        comparisons.append(
            FixtureComparison(
                results[1], HostTensor(Float(first)), try fixture.tolerance("losses")
            ).named("loss of the first step"))
        for (name, gradient) in zip(["input"] + trained, results.dropFirst(2))
        where name != "input" || fixture.contains("grad.input") {
            comparisons.append(
                try fixture.compare("grad.\(name)", gradient, fixture.tolerance("grad")))
        }
        return comparisons
    }

    /// The evaluation form, the losses of the steps, and all state after them.
    private func training(
        _ fixture: NetFixture, _ engine: any Engine
    ) throws -> [FixtureComparison] {
        let net = try FixtureNet(fixture)
        let (x, y) = (try fixture.array("input"), try fixture.array("target"))
        let evaluate = try EvaluationStep(net, engine: engine) { try $0($1, mode: .inference) }
        var comparisons: [FixtureComparison] = []

        let output = try evaluate(x)[0]
        if fixture.contains("evalLogits") {
            comparisons.append(
                try fixture.compare("evalLogits", output, fixture.tolerance("logits")))
        }
        if fixture.contains("probabilities") {
            let probabilities = try softmax(Tensor(output)).host()
            comparisons.append(
                try fixture.compare("probabilities", probabilities, fixture.tolerance("logits")))
        }
        try fixture.withOptimizer { optimizer in
            let losses = try train(net, fixture, optimizer, engine, x, y)
            comparisons.append(
                try fixture.compare("losses", losses, fixture.tolerance("losses")))
        }
        for parameter in fixture.parameters {
            guard let value = net.values[parameter.name]?.value else {
                throw FixtureError(fixture.name, "has no value of \(parameter.name)")
            }
            comparisons.append(
                try fixture.compare(
                    "after.\(parameter.name)", value, fixture.tolerance("after")))
        }
        comparisons.append(
            try fixture.compare(
                "afterLogits", try evaluate(x)[0], fixture.tolerance("afterLogits")))
        return comparisons
    }

    /// Takes the steps on one batch; the losses before each of them.
    private func train(
        _ net: FixtureNet, _ fixture: NetFixture, _ optimizer: some Optimizer,
        _ engine: any Engine, _ x: HostTensor, _ y: HostTensor
    ) throws -> HostTensor {
        let step = try TrainStep(net, optimizer: optimizer, engine: engine) { net, x, y in
            try fixture.loss(net(x, mode: .training), y)
        }
        let losses = try (0..<fixture.stepCount).map { _ in try step(x, y) }
        return HostTensor(losses, shape: [losses.count])
    }
}
