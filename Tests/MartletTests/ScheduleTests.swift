import Foundation
import Martlet
import Testing

@Suite("Schedules") struct ScheduleTests {
    @Test func schedulesFollowEachOther() {
        let schedule = LinearRamp(from: 0, to: 1, steps: 4)
            .then(ConstantRate(1), after: 4)
            .then(ExponentialDecay(from: 1, factor: 0.5), after: 6)
        let rates = (0..<9).map(schedule.rate)
        #expect(rates == [0, 0.25, 0.5, 0.75, 1, 1, 1, 0.5, 0.25])
    }

    @Test func warmUpEndsAtTheFirstRate() {
        let schedule = StepDecay(from: 0.8, every: 2, factor: 0.5).warmedUp(steps: 4)
        let rates = (0..<8).map(schedule.rate)
        #expect(isClose(rates, [0, 0.2, 0.4, 0.6, 0.8, 0.8, 0.4, 0.4]))
    }

    @Test func ratesHoldAfterTheEnd() {
        #expect(PolynomialDecay(from: 1, to: 0.5, steps: 10).rate(at: 99) == 0.5)
        #expect(CosineDecay(from: 1, to: 0.5, steps: 10, afterwards: .stays).rate(at: 99) == 0.5)
        #expect(CosineDecay(from: 1, to: 0.5, steps: 10).rate(at: 20) == 1)
        let cycle = OneCycle(maximum: 1, steps: 10, startDivisor: 10, endDivisor: 10)
        #expect(Swift.abs(cycle.rate(at: 99) - 0.01) < 1e-12)
        #expect(cycle.rate(at: 9) == cycle.rate(at: 99))
    }

    @Test func restartsComeInEverLongerTurns() {
        let schedule = CosineRestarts(from: 1, steps: 2, factor: 3)
        let starts = (0..<27).filter { schedule.rate(at: $0) == 1 }
        #expect(starts == [0, 2, 8, 26])
    }

    @Test func oneCycleWithoutRoomForARiseStaysFinite() {
        for rise in [0, 0.1, 1] {
            let cycle = OneCycle(maximum: 1, steps: 3, rise: rise)
            for step in 0..<4 { #expect(cycle.rate(at: step).isFinite, "\(rise) \(step)") }
        }
    }

    @Test func functionsAreSchedules() {
        let schedule = RateFunction { 1 / Double($0 + 1) }
        #expect(schedule.rate(at: 3) == 0.25 && schedule.momentum(at: 3) == nil)
    }

    @Test func aPlateauRemembersThroughJSON() throws {
        var plateau = ReduceOnPlateau(from: 1, factor: 0.5, patience: 1)
        plateau = try JSONDecoder().decode(
            ReduceOnPlateau.self, from: JSONEncoder().encode(plateau))
        #expect(plateau.update(.nan) == 1 && plateau.best == nil)
        #expect(plateau.update(3) == 1 && plateau.best == 3)
        #expect(plateau.update(3) == 1)
        plateau = try JSONDecoder().decode(
            ReduceOnPlateau.self, from: JSONEncoder().encode(plateau))
        #expect(plateau.update(3) == 0.5)
    }

    @Test func aScheduleLeavesAFixedMomentumAlone() {
        var rule = SGD(momentum: 0.9)
        rule.follow(OneCycle(maximum: 1, steps: 10), at: 3)
        #expect(rule.momentum == 0.9 && rule.learningRate > 0.04)
    }
}
