import Foundation

/// How the pixels of a resized picture are made from those of the original.
///
/// Each is stretched when the picture shrinks, so that every pixel counts (antialiasing).
///
/// - Same as: Pillow's filters of the same names; `bilinear` is torchvision's default.
public enum ResizeFilter: String, Sendable, Codable, CaseIterable {
    /// The mean of the pixels that are covered.
    case box
    /// A tent of two pixels.
    case bilinear
    /// A cubic of four pixels with a = -1/2 (Keys, 1981).
    case bicubic
    /// A windowed sinc of six pixels.
    case lanczos

    /// How far the filter reaches from its middle when the size stays.
    var support: Double {
        switch self {
        case .box: 0.5
        case .bilinear: 1
        case .bicubic: 2
        case .lanczos: 3
        }
    }

    func weight(_ distance: Double) -> Double {
        let x = abs(distance)
        switch self {
        case .box: return distance > -0.5 && distance <= 0.5 ? 1 : 0
        case .bilinear: return x < 1 ? 1 - x : 0
        case .bicubic:
            if x < 1 { return (1.5 * x - 2.5) * x * x + 1 }
            return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0
        case .lanczos:
            return distance >= -3 && distance < 3
                ? Self.sinc(distance) * Self.sinc(distance / 3) : 0
        }
    }

    private static func sinc(_ x: Double) -> Double {
        x == 0 ? 1 : sin(.pi * x) / (.pi * x)
    }
}

/// For each new pixel along one axis: the first old pixel it is made of, and their weights.
struct ResizeWeights {
    /// The first old pixel for each new one.
    var starts: [Int] = []
    /// How many old pixels each new one is made of.
    var counts: [Int] = []
    /// `stride` weights for each new pixel; they sum to 1.
    var weights: [Double] = []
    /// The largest of `counts`.
    var stride: Int

    init(from oldSize: Int, to newSize: Int, _ filter: ResizeFilter) {
        let scale = Double(oldSize) / Double(newSize)
        let stretch = max(scale, 1)
        let support = filter.support * stretch
        stride = Int(support.rounded(.up)) * 2 + 1
        weights.reserveCapacity(newSize * stride)
        for position in 0..<newSize {
            let middle = (Double(position) + 0.5) * scale
            let start = max(0, Int(middle - support + 0.5))
            let end = min(oldSize, Int(middle + support + 0.5))
            var row = (start..<max(start, end)).map {
                filter.weight((Double($0) - middle + 0.5) / stretch)
            }
            let sum = row.reduce(0, +)
            if sum != 0 { row = row.map { $0 / sum } }
            starts.append(start)
            counts.append(row.count)
            weights += row + [Double](repeating: 0, count: max(0, stride - row.count))
        }
    }

    /// The weights in fixed point with 22 binary places, rounded half away from zero.
    var fixed: [Int32] {
        weights.map { Int32(($0 * 4_194_304).rounded(.toNearestOrAwayFromZero)) }
    }
}
