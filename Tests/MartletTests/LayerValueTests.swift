import Martlet
import Testing

private func numbers(_ tensor: Tensor) throws -> [Double] { try tensor.host().doubles }

private var ramp: Tensor { Tensor([1, 2, 3, 4], shape: [1, 1, 2, 2]) }

@Suite struct LayerValueTests {
    @Test func nearestUpsamplingRepeats() throws {
        let wide = Upsampling2D([1, 2])(ramp)
        #expect(wide.shape == [1, 1, 2, 4])
        #expect(try numbers(wide) == [1, 1, 2, 2, 3, 3, 4, 4])
        #expect(try numbers(Upsampling2D([2, 1])(ramp)) == [1, 2, 1, 2, 3, 4, 3, 4])
    }

    /// The numbers of `torch.nn.Upsample(scale_factor=(1, 3), mode="bilinear")` and of factor 2.
    @Test func bilinearUpsamplingBlends() throws {
        let wide = try numbers(Upsampling2D([1, 3], mode: .bilinear)(ramp))
        let thirds = [1, 1, 4.0 / 3, 5.0 / 3, 2, 2, 3, 3, 10.0 / 3, 11.0 / 3, 4, 4]
        #expect(zip(wide, thirds).allSatisfy { Swift.abs($0 - $1) < 1e-6 }, "\(wide)")
        let both = try numbers(Upsampling2D(2, mode: .bilinear)(ramp))
        let expected = [
            1, 1.25, 1.75, 2, 1.5, 1.75, 2.25, 2.5, 2.5, 2.75, 3.25, 3.5, 3, 3.25, 3.75, 4,
        ]
        #expect(both == expected)
    }

    @Test func paddingStandsWhereItShould() throws {
        let padded = ZeroPadding2D(top: 1, right: 2)(ramp)
        #expect(padded.shape == [1, 1, 3, 4])
        #expect(try numbers(padded) == [0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 0, 0])
        #expect(ZeroPadding2D([1, 2])(ramp).shape == [1, 1, 4, 6])
    }

    @Test func embeddingsAreRows() throws {
        let layer = Embedding(3, 2)
        try layer.weight.set(HostTensor([Float(1), 2, 3, 4, 5, 6], shape: [3, 2]))
        let indices = Tensor(HostTensor([Int32(2), 0, 3], shape: [3]))
        #expect(try numbers(layer(indices)) == [5, 6, 1, 2, 0, 0])
    }

    @Test func residualsAdd() throws {
        let twice = Residual { FunctionLayer { $0 * 2 } }
        #expect(try numbers(twice(ramp)) == [3, 6, 9, 12])
        let negative = Residual(activation: .relu) {
            FunctionLayer { $0 * 2 }
        } shortcut: {
            FunctionLayer { 5 - $0 * 4 }
        }
        #expect(try numbers(negative(ramp)) == [3, 1, 0, 0])
    }

    @Test func depthwiseKernelsSeeOneChannel() throws {
        let layer = DepthwiseConv2D(kernelSize: 1, multiplier: 2, usesBias: false)
        let x = Tensor([1, 10], shape: [1, 2, 1, 1])
        _ = layer(x)
        try layer.setParameters([
            "weight": HostTensor([Float(1), 2, 3, 4], shape: [4, 1, 1, 1])
        ])
        #expect(try numbers(layer(x)) == [1, 2, 30, 40])
    }

    /// Momentum 0.1 in PyTorch's sense is 0.9 in Keras', whose running variance is biased.
    @Test(arguments: [false, true])
    func momentumHasTwoConventions(_ isKeras: Bool) throws {
        let layer = isKeras ? BatchNorm.keras(momentum: 0.9) : BatchNorm()
        let net = Sequential([layer])
        let step = try TrainStep(net, optimizer: SGD(), engine: Engines.make(.reference)) {
            $0($1).sum() + 0 * $2.sum()
        }
        let x = HostTensor([Float(0), 2, 4, 6], shape: [4, 1])
        try step(x, x)
        let mean = try #require(step.parameters["layers.0.running_mean"]).doubles[0]
        let variance = try #require(step.parameters["layers.0.running_var"]).doubles[0]
        let batchVariance = isKeras ? 5 : 20.0 / 3
        #expect(Swift.abs(mean - 0.3) < 1e-6)
        #expect(Swift.abs(variance - (0.9 + 0.1 * batchVariance)) < 1e-6)
    }
}
