import Martlet
import Testing

@Suite("Gradient clipping") struct OptimizerClippingTests {
    private let gradients = [Tensor([3, -4]), Tensor([0, 12], shape: [1, 2])]

    @Test func eachKindScalesAsItSays() throws {
        func clipped(_ clipping: GradientClipping) throws -> [[Double]] {
            try clipping(gradients).gradients.map { try $0.host().doubles }
        }
        #expect(try clipped(.value(3.5)) == [[3, -3.5], [0, 3.5]])
        #expect(try clipped(.norm(2.5)) == [[1.5, -2], [0, 2.5]])
        #expect(try clipped(.norm(100)) == [[3, -4], [0, 12]])
        #expect(try clipped(.globalNorm(6.5, epsilon: 0)) == [[1.5, -2], [0, 6]])
        #expect(try clipped(.globalNorm(3, .largest, epsilon: 0)) == [[0.75, -1], [0, 3]])
        #expect(try clipped(.globalNorm(9.5, .sum, epsilon: 0)) == [[1.5, -2], [0, 6]])
        let cubic = try clipped(.globalNorm(1, .power(3), epsilon: 0))
        #expect(isClose(cubic[1], [0, 0.98303809]), "\(cubic)")
    }

    @Test(arguments: [GradientClipping.Norm.euclidean, .sum, .largest, .power(3)])
    func zerosStayZeros(_ norm: GradientClipping.Norm) throws {
        let zero = Tensor.zeros([3])
        for clipping in [GradientClipping.norm(1, norm), .globalNorm(1, norm, epsilon: 0)] {
            #expect(try clipping([zero]).gradients[0].host().doubles == [0, 0, 0])
        }
        #expect(try GradientClipping.globalNorm(1, norm)([zero]).norm?.item() == 0)
    }

    @Test func theNormOfNothingIsZero() throws {
        let (gradients, norm) = GradientClipping.globalNorm(1)([])
        #expect(gradients.isEmpty)
        #expect(try norm?.item() == 0)
    }
}
