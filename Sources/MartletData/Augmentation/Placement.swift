import Foundation

/// Where the pixels of a result lie in the source: an affine map of places relative to the centre,
/// x to the right and y down.
struct Placement: Equatable {
    /// source x = a·x + b·y + c, source y = d·x + e·y + f.
    var (a, b, c) = (1.0, 0.0, 0.0)
    var (d, e, f) = (0.0, 1.0, 0.0)

    /// Nothing moves.
    static let identity = Placement()

    /// The map after one more change of the picture, given by where that one takes its pixels from.
    func after(_ step: Placement) -> Placement {
        var result = Placement()
        result.a = a * step.a + b * step.d
        result.b = a * step.b + b * step.e
        result.c = a * step.c + b * step.f + c
        result.d = d * step.a + e * step.d
        result.e = d * step.b + e * step.e
        result.f = d * step.c + e * step.f + f
        return result
    }

    /// Mirrors left and right, or top and bottom.
    static func flip(horizontally: Bool) -> Placement {
        var result = Placement()
        if horizontally { result.a = -1 } else { result.e = -1 }
        return result
    }

    /// Turns counter-clockwise.
    static func rotation(degrees: Double) -> Placement {
        let (sine, cosine) = exactly(degrees)
        var result = Placement()
        (result.a, result.b) = (cosine, -sine)
        (result.d, result.e) = (sine, cosine)
        return result
    }

    /// Sine and cosine, exact for quarter turns.
    private static func exactly(_ degrees: Double) -> (sine: Double, cosine: Double) {
        switch degrees.truncatingRemainder(dividingBy: 360) {
        case 0: (0, 1)
        case 90, -270: (1, 0)
        case 180, -180: (0, -1)
        case 270, -90: (-1, 0)
        default: (sin(degrees * .pi / 180), cos(degrees * .pi / 180))
        }
    }

    /// Moves to the right and down.
    static func shift(x: Double, y: Double) -> Placement {
        var result = Placement()
        (result.c, result.f) = (-x, -y)
        return result
    }

    /// Enlarges.
    static func scale(x: Double, y: Double) -> Placement {
        var result = Placement()
        (result.a, result.e) = (1 / x, 1 / y)
        return result
    }

    /// Slants along x, then along y.
    static func shear(x: Double, y: Double) -> Placement {
        var (first, second) = (Placement(), Placement())
        first.b = tan(x * .pi / 180)
        second.d = tan(y * .pi / 180)
        return first.after(second)
    }

    /// The flips that the map consists of, or nil when it is something else.
    var flips: (horizontally: Bool, vertically: Bool)? {
        guard abs(a) == 1, abs(e) == 1, b == 0, c == 0, d == 0, f == 0 else { return nil }
        return (a < 0, e < 0)
    }

    /// The map of columns and rows, counted from the first pixel, in the order of `ck_resampling`.
    func matrix(
        width: Int, height: Int
    ) -> (Float, Float, Float, Float, Float, Float) {
        let (x, y) = (Double(width - 1) / 2, Double(height - 1) / 2)
        return (
            Float(a), Float(b), Float(c + x - a * x - b * y),
            Float(d), Float(e), Float(f + y - d * x - e * y)
        )
    }
}
