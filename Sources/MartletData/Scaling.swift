import CKernels
import Foundation

/// How the bytes of pictures become the numbers that a network takes: `byte · scale + shift`, with a
/// pair of numbers for each channel or one pair for all.
///
/// Values are computed in double precision and rounded once, so `.unit()` gives the same floats as
/// `byte / 255` in other frameworks. A scaling belongs to a trained model and is stored with it.
public struct Scaling: Hashable, Sendable, Codable {
    /// The factors, one for each channel or a single one for all.
    public let scale: [Double]
    /// What is added, one for each channel or a single one for all.
    public let shift: [Double]

    /// Collects factors and shifts.
    ///
    /// - Precondition: as many factors as shifts, at least one; all finite, no factor 0.
    public init(scale: [Double], shift: [Double]) {
        let problem = Self.problem(scale, shift)
        precondition(problem == nil, "Scaling: \(problem ?? "")")
        (self.scale, self.shift) = (scale, shift)
    }

    private static func problem(_ scale: [Double], _ shift: [Double]) -> String? {
        if scale.isEmpty || scale.count != shift.count {
            return "needs as many factors as shifts, got \(scale.count) and \(shift.count)"
        }
        let isSound =
            scale.allSatisfy { $0.isFinite && $0 != 0 && (1 / $0).isFinite }
            && shift.allSatisfy(\.isFinite)
        return isSound ? nil : "factors must be finite and not 0, shifts finite"
    }

    private enum CodingKeys: String, CodingKey { case scale, shift }

    /// Reads factors and shifts.
    ///
    /// - Errors: `DecodingError` when they cannot be used.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let scale = try values.decode([Double].self, forKey: .scale)
        let shift = try values.decode([Double].self, forKey: .shift)
        if let problem = Self.problem(scale, shift) {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: problem))
        }
        self.init(scale: scale, shift: shift)
    }

    /// The bytes as they are.
    public static let bytes = Scaling(scale: [1], shift: [0])

    /// 0 … 1, where the byte `brightest` becomes 1.
    public static func unit(brightest: UInt8 = 255) -> Scaling {
        Scaling(scale: [1 / Double(max(1, brightest))], shift: [0])
    }

    /// −1 … 1, where 0 becomes −1 and `brightest` becomes 1.
    public static func symmetric(brightest: UInt8 = 255) -> Scaling {
        Scaling(scale: [2 / Double(max(1, brightest))], shift: [-1])
    }

    /// (value − mean) / standard deviation, both for values in 0 … 1, one of each per channel.
    ///
    /// Same as `torchvision.transforms.ToTensor` and `Normalize(mean, std)`.
    ///
    /// - Precondition: as many means as deviations, at least one; deviations are positive.
    public static func standard(
        mean: [Double], standardDeviation: [Double], brightest: UInt8 = 255
    ) -> Scaling {
        precondition(
            mean.count == standardDeviation.count && standardDeviation.allSatisfy { $0 > 0 },
            "Scaling: needs a positive deviation for each mean, got \(mean), \(standardDeviation)")
        return Scaling(
            scale: standardDeviation.map { 1 / ($0 * Double(max(1, brightest))) },
            shift: zip(mean, standardDeviation).map { -$0 / $1 })
    }

    /// The factor and shift of one channel.
    ///
    /// - Precondition: there is one pair for all, or one for this channel.
    public func pair(_ channel: Int) -> (scale: Double, shift: Double) {
        let index = scale.count == 1 ? 0 : channel
        precondition(
            scale.indices.contains(index),
            "Scaling: made for \(scale.count) channels, used for channel \(channel)")
        return (scale[index], shift[index])
    }

    /// Writes the numbers of one or more pictures.
    ///
    /// - Parameters:
    ///   - pixels: the bytes, pictures × channels × height × width.
    ///   - target: as many floats.
    ///   - shape: channels, height and width of one picture.
    /// - Precondition: whole pictures, and room for them.
    public func write(
        _ pixels: UnsafeBufferPointer<UInt8>, shape: [Int],
        to target: UnsafeMutableBufferPointer<Float>
    ) {
        let plane = Self.plane(of: shape, count: pixels.count)
        precondition(
            target.count == pixels.count,
            "Scaling: \(pixels.count) bytes for \(target.count) floats")
        guard let source = pixels.baseAddress, let output = target.baseAddress else { return }
        if scale.count == 1 {
            ck_bytes_to_floats(output, source, Int64(pixels.count), scale[0], shift[0])
            return
        }
        for number in 0..<pixels.count / plane {
            let (scale, shift) = pair(number % shape[0])
            let start = number * plane
            ck_bytes_to_floats(output + start, source + start, Int64(plane), scale, shift)
        }
    }

    /// The numbers of one or more pictures.
    ///
    /// - Precondition: as for `write`.
    public func floats(_ pixels: [UInt8], shape: [Int]) -> [Float] {
        [Float](unsafeUninitializedCapacity: pixels.count) { target, count in
            pixels.withUnsafeBufferPointer { source in
                write(
                    source, shape: shape,
                    to: UnsafeMutableBufferPointer(rebasing: target[..<pixels.count]))
            }
            count = pixels.count
        }
    }

    /// The bytes that numbers came from: the nearest, 0 or 255 where they lie outside, 0 for NaN.
    ///
    /// - Precondition: whole pictures of the shape.
    public func bytes(_ values: [Float], shape: [Int]) -> [UInt8] {
        let plane = Self.plane(of: shape, count: values.count)
        return values.indices.map { index in
            let (scale, shift) = pair(index / plane % shape[0])
            let byte = ((Double(values[index]) - shift) / scale).rounded()
            return byte > 0 ? UInt8(min(255, byte)) : 0
        }
    }

    /// Scales numbers in units of bytes in place, for mixtures of pictures.
    func rescale(_ values: UnsafeMutableBufferPointer<Float>, channels: Int) {
        let plane = values.count / channels
        for channel in 0..<channels {
            let (scale, shift) = pair(channel)
            for index in channel * plane..<(channel + 1) * plane {
                values[index] = Float(Double(values[index]) * scale + shift)
            }
        }
    }

    /// The bytes of one channel of one picture.
    private static func plane(of shape: [Int], count: Int) -> Int {
        precondition(
            shape.count == 3 && shape.allSatisfy { $0 > 0 }
                && count % shape.reduce(1, *) == 0,
            "Scaling: \(count) values are no whole pictures of the shape \(shape)")
        return shape[1] * shape[2]
    }
}

extension Scaling: CustomStringConvertible {
    /// The rule in words of arithmetic, as "pixel / 255".
    public var description: String {
        let divisors = scale.map { Self.text(1 / $0) }
        if shift.allSatisfy({ $0 == 0 }) {
            if divisors == ["1"] { return "pixel" }
            return "pixel / \(Self.list(divisors))"
        }
        if Set(scale).count == 1 && Set(shift).count == 1 && shift[0] == -1 {
            return "pixel / \(divisors[0]) - 1"
        }
        let means = zip(scale, shift).map { Self.text(-$1 / $0 / 255) }
        let deviations = scale.map { Self.text(1 / ($0 * 255)) }
        return "(pixel / 255 - \(Self.list(means))) / \(Self.list(deviations))"
    }

    private static func text(_ number: Double) -> String { String(format: "%.4g", number) }

    private static func list(_ numbers: [String]) -> String {
        Set(numbers).count == 1 ? numbers[0] : "[\(numbers.joined(separator: ", "))]"
    }
}
