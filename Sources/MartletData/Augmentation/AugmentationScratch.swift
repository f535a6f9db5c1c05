import Foundation

/// Memory that is used again from picture to picture; one for each thread that augments.
///
/// It grows with the largest picture and keeps nothing that results depend on.
public struct AugmentationScratch: Sendable {
    /// A copy of one plane, or a plane with a border.
    var bytes: [UInt8] = []
    /// Packed neighbours of a plane.
    var quads: [UInt32] = []
    /// Displacements along x, along y, and what making them needs.
    var floats: [Float] = []
    /// The taps of the last Gaussian.
    private(set) var taps: [Float] = [1]
    private var sigma = 0.0

    /// Starts empty.
    public init() {}

    /// Makes room; what was in there may be lost.
    mutating func reserve(bytes: Int = 0, quads: Int = 0, floats: Int = 0) {
        if self.bytes.count < bytes { self.bytes = [UInt8](repeating: 0, count: bytes) }
        if self.quads.count < quads { self.quads = [UInt32](repeating: 0, count: quads) }
        if self.floats.count < floats { self.floats = [Float](repeating: 0, count: floats) }
    }

    /// Computes the taps of a Gaussian, `2 · radius + 1` of them with the sum 1.
    ///
    /// - Returns: the radius, 3 `sigma` rounded up.
    mutating func prepareGaussian(sigma: Double) -> Int {
        let radius = Int((3 * sigma).rounded(.up))
        guard sigma != self.sigma else { return radius }
        let weights = (-radius...radius).map { exp(-Double($0 * $0) / (2 * sigma * sigma)) }
        let total = weights.reduce(0, +)
        taps = weights.map { Float($0 / total) }
        self.sigma = sigma
        return radius
    }
}
