import MartletData
import MartletGraph

extension Scaling {
    /// Turns bytes `[N, C, H, W]` of a trace into the floats that `floats(_:shape:)` gives.
    ///
    /// Quotients such as byte / 255 are the same bits; other scalings compute in single precision, as
    /// other frameworks do, and may differ in the last bit. Mixtures of pictures, and pixels that are
    /// no bytes, come as floats and are scaled alike.
    package func callAsFunction(_ x: Tensor) -> Tensor {
        let channels = x.rank == 4 ? x.shape[1] : 1
        guard scale.count == 1 || scale.count == channels else {
            return mistake(
                "scaling(\(x.type))", like: x, expected: "pictures with \(scale.count) channels",
                received: "\(channels)",
                fix: "make the scaling for \(channels) channels, or for all")
        }
        if scale.count == 1, shift[0] == 0, x.dtype == .uint8, isExactAsQuotient {
            // Dividing by 1 leaves numbers as they are, and passes take it away.
            return x.cast(to: .float32) / (1 / scale[0])
        }
        func perChannel(_ numbers: [Double]) -> Tensor {
            let shape = numbers.count == 1 ? [] : [numbers.count, 1, 1]
            return Tensor(HostTensor(numbers.map { Float($0) }, shape: shape))
        }
        return x.cast(to: .float32) * perChannel(scale) + perChannel(shift)
    }

    /// Whether division in single precision gives the right number for every byte.
    private var isExactAsQuotient: Bool {
        let divisor = Float(1 / scale[0])
        return (0...255).allSatisfy { Float($0) / divisor == Float(Double($0) * scale[0]) }
    }
}
