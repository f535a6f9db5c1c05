import MartletGraph

/// A height and a width: one number for both, or a list of two.
public protocol SizePair {
    /// Height, then width.
    var heightAndWidth: [Int] { get }
}

extension Int: SizePair {
    /// The same number twice.
    public var heightAndWidth: [Int] { [self, self] }
}

extension Array: SizePair where Element == Int {
    /// The list itself, which must have two entries.
    public var heightAndWidth: [Int] { self }
}

/// The border of zeros around the pictures that a window slides over.
public enum Padding: Hashable, Sendable, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
    /// No border.
    case valid
    /// As much as makes the output ⌈size / stride⌉ large, the smaller half first (Keras' rule).
    case same
    /// Pixels before and after, each height then width.
    case explicit(low: [Int], high: [Int])

    /// The same number of pixels on all four sides.
    public static func pixels(_ count: Int) -> Padding {
        .explicit(low: [count, count], high: [count, count])
    }

    /// `height` rows above and below, `width` columns left and right.
    public static func pixels(height: Int, width: Int) -> Padding {
        .explicit(low: [height, width], high: [height, width])
    }

    /// The same number of pixels on all four sides.
    public init(integerLiteral value: Int) { self = .pixels(value) }

    /// Two numbers: rows above and below, columns left and right.
    public init(arrayLiteral elements: Int...) { self = .explicit(low: elements, high: elements) }

    /// The pixels before and after for pictures of `size`.
    func pixels(
        _ size: [Int], kernel: [Int], stride: [Int], dilation: [Int]
    ) -> (low: [Int], high: [Int]) {
        switch self {
        case .valid: return ([0, 0], [0, 0])
        case .explicit(let low, let high): return (low, high)
        case .same:
            let totals = size.indices.map { axis in
                guard [kernel, stride, dilation].allSatisfy(isSmallPair), stride[axis] > 0
                else { return 0 }
                let outputs = (size[axis] + stride[axis] - 1) / stride[axis]
                let reach = (kernel[axis] - 1) * dilation[axis] + 1
                return max((outputs - 1) * stride[axis] + reach - size[axis], 0)
            }
            return (totals.map { $0 / 2 }, totals.map { $0 - $0 / 2 })
        }
    }
}

/// True for two numbers whose products cannot overflow; the shape rules report the others.
func isSmallPair(_ numbers: [Int]) -> Bool {
    numbers.count == 2 && numbers.allSatisfy { (-1 << 30...1 << 30).contains($0) }
}

/// Reports an operand that is not a batch of pictures.
func requirePictures(_ function: String, _ x: Tensor) -> Tensor? {
    if x.isPoisoned { return x }
    if x.rank == 4 { return nil }
    return mistake(
        "\(function)(\(x.type))", like: x, expected: "pictures with 4 axes, [N, C, H, W]",
        received: "\(x.rank) axes: \(x.shape)",
        fix: x.rank == 3
            ? "add the missing axis: x.expandingShape(at: 0) or at: 1"
            : x.rank == 2 ? "give the rows a picture's shape: x.reshaped([-1, C, H, W])" : "")
}
