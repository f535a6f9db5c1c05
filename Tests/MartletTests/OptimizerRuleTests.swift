import Foundation
import Martlet
import Testing

@Suite("Optimizer rules in double precision") struct OptimizerRuleTests {
    @Test func lionFollowsItsRule() throws {
        let step = try makeRowStep(
            Lion(learningRate: 0.1, beta1: 0.8, beta2: 0.9, weightDecay: 0.2))
        var w = [1, -2, 0.5]
        var m = [0.0, 0, 0]
        for (index, gradients) in gradientRows.enumerated() {
            for (i, g) in gradients.map({ Double($0) }).enumerated() {
                let direction = 0.8 * m[i] + 0.2 * g
                let sign = direction > 0 ? 1.0 : direction < 0 ? -1 : 0
                w[i] = w[i] * (1 - 0.1 * 0.2) - 0.1 * sign
                m[i] = 0.9 * m[i] + 0.1 * g
            }
            try step(rows(gradients), rows(gradients))
            #expect(isClose(step.net.numbers, w), "step \(index): \(step.net.numbers), \(w)")
        }
    }

    @Test(arguments: [[1, -2, 0.5], [0, 0, 0]] as [[Float]])
    func lambFollowsItsRule(_ start: [Float]) throws {
        let step = try makeRowStep(
            LAMB(learningRate: 0.1, beta1: 0.8, beta2: 0.9, epsilon: 0.01, weightDecay: 0.3), start)
        var w = start.map { Double($0) }
        var (m, v) = ([0.0, 0, 0], [0.0, 0, 0])
        for (index, gradients) in gradientRows.enumerated() {
            var r = [0.0, 0, 0]
            for (i, g) in gradients.map({ Double($0) }).enumerated() {
                m[i] = 0.8 * m[i] + 0.2 * g
                v[i] = 0.9 * v[i] + 0.1 * g * g
                let count = Double(index + 1)
                let mean = m[i] / (1 - pow(0.8, count))
                r[i] = mean / ((v[i] / (1 - pow(0.9, count))).squareRoot() + 0.01) + 0.3 * w[i]
            }
            let (length, size) = (norm(w), norm(r))
            let trust = length > 0 && size > 0 ? length / size : 1
            w = zip(w, r).map { $0 - 0.1 * trust * $1 }
            try step(rows(gradients), rows(gradients))
            #expect(isClose(step.net.numbers, w), "step \(index): \(step.net.numbers), \(w)")
        }
    }

    @Test func zeroGradientsLeaveLambFinite() throws {
        let step = try makeRowStep(LAMB(learningRate: 0.1, weightDecay: 0))
        try step(rows([0, 0, 0]), rows([0, 0, 0]))
        #expect(step.net.numbers == [1, -2, 0.5])
    }

    @Test func radamIsExactForManySteps() throws {
        // The length of the mean is a small difference of large numbers; its first 40 steps.
        let step = try makeRowStep(RAdam(learningRate: 0.01))
        var w = [1, -2, 0.5]
        var (m, v) = ([0.0, 0, 0], [0.0, 0, 0])
        for index in 0..<40 {
            let gradients = gradientRows[index % 5]
            let t = Double(index + 1)
            let power = pow(0.999, t)
            let limit = 2 / (1 - 0.999) - 1
            let length = limit - 2 * t * power / (1 - power)
            for (i, g) in gradients.map({ Double($0) }).enumerated() {
                m[i] = 0.9 * m[i] + 0.1 * g
                v[i] = 0.999 * v[i] + 0.001 * g * g
                var move = 0.01 * m[i] / (1 - pow(0.9, t))
                if length > 5 {
                    let top = (length - 4) * (length - 2) * limit
                    let trust = (top / ((limit - 4) * (limit - 2) * length)).squareRoot()
                    move *= trust * (1 - power).squareRoot() / (v[i].squareRoot() + 1e-8)
                }
                w[i] -= move
            }
            try step(rows(gradients), rows(gradients))
            #expect(isClose(step.net.numbers, w, 5e-6), "step \(index)")
        }
    }

    @Test func centeredSquaresNeverTurnNegative() throws {
        // With one gradient for ever the variance is zero, up to rounding.
        let step = try makeRowStep(RMSprop(learningRate: 1e-9, decay: 0.5, centered: true))
        for _ in 0..<60 { try step(rows([0.1, 0.7, 3.3]), rows([0.1, 0.7, 3.3])) }
        let isFinite = step.net.numbers.allSatisfy { $0.isFinite }
        #expect(isFinite, "\(step.net.numbers)")
    }

    @Test func nadamKeepsOneNumberForItsProduct() throws {
        let step = try makeRowStep(NAdam())
        try step(rows(gradientRows[0]), rows(gradientRows[0]))
        let product = try step.stateValues()["optimizer/weight/momentumProduct"]
        let expected = 0.9 * (1 - 0.5 * pow(0.96, 0.004))
        #expect(product?.type.shape == [])
        #expect(isClose(product?.doubles ?? [], [expected]))
    }

    private func norm(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }
}
