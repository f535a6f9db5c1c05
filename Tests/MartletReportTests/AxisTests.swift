import Foundation
import MartletReport
import Testing

@Suite struct AxisTests {
    @Test(arguments: [
        ([0.0, 1.0], [0, 0.2, 0.4, 0.6, 0.8, 1]),
        ([0.31, 2.3, 0.0], [0, 0.5, 1, 1.5, 2, 2.5]),
        ([0.0, 0.139], [0, 0.05, 0.1, 0.15]),
        ([91.4, 100], [90, 92, 94, 96, 98, 100]),
        ([-3.0, 4.0], [-4, -2, 0, 2, 4]),
        ([0.0, 10_000], [0, 2000, 4000, 6000, 8000, 10_000]),
        ([5.0, 5.0], [2, 3, 4, 5, 6, 7, 8]),
        ([0.001, 0.001], [0.0004, 0.0006, 0.0008, 0.001, 0.0012, 0.0014, 0.0016]),
        ([0.0, 0.0], [-0.6, -0.4, -0.2, 0, 0.2, 0.4, 0.6]),
        ([0.0, 1e200], [0, 2e199, 4e199, 6e199, 8e199, 1e200]),
        ([Double.nan, .infinity, 2, 3], [2, 2.2, 2.4, 2.6, 2.8, 3]),
    ])
    func ticksAreRound(values: [Double], ticks: [Double]) {
        let axis = Axis(values: values)
        #expect(axis.ticks.count == ticks.count, "\(axis.ticks)")
        let size = ticks.map(abs).max() ?? 1
        #expect(zip(axis.ticks, ticks).allSatisfy { abs($0 - $1) < size * 1e-9 }, "\(axis.ticks)")
        let shown = values.filter(\.isFinite)
        #expect(shown.allSatisfy { axis.low <= $0 && axis.high >= $0 })
    }

    @Test func noValuesStillGiveAnAxis() {
        for scale in [PlotScale.linear, .logarithmic] {
            let axis = Axis(values: [.nan], scale: scale)
            #expect(axis.low.isFinite && axis.high > axis.low && !axis.ticks.isEmpty)
        }
    }

    @Test func epochsTickOnWholeNumbers() {
        let axis = Axis(values: (1...12).map { Double($0) }, wholeNumbers: true)
        #expect(axis.ticks == [2, 4, 6, 8, 10, 12])
        #expect((axis.low, axis.high) == (1, 12))
        let many = Axis(values: [1, 3000], wholeNumbers: true)
        #expect(many.ticks == [500, 1000, 1500, 2000, 2500, 3000])
        let one = Axis(values: [1], wholeNumbers: true)
        #expect(one.ticks == [1] && one.share(1) == 0.5)
    }

    @Test func logarithmicAxesTickOnPowersOfTen() {
        let axis = Axis(values: [2e-7, 1e-5, 0, -1], scale: .logarithmic)
        #expect(axis.ticks.map(axis.label) == ["1e-7", "1e-6", "1e-5"])
        #expect(abs(axis.share(1e-6) - 0.5) < 1e-9)
        let wide = Axis(values: [1e-13, 0.01], scale: .logarithmic)
        #expect(wide.ticks.count <= 7 && wide.ticks.map(wide.label).first == "1e-13")
        let narrow = Axis(values: [2, 8], scale: .logarithmic)
        #expect(narrow.ticks.map(narrow.label) == ["1", "2", "5", "10"])
        #expect(!Axis.holds(0, .logarithmic) && Axis.holds(0) && !Axis.holds(.nan))
    }

    @Test func labelsHaveEqualDecimals() {
        func labels(_ values: [Double]) -> [String] {
            let axis = Axis(values: values)
            return axis.ticks.map(axis.label)
        }
        #expect(labels([0, 1]) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
        #expect(labels([0, 50_000]) == ["0", "10,000", "20,000", "30,000", "40,000", "50,000"])
        #expect(labels([0, 5000]) == ["0", "1,000", "2,000", "3,000", "4,000", "5,000"])
        #expect(labels([0, 4e7]) == ["0", "1e7", "2e7", "3e7", "4e7"])
        #expect(labels([0, 3e-6]) == ["0", "5e-7", "1e-6", "1.5e-6", "2e-6", "2.5e-6", "3e-6"])
    }
}
