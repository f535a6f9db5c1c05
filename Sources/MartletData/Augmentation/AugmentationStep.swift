/// What lies beyond the edge of a picture.
public enum Border: Hashable, Sendable, Codable {
    /// One grey value, 0 is black.
    case constant(UInt8)
    /// The outermost pixel.
    case edge
    /// The picture mirrored at its outermost pixels, which are not repeated.
    case mirror
}

/// What an erased rectangle is filled with.
public enum ErasedFill: Hashable, Sendable, Codable {
    /// One grey value in all channels.
    case constant(UInt8)
    /// A random byte for each.
    case noise
}

/// The unit in which pictures are shifted.
public enum ShiftUnit: String, Hashable, Sendable, Codable, CaseIterable {
    /// Pixels, with parts of a pixel interpolated.
    case pixels
    /// Pixels, rounded to whole ones.
    case wholePixels
    /// Shares of the picture's width and height.
    case fraction
}

/// One random change of a picture.
///
/// Numbers are drawn uniformly from the ranges, anew for each picture and epoch. Angles are in
/// degrees, brightness in grey levels 0 … 255.
public enum AugmentationStep: Hashable, Sendable, Codable {
    /// Mirrors left and right.
    case flipHorizontally(probability: Double = 0.5)
    /// Mirrors top and bottom.
    case flipVertically(probability: Double = 0.5)
    /// Puts `padding` pixels on each side and cuts a picture of the old size out at random.
    ///
    /// Same as `torchvision.transforms.RandomCrop(size, padding)`.
    case crop(padding: Int, border: Border = .constant(0))
    /// Turns about the centre, counter-clockwise for positive angles as PIL and torchvision's
    /// `rotate`.
    case rotate(degrees: ClosedRange<Double>)
    /// Moves to the right and down.
    case shift(x: ClosedRange<Double>, y: ClosedRange<Double>, unit: ShiftUnit = .pixels)
    /// Enlarges about the centre, both axes by the same factor; below 1 the picture gets smaller.
    case scale(ClosedRange<Double>)
    /// Enlarges about the centre, each axis by a factor of its own.
    case stretch(x: ClosedRange<Double>, y: ClosedRange<Double>)
    /// Slants about the centre: x − tan(a)·y, then y − tan(b)·x, as torchvision's `affine`.
    case shear(x: ClosedRange<Double>, y: ClosedRange<Double> = 0...0)
    /// Distorts by a smooth random field.
    ///
    /// Uniform numbers in −1 … 1 are smoothed by a Gaussian of `sigma` pixels (cut off at 3 sigma,
    /// taps that add up to 1, nothing beyond the edges) and multiplied by `alpha` pixels.
    ///
    /// - Source: Simard, Steinkraus, Platt, "Best practices for convolutional neural networks
    ///   applied to visual document analysis", ICDAR 2003.
    case elastic(alpha: Double, sigma: Double)
    /// Multiplies by a factor; 1 changes nothing.
    case brightness(ClosedRange<Double>)
    /// Moves away from the picture's mean grey by a factor; 1 changes nothing, 0 leaves grey.
    case contrast(ClosedRange<Double>)
    /// Moves away from each pixel's grey by a factor; does nothing without three channels.
    case saturation(ClosedRange<Double>)
    /// Adds normal numbers, independent for each byte; the standard deviation is drawn first.
    case noise(standardDeviation: ClosedRange<Double>)
    /// Takes 255 − value.
    case invert(probability: Double = 0.5)
    /// Fills a rectangle, of a share of the picture's area and of height / width in `aspect`.
    ///
    /// A rectangle that does not fit is drawn again, ten times at most; then nothing is erased.
    ///
    /// - Source: Zhong et al., "Random erasing data augmentation", arXiv:1708.04896.
    case erase(
        probability: Double = 0.5, area: ClosedRange<Double> = 0.02...0.33,
        aspect: ClosedRange<Double> = 0.3...3.3, fill: ErasedFill = .noise)
    /// Fills a square whose centre is any pixel; what lies outside of the picture is cut off.
    ///
    /// - Source: DeVries, Taylor, "Improved regularization of convolutional neural networks with
    ///   cutout", arXiv:1708.04552.
    case cutout(size: Int, fill: ErasedFill = .constant(0))
}

extension AugmentationStep {
    /// What is wrong with the step's numbers, or nil.
    package var problem: String? {
        switch self {
        case .flipHorizontally(let p): Self.share("flipHorizontally: probability", p...p)
        case .flipVertically(let p): Self.share("flipVertically: probability", p...p)
        case .invert(let p): Self.share("invert: probability", p...p)
        case .crop(let padding, _): Self.range("crop: padding", padding, 0...4096)
        case .rotate(let degrees): Self.within("rotate: degrees", degrees, -3600...3600)
        case .shift(let x, let y, _):
            Self.within("shift: x", x, -16_384...16_384)
                ?? Self.within("shift: y", y, -16_384...16_384)
        case .scale(let factor): Self.within("scale", factor, 0.001...1000)
        case .stretch(let x, let y):
            Self.within("stretch: x", x, 0.001...1000) ?? Self.within("stretch: y", y, 0.001...1000)
        case .shear(let x, let y):
            Self.within("shear: x", x, -89...89) ?? Self.within("shear: y", y, -89...89)
        case .elastic(let alpha, let sigma):
            Self.within("elastic: alpha", alpha...alpha, -10_000...10_000)
                ?? Self.within("elastic: sigma", sigma...sigma, 0.1...100)
        case .brightness(let factor): Self.within("brightness", factor, 0...1000)
        case .contrast(let factor): Self.within("contrast", factor, 0...1000)
        case .saturation(let factor): Self.within("saturation", factor, 0...1000)
        case .noise(let deviation):
            Self.within("noise: standardDeviation", deviation, 0...1000)
        case .erase(let probability, let area, let aspect, _):
            Self.share("erase: probability", probability...probability)
                ?? Self.share("erase: area", area)
                ?? Self.within("erase: aspect", aspect, 0.001...1000)
        case .cutout(let size, _): Self.range("cutout: size", size, 1...65_536)
        }
    }

    private static func share(_ name: String, _ range: ClosedRange<Double>) -> String? {
        within(name, range, 0...1)
    }

    private static func range(_ name: String, _ value: Int, _ limits: ClosedRange<Int>) -> String? {
        limits.contains(value) ? nil : "\(name) must lie in \(limits), got \(value)"
    }

    private static func within(
        _ name: String, _ range: ClosedRange<Double>, _ limits: ClosedRange<Double>
    ) -> String? {
        if limits.contains(range.lowerBound) && limits.contains(range.upperBound) { return nil }
        let found =
            range.lowerBound == range.upperBound ? "\(range.lowerBound)" : "\(range)"
        return "\(name) must lie in \(limits), got \(found)"
    }
}
