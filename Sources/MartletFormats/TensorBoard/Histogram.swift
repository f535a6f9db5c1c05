/// How many numbers lie between limits that grow by a tenth from step to step, as in TensorBoard.
///
/// - Source: the limits of `tensorflow/core/lib/histogram/histogram.cc`: 1e-12 · 1.1ⁿ up to 1e20,
///   with both signs.
public struct Histogram: Hashable, Sendable {
    /// The smallest and the largest number.
    public var smallest = 0.0, largest = 0.0
    /// How many numbers there are.
    public var count = 0.0
    /// The sum of the numbers and of their squares.
    public var sum = 0.0, sumOfSquares = 0.0
    /// The upper end of each bucket.
    public var limits: [Double] = []
    /// How many numbers each bucket holds.
    public var counts: [Double] = []

    /// Counts numbers; those that are not finite are left out.
    public init(_ numbers: some Sequence<Double>) {
        var counts = [Double](repeating: 0, count: Self.limits.count)
        for number in numbers where number.isFinite {
            counts[Self.bucket(number)] += 1
            smallest = count == 0 ? number : min(smallest, number)
            largest = count == 0 ? number : max(largest, number)
            count += 1
            sum += number
            sumOfSquares += number * number
        }
        keepFilled(counts)
    }

    private static let limits: [Double] = {
        var positive: [Double] = []
        var limit = 1e-12
        while limit < 1e20 {
            positive.append(limit)
            limit *= 1.1
        }
        positive.append(.greatestFiniteMagnitude)
        return positive.reversed().map { -$0 } + [0] + positive
    }()

    /// The first bucket whose limit is above the number.
    private static func bucket(_ number: Double) -> Int {
        var (low, high) = (0, limits.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if limits[middle] > number { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Keeps the filled buckets, and one empty bucket for each run of empty ones.
    private mutating func keepFilled(_ all: [Double]) {
        var index = 0
        while index < all.count {
            let start = index
            while all[index] == 0, index + 1 < all.count { index += 1 }
            if index > start, all[index] != 0 {
                limits.append(Self.limits[index - 1])
                counts.append(0)
            }
            limits.append(Self.limits[index])
            counts.append(all[index])
            index += 1
        }
    }

    init(_ field: ProtobufField) throws(FormatError) {
        var reader = try field.reader("a histogram")
        while let field = try reader.next() {
            switch field.number {
            case 1: smallest = try field.double()
            case 2: largest = try field.double()
            case 3: count = try field.double()
            case 4: sum = try field.double()
            case 5: sumOfSquares = try field.double()
            case 6: try field.doubles(into: &limits)
            case 7: try field.doubles(into: &counts)
            default: break
            }
        }
    }

    func write(_ writer: inout ProtobufWriter) {
        for (index, number) in [smallest, largest, count, sum, sumOfSquares].enumerated() {
            writer.double(index + 1, number)
        }
        writer.doubles(6, limits)
        writer.doubles(7, counts)
    }
}
