/// Sums over the bytes of pictures, for their mean and deviation; exact, in any order.
public struct PixelSums: Hashable, Sendable {
    /// The number of bytes of each channel.
    public private(set) var count: UInt64 = 0
    /// The sum of the bytes, by channel.
    public private(set) var sums: [UInt64]
    /// The sum of the squares of the bytes, by channel.
    public private(set) var squares: [UInt64]

    /// Starts with no pictures.
    ///
    /// - Precondition: `channels` is positive.
    public init(channels: Int) {
        precondition(channels > 0, "PixelSums: channels must be positive, got \(channels)")
        sums = [UInt64](repeating: 0, count: channels)
        squares = sums
    }

    /// Adds whole pictures, channels × height × width each.
    ///
    /// - Precondition: the bytes are whole pictures of the shape, with the channels of the sums.
    public mutating func add(_ pixels: UnsafeBufferPointer<UInt8>, shape: [Int]) {
        precondition(
            shape.count == 3 && shape.allSatisfy { $0 > 0 } && shape[0] == sums.count
                && pixels.count % shape.reduce(1, *) == 0,
            "PixelSums: \(pixels.count) bytes are no whole pictures of the shape \(shape)")
        let plane = shape[1] * shape[2]
        for (number, start) in stride(from: 0, to: pixels.count, by: plane).enumerated() {
            var (sum, square) = (UInt64(0), UInt64(0))
            // Short runs, so that 32 bits are enough inside of one.
            for low in stride(from: start, to: start + plane, by: 4096) {
                var (part, partSquare) = (UInt32(0), UInt32(0))
                for index in low..<min(low + 4096, start + plane) {
                    let byte = UInt32(pixels[index])
                    part &+= byte
                    partSquare &+= byte &* byte
                }
                sum += UInt64(part)
                square += UInt64(partSquare)
            }
            sums[number % shape[0]] += sum
            squares[number % shape[0]] += square
        }
        count += UInt64(pixels.count / shape[0])
    }

    /// Adds whole pictures, channels × height × width each.
    ///
    /// - Precondition: as for the other form.
    public mutating func add(_ pixels: [UInt8], shape: [Int]) {
        pixels.withUnsafeBufferPointer { add($0, shape: shape) }
    }

    /// Adds the sums of other pictures with as many channels.
    public mutating func add(_ other: PixelSums) {
        precondition(
            other.sums.count == sums.count,
            "PixelSums: \(sums.count) channels and \(other.sums.count)")
        count += other.count
        for channel in sums.indices {
            sums[channel] += other.sums[channel]
            squares[channel] += other.squares[channel]
        }
    }

    /// The mean of each channel, in bytes; 0 without pictures.
    public var means: [Double] {
        sums.map { count == 0 ? 0 : Double($0) / Double(count) }
    }

    /// The standard deviation of each channel over all its pixels, in bytes.
    public var standardDeviations: [Double] {
        sums.indices.map { channel in
            guard count > 0 else { return 0 }
            // n·Σx² − (Σx)² in whole numbers of 128 bits, so that nothing cancels.
            let (first, second) = (
                count.multipliedFullWidth(by: squares[channel]),
                sums[channel].multipliedFullWidth(by: sums[channel])
            )
            let (low, borrow) = first.low.subtractingReportingOverflow(second.low)
            let high = first.high - second.high - (borrow ? 1 : 0)
            let scaled = Double(high) * 0x1p64 + Double(low)
            return scaled.squareRoot() / Double(count)
        }
    }
}

extension Scaling {
    /// Takes away the measured mean and divides by the measured deviation, channel by channel.
    ///
    /// A channel without any spread keeps the unit 255 for its deviation.
    public static func measured(_ sums: PixelSums) -> Scaling {
        let factors = sums.standardDeviations.map { $0 > 0 ? 1 / $0 : 1.0 / 255 }
        return Scaling(scale: factors, shift: zip(sums.means, factors).map { -$0 * $1 })
    }
}
