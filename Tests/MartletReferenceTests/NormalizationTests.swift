import MartletGraph
import MartletReference
import Testing

@Suite struct NormalizationTests {
    private let infinity = Double.infinity

    /// Numbers of PyTorch's `softmax` and `log_softmax`.
    @Test func softmaxOfThree() throws {
        let x = doubles(1, 2, 4)
        #expect(
            close(
                try evaluate(.softmax(axis: 0), x),
                [0.04201006613406605, 0.11419519938459449, 0.8437947344813395]))
        #expect(
            close(
                try evaluate(.logSoftmax(axis: 0), x),
                [-3.1698460195562856, -2.1698460195562856, -0.16984601955628567]))
    }

    @Test func softmaxGoesAlongItsAxis() throws {
        let x = HostTensor([0, 7, 0, 7, 0, 7] as [Float], shape: [1, 3, 2])
        let third = Float(1.0 / 3)
        #expect(
            try evaluate(.softmax(axis: 1), x) == [Float](repeating: third, count: 6))
        #expect(try evaluate(.softmax(axis: 0), x) == [Float](repeating: 1, count: 6))
    }

    @Test func largeLogitsDoNotOverflow() throws {
        #expect(try evaluate(.softmax(axis: 0), floats(1e30, 0)) == [1, 0] as [Float])
        #expect(try evaluate(.logSoftmax(axis: 0), floats(1000, 0)) == [0, -1000] as [Float])
        #expect(try evaluate(.softmax(axis: 0), doubles(-infinity, 0)) == [0, 1] as [Double])
        #expect(
            try evaluate(.logSoftmax(axis: 0), doubles(-infinity, 0)) == [-infinity, 0] as [Double])
    }

    @Test(arguments: [Op.softmax(axis: 1), .logSoftmax(axis: 1)])
    func badRowsBecomeNaN(op: Op) throws {
        let x = HostTensor(
            [1, infinity, 2, .nan, -infinity, -infinity, 0, 0], shape: [4, 2])
        let result: [Double] = try evaluate(op, x)
        #expect(result[..<6].allSatisfy { $0.isNaN })
        #expect(result[6] == result[7] && result[6].isFinite)
    }

    @Test func standardizesOverAxes() throws {
        let x = HostTensor([1, 3, 10, 30] as [Double], shape: [2, 2])
        #expect(try evaluate(.standardize(axes: [1], epsilon: 0), x) == [-1, 1, -1, 1] as [Double])
        #expect(
            try evaluate(.standardize(axes: [1], epsilon: 3), x)
                == [-0.5, 0.5, -10 / 103.0.squareRoot(), 10 / 103.0.squareRoot()].map {
                    $0 as Double
                })
        #expect(try evaluate(.standardize(axes: [], epsilon: 1), x) == [0, 0, 0, 0] as [Double])
        let whole: [Double] = try evaluate(.standardize(axes: [0, 1], epsilon: 0.5), x)
        #expect(abs(whole.reduce(0, +)) < 1e-12)
    }

    /// Numbers of PyTorch's `layer_norm` with ε = 0.5 and its `backward`.
    @Test func gradientMatchesLayerNorm() throws {
        let x = HostTensor([1, 2, 4, 0, 0, 3] as [Double], shape: [2, 3])
        let dy = HostTensor([1, 0, -1, 2, 1, 0] as [Double], shape: [2, 3])
        #expect(
            close(
                try evaluate(.standardize(axes: [1], epsilon: 0.5), x),
                [
                    -0.9299811099505544, -0.23249527748763868, 1.1624763874381927,
                    -0.6324555320336759, -0.6324555320336759, 1.2649110640673518,
                ]))
        #expect(
            close(
                try evaluate(.standardizeGradient(axes: [1], epsilon: 0.5), x, dy),
                [
                    0.24506258978426765, -0.11310581066966208, -0.13195677911460568,
                    0.37947331922020566, -0.2529822128134702, -0.1264911064067351,
                ]))
    }

    @Test func emptyTensors() throws {
        let empty = HostTensor(zeros: TensorType(.float32, [0, 3]))
        #expect(try evaluate(.standardize(axes: [0], epsilon: 1e-5), empty) == [Float]())
        #expect(try evaluate(.softmax(axis: 1), empty) == [Float]())
        #expect(try evaluate(.logSoftmax(axis: 0), empty) == [Float]())
    }
}
