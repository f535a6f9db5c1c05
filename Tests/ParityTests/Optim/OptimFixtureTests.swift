import Martlet
import MartletTestSupport
import Testing

@Suite("Optimizers against other frameworks")
struct OptimFixtureTests {
    private let folder = FixtureFolder(bundled: bundledFixtures)

    @Test("Every trajectory is that of the other framework", arguments: parityEngines)
    func everyTrajectory(choice: EngineChoice) throws {
        guard let engine = parityEngine(choice, "optimizer fixtures") else { return }
        for (framework, count) in [("torch", 48), ("keras", 24), ("paddle", 14)] {
            var report = ParityReport("optimizer fixtures of \(framework):", engine: engine.name)
            let cases = try OptimCase.all(framework, in: folder)
            #expect(cases.count >= count)
            for fixture in cases {
                report.check("\(framework) \(fixture.name)") { comparisons in
                    let optimizer = try fixture.makeOptimizer()
                    var isCompared = false
                    if fixture.contains("mlp.loss") {
                        comparisons += try networkRun(fixture, optimizer, engine)
                        isCompared = true
                    }
                    if fixture.contains(framework == "torch" ? "quad.x" : "x") {
                        comparisons += try quadraticRun(fixture, optimizer, engine)
                        isCompared = true
                    }
                    if !isCompared { throw FixtureError(fixture.name, "has no trajectory") }
                }
            }
            report.finish()
        }
    }

    /// Points, gradients, losses and norms on the quadratic function.
    private func quadraticRun(
        _ fixture: OptimCase, _ optimizer: some Optimizer, _ engine: any Engine
    ) throws -> [FixtureComparison] {
        let isTorch = fixture.framework == "torch"
        let prefix = isTorch ? "quad." : ""
        let scale = fixture.lossScale
        let (a, b) = (
            try fixture.archive.array("\(prefix)A"), try fixture.archive.array("\(prefix)b")
        )
        let start = try fixture.archive.array("\(prefix)x0")
        let net = try QuadraticPoint(start, halves: !isTorch)
        let step = try TrainStep(net, optimizer: optimizer, engine: engine) { net, a, b in
            QuadraticPoint.loss(concatenated(net(), axis: 0), a, b, scale: scale)
        }
        let gradient = try compile(inputs: [start.type, a.type, b.type], engine: engine) { inputs in
            let result = try valueAndGradient(at: [inputs[0]]) { x in
                QuadraticPoint.loss(x[0], inputs[1], inputs[2], scale: scale)
            }
            return result.gradients
        }
        var points = try net.numbers()
        var (gradients, losses, norms) = ([Float](), [Float](), [Float]())
        try take(fixture, step, a, b) { loss, norm in
            let x = HostTensor(Array(points.suffix(5)), shape: [5])
            gradients += try gradient([x, a, b])[0].scalars(as: Float.self) ?? []
            points += try net.numbers()
            losses.append(loss)
            norms.append(norm ?? .nan)
        }
        var comparisons = [
            try compare(fixture, "\(prefix)x", points),
            try compare(fixture, "\(prefix)loss", losses),
            try compare(fixture, "\(prefix)grad", gradients),
        ]
        if isTorch, step.gradientNorm != nil {
            comparisons.append(try compare(fixture, "\(prefix)norm", norms))
        }
        return comparisons
    }

    /// Weights, losses and norms of the small network.
    private func networkRun(
        _ fixture: OptimCase, _ optimizer: some Optimizer, _ engine: any Engine
    ) throws -> [FixtureComparison] {
        let (x, y) = (try fixture.archive.array("mlp.x"), try fixture.archive.array("mlp.y"))
        let net = try FixtureMLP(fixture.archive)
        let step = try TrainStep(net, optimizer: optimizer, engine: engine) { net, x, y in
            crossEntropy(net(x), y)
        }
        var (losses, norms) = ([Float](), [Float]())
        var weights: [String: [Float]] = [:]
        func note() {
            for (path, value) in net.parameterValues {
                weights[path, default: []] += value.scalars(as: Float.self) ?? []
            }
        }
        note()
        try take(fixture, step, x, y) { loss, norm in
            note()
            losses.append(loss)
            norms.append(norm ?? .nan)
        }
        var comparisons = [try compare(fixture, "mlp.loss", losses)]
        for (path, values) in weights.sorted(by: { $0.key < $1.key }) {
            comparisons.append(try compare(fixture, "mlp.\(path)", values))
        }
        if step.gradientNorm != nil {
            comparisons.append(try compare(fixture, "mlp.norm", norms))
        }
        return comparisons
    }

    /// Takes the twelve steps with the listed rates; a changing rate must not compile anew.
    private func take<Net: Module, Rule: Optimizer>(
        _ fixture: OptimCase, _ step: TrainStep<Net, Rule>, _ x: HostTensor, _ y: HostTensor,
        _ note: (_ loss: Float, _ norm: Float?) throws -> Void
    ) throws {
        let rates = try fixture.rates()
        let schedule = try fixture.description["scheduler"]?.members.map {
            let settings = FixtureSettings($0, of: fixture.name)
            return try torchSchedule(
                try settings.text("name"), base: rates?.first ?? .nan, settings)
        }
        for index in 0..<12 {
            if let rates { step.optimizer.learningRate = Float(rates[index]) }
            if let schedule {
                step.optimizer.follow(schedule, at: index)
                let expected = rates?[index] ?? .nan
                guard abs(step.optimizer.learningRate - Float(expected)) <= 1e-6 * Float(expected)
                else { throw FixtureError(fixture.name, "has another rate at step \(index)") }
            }
            let loss = try step(x, y)
            try note(loss, step.gradientNorm)
        }
        guard step.compilations.count == 1 else {
            throw FixtureError(fixture.name, "compiled \(step.compilations.count) times")
        }
    }

    private func compare(
        _ fixture: OptimCase, _ name: String, _ got: [Float]
    ) throws -> FixtureComparison {
        let expected = try fixture.array(name)
        guard expected.type.elementCount == got.count else {
            throw FixtureError(fixture.name, "\(name) has \(got.count) numbers, not as recorded")
        }
        let isLoss = name.hasSuffix("loss")
        // A gradient is as exact as the point it is taken at, and as large as the loss.
        let isGradient = name.hasSuffix("grad")
        var tolerance = isLoss ? fixture.lossTolerance : fixture.tolerance
        if isGradient {
            tolerance = FixtureTolerance(rtol: 1e-4, atol: 10 * tolerance.atol * fixture.lossScale)
        }
        return FixtureComparison(
            HostTensor(got, shape: expected.type.shape), expected, tolerance
        ).named(name)
    }
}
