import MartletGraph

/// How `Upsampling2D` makes pixels between pixels.
public enum UpsamplingMode: String, Hashable, Sendable {
    /// Each pixel repeated.
    case nearest
    /// Straight lines between the centres of pixels; beyond the outermost centres, the edge.
    case bilinear
}

/// Makes pictures larger by whole factors.
///
/// - Shapes: `[N, C, H, W]` gives `[N, C, scale·H, scale·W]`.
/// - Same as: `torch.nn.Upsample(scale_factor, mode)` with `align_corners=False`, Keras
///   `UpSampling2D(size, interpolation)`.
public final class Upsampling2D: Layer {
    /// The factors for height and width.
    public let scale: [Int]
    /// How new pixels are made.
    public let mode: UpsamplingMode

    /// Makes a layer.
    public init(_ scale: some SizePair, mode: UpsamplingMode = .nearest) {
        self.scale = checkedPair(scale, "Upsampling2D: scale")
        self.mode = mode
    }

    /// The settings as the structure print shows them.
    public var layerSettings: String {
        let text = SettingsText(SettingsText.pair(scale)).text
        return mode == .nearest ? text : "\(text), mode: .\(mode)"
    }

    /// Applies the layer.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        running(x) { upsample2D(x, scale, mode: mode) }
    }
}

/// Pictures made larger by whole factors; see `Upsampling2D`.
public func upsample2D(
    _ x: Tensor, _ scale: some SizePair, mode: UpsamplingMode = .nearest,
    file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    named("upsample2D", file, line) {
        if let wrong = requirePictures("upsample2D", x) { return wrong }
        let (size, scale) = (x.shape, scale.heightAndWidth)
        guard scale.count == 2, scale.allSatisfy({ (1...1 << 20).contains($0) }) else {
            return mistake(
                "upsample2D(\(x.type), \(scale))", like: x,
                expected: "one or two factors of 1 or more", received: "\(scale)")
        }
        if scale == [1, 1] || size.contains(0) && mode == .bilinear { return x }
        switch mode {
        case .nearest:
            let split = x.reshaped([size[0], size[1], size[2], 1, size[3], 1])
            let wide = split.broadcast(
                to: [size[0], size[1], size[2], scale[0], size[3], scale[1]])
            return wide.reshaped([size[0], size[1], size[2] * scale[0], size[3] * scale[1]])
        case .bilinear:
            let columns = matmul(x, blendingMatrix(size[3], scale[1], x.dtype).transposed)
            let rows = blendingMatrix(size[2], scale[0], x.dtype).transposed
            return matmul(columns.transposed, rows).transposed
        }
    }
}

/// A matrix `[size · scale, size]` whose rows blend the two nearest of `size` pixels.
private func blendingMatrix(_ size: Int, _ scale: Int, _ dtype: DataType) -> Tensor {
    var values = [Double](repeating: 0, count: size * scale * size)
    for output in 0..<size * scale {
        let centre = max(0, (Double(output) + 0.5) / Double(scale) - 0.5)
        let low = min(Int(centre), size - 1)
        let high = min(low + 1, size - 1)
        let share = min(centre - Double(low), 1)
        values[output * size + low] += 1 - share
        values[output * size + high] += share
    }
    if dtype == .float64 { return Tensor(HostTensor(values, shape: [size * scale, size])) }
    return Tensor(HostTensor(values.map { Float($0) }, shape: [size * scale, size]))
}
