import Martlet
import MartletTestSupport
import Testing

/// Steps of one model share its values, whatever order they are made and called in.
@Suite struct StepOrderTests {
    @Test(arguments: [true, false])
    func stepsMadeBeforeTheFirstCallShareTheModel(evaluatesFirst: Bool) throws {
        let net = Sequential {
            Dense(4, activation: .relu)
            Dense(2)
        }
        let engine = try Engines.make(.auto)
        let train = try TrainStep(net, optimizer: SGD(learningRate: 0.5), engine: engine) {
            crossEntropy($0($1), $2)
        }
        let predict = try EvaluationStep(net, engine: engine) { $0($1) }
        let x = HostTensor([Float(1), 0, 0, 1], shape: [2, 2])
        let y = HostTensor([Int32(0), 1], shape: [2])
        let before = evaluatesFirst ? try predict(x)[0] : nil
        var losses: [Float] = []
        for _ in 0..<50 { losses.append(try train(x, y)) }
        let after = try predict(x)[0]
        if let before { #expect(before != after) }
        #expect(losses[49] < losses[0] / 2, "\(losses)")
        let scores = after.doubles
        #expect(scores[0] > scores[1] && scores[3] > scores[2], "\(scores)")
    }
}
