/// Adds a border of zeros around pictures.
///
/// - Shapes: `[N, C, H, W]` gives `[N, C, H + top + bottom, W + left + right]`.
/// - Units: pixels.
/// - Same as: `torch.nn.ZeroPad2d`, Keras `ZeroPadding2D`.
public final class ZeroPadding2D: Layer {
    /// Rows and columns that are added at each side.
    public let top: Int, bottom: Int, left: Int, right: Int

    /// Adds the given rows and columns.
    public init(top: Int = 0, bottom: Int = 0, left: Int = 0, right: Int = 0) {
        precondition(
            [top, bottom, left, right].allSatisfy { (0...1 << 20).contains($0) },
            "ZeroPadding2D: widths must be 0 or more, got \([top, bottom, left, right])")
        (self.top, self.bottom, self.left, self.right) = (top, bottom, left, right)
    }

    /// Adds the same at opposite sides: one number, or rows above and below, then columns.
    public convenience init(_ size: some SizePair) {
        let pair = size.heightAndWidth
        precondition(pair.count == 2, "ZeroPadding2D: size must be one or two numbers, got \(pair)")
        self.init(top: pair[0], bottom: pair[0], left: pair[1], right: pair[1])
    }

    /// The settings as the structure print shows them.
    public var layerSettings: String {
        if top == bottom, left == right { return SettingsText.pair([top, left]) }
        return "top: \(top), bottom: \(bottom), left: \(left), right: \(right)"
    }

    /// Applies the layer.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        running(x) {
            if let wrong = requirePictures("zeroPadding2D", x) { return wrong }
            return x.padded([(0, 0), (0, 0), (top, bottom), (left, right)])
        }
    }
}
