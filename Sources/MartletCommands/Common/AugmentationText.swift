import ArgumentParser
import MartletData

/// A random change of pictures as it is written on the command line: `rotate=10`, `scale=0.9:1.1`.
///
/// One number `a` stands for −a … a where 0 changes nothing, and for 1−a … 1+a where 1 does.
struct AugmentationText: ExpressibleByArgument {
    let step: AugmentationStep

    /// The names of the steps.
    static let names = [
        "flip", "flip-vertical", "crop", "rotate", "shift", "scale", "stretch", "shear", "elastic",
        "brightness", "contrast", "saturation", "noise", "invert", "erase", "cutout",
    ]

    /// A few of them for help.
    static let examples = "flip, crop=4, rotate=10, shift=2, scale=0.9:1.1, noise=5, cutout=8"

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard let name = parts.first, parts.count == 2 || !argument.contains("=") else {
            return nil
        }
        let numbers = parts.count == 2 ? Self.numbers(parts[1]) : []
        guard let numbers, let step = Self.step(name, numbers), step.problem == nil else {
            return nil
        }
        self.step = step
    }

    private static func numbers(_ text: String) -> [Double]? {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = fields.compactMap { Double($0) }.filter(\.isFinite)
        return numbers.count == fields.count && numbers.count <= 2 ? numbers : nil
    }

    private static func step(_ name: String, _ numbers: [Double]) -> AugmentationStep? {
        let first = numbers.first
        switch name {
        case "flip": return .flipHorizontally(probability: first ?? 0.5)
        case "flip-vertical": return .flipVertically(probability: first ?? 0.5)
        case "invert": return .invert(probability: first ?? 0.5)
        case "erase": return .erase(probability: first ?? 0.5)
        case "crop": return whole(first ?? 4).map { .crop(padding: $0) }
        case "cutout": return whole(first ?? 8).map { .cutout(size: $0) }
        case "elastic":
            return .elastic(alpha: first ?? 8, sigma: numbers.count == 2 ? numbers[1] : 4)
        case "noise":
            return range(numbers, least: 0, around: nil).map { .noise(standardDeviation: $0) }
        default: break
        }
        let isFactor = ["scale", "stretch", "brightness", "contrast", "saturation"].contains(name)
        guard let range = range(numbers, least: nil, around: isFactor ? 1 : 0) else { return nil }
        switch name {
        case "rotate": return .rotate(degrees: range)
        case "shift": return .shift(x: range, y: range)
        case "shear": return .shear(x: range)
        case "scale": return .scale(range)
        case "stretch": return .stretch(x: range, y: range)
        case "brightness": return .brightness(range)
        case "contrast": return .contrast(range)
        case "saturation": return .saturation(range)
        default: return nil
        }
    }

    private static func whole(_ number: Double) -> Int? {
        number == number.rounded() && abs(number) < 1e6 ? Int(number) : nil
    }

    /// `a:b`, or what one number stands for.
    private static func range(
        _ numbers: [Double], least: Double?, around middle: Double?
    ) -> ClosedRange<Double>? {
        guard let first = numbers.first else { return nil }
        let low = numbers.count == 2 ? first : least ?? (middle ?? 0) - first
        let high = numbers.count == 2 ? numbers[1] : (middle ?? 0) + first
        return low <= high ? low...high : nil
    }
}
