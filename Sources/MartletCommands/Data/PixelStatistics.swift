import Martlet
import MartletData

/// The values of the pixels of a data set, all pictures read once.
struct PixelStatistics: Encodable {
    /// The least value as it is kept.
    private(set) var least = Double.infinity
    /// The greatest value as it is kept.
    private(set) var greatest = -Double.infinity
    /// The value that stands for full brightness.
    private(set) var brightest = 1.0
    /// The mean of each channel, for values in 0 … 1.
    private(set) var mean: [Double] = []
    /// The standard deviation of each channel, for values in 0 … 1.
    private(set) var standardDeviation: [Double] = []

    /// Reads a data set.
    ///
    /// - Errors: of the source, for a picture that cannot be read.
    init(_ data: Dataset) throws {
        if data.pixelType == .float32 {
            try readNumbers(data)
        } else {
            try readBytes(data)
        }
        if data.count == 0 { (least, greatest) = (0, 0) }
    }

    private mutating func readBytes(_ data: Dataset) throws {
        brightest = Double(data.brightest)
        var sums = PixelSums(channels: data.imageShape[0])
        var (low, high) = (UInt8.max, UInt8.min)
        for index in data.indices {
            let bytes = try data.image(index)
            sums.add(bytes, shape: data.imageShape)
            low = min(low, bytes.min() ?? low)
            high = max(high, bytes.max() ?? high)
        }
        (least, greatest) = (Double(low), Double(high))
        mean = sums.means.map { $0 / brightest }
        standardDeviation = sums.standardDeviations.map { $0 / brightest }
    }

    private mutating func readNumbers(_ data: Dataset) throws {
        let channels = data.imageShape[0]
        let plane = data.imageSize / max(1, channels)
        var sums = [Double](repeating: 0, count: channels)
        var squares = sums
        for index in data.indices {
            for (place, value) in try data.pixels(index..<index + 1).enumerated() {
                let value = Double(value)
                (least, greatest) = (min(least, value), max(greatest, value))
                sums[place / plane] += value
                squares[place / plane] += value * value
            }
        }
        let count = Double(max(1, data.count * plane))
        mean = sums.map { $0 / count }
        standardDeviation = zip(squares, mean).map { (max(0, $0 / count - $1 * $1)).squareRoot() }
    }
}
