/// Slides `filters` small kernels over a batch of pictures and adds one bias per filter.
///
///     y[n,f,i,j] = bias[f] + Σ x[n, c, i·s+u·d−p, j·s+v·d−p] · weight[f,c,u,v]   over c,u,v
///
/// - Shapes: `x` is `[N, C, H, W]`; the result is `[N, filters, H', W']`,
///   `H' = ⌊(H + 2p − d(k−1) − 1)/s⌋ + 1`.
/// - Creates: `weight` `[filters, C/groups, k, k]` and `bias` `[filters]`, on the first trace.
/// - Units: `kernelSize`, `stride`, `padding` and `dilation` in pixels, one number or two.
/// - Errors: the trace reports rank ≠ 4, a kernel larger than the padded picture, or another `C` than
///   before.
/// - Same as: `torch.nn.Conv2d(C, filters, k)`; Keras `Conv2D` in channels-first order.
/// - Source: Dumoulin & Visin, arXiv:1603.07285.
public final class Conv2D: Layer {
    /// The number of kernels.
    public let filters: Int
    /// Height and width of the kernels.
    public let kernelSize: [Int]
    /// Applied at the end.
    public let activation: Activation
    private let stride: [Int], dilation: [Int]
    private let padding: Padding
    private let groups: Int
    private let inputChannels: Int?
    private let initialization: Initialization
    private let weight = Parameter()
    private let bias: Parameter?

    /// Makes a layer.
    ///
    /// - Parameters:
    ///   - filters: The number of kernels, and of channels of the result.
    ///   - kernelSize: Height and width of the kernels.
    ///   - stride: The pixels from one place of the kernel to the next.
    ///   - padding: `.valid` for none, `.same` for a result of ⌈size / stride⌉, or the pixels on each
    ///     side.
    ///   - dilation: The pixels from one number of the kernel to the next; 1 leaves no gaps.
    ///   - groups: Splits channels and filters; with as many groups as channels it is depthwise.
    ///   - activation: Applied to the result.
    ///   - usesBias: Whether each filter adds a number of its own.
    ///   - inputChannels: An assertion about the channels of the input, otherwise inferred.
    ///   - initialization: PyTorch's first values or Keras'.
    public init(
        _ filters: Int, kernelSize: some SizePair, stride: some SizePair = 1,
        padding: Padding = .valid, dilation: some SizePair = 1, groups: Int = 1,
        activation: Activation = .identity, usesBias: Bool = true, inputChannels: Int? = nil,
        initialization: Initialization = .fanIn
    ) {
        precondition(filters > 0, "Conv2D: filters must be positive, got \(filters)")
        precondition(groups > 0, "Conv2D: groups must be positive, got \(groups)")
        precondition(
            filters % groups == 0, "Conv2D: \(filters) filters do not divide into \(groups) groups")
        (self.filters, self.activation, self.padding) = (filters, activation, padding)
        self.kernelSize = checkedPair(kernelSize, "Conv2D: kernelSize")
        self.stride = checkedPair(stride, "Conv2D: stride")
        self.dilation = checkedPair(dilation, "Conv2D: dilation")
        (self.groups, self.inputChannels) = (groups, inputChannels)
        self.initialization = initialization
        bias = usesBias ? Parameter() : nil
    }

    /// The settings as the structure print shows them.
    public var layerSettings: String {
        let channels = inputChannels ?? weight.type.map { $0.shape[1] * groups }
        return SettingsText(channels, filters)
            .with("kernelSize", pair: kernelSize)
            .with("stride", pair: stride, default: [1, 1])
            .with(padding)
            .with("dilation", pair: dilation, default: [1, 1])
            .with("groups", groups, default: 1)
            .with(activation)
            .with("usesBias", bias != nil, default: true).text
    }

    /// Applies the layer.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        running(x) {
            if let wrong = requirePictures("conv2D", x) { return wrong }
            let channels = x.shape[1]
            if let wrong = checkChannels(x, channels) { return wrong }
            let area = kernelSize[0] * kernelSize[1]
            let (fanIn, fanOut) = (channels / groups * area, filters / groups * area)
            let rule = initialization.weight(fanIn: fanIn, fanOut: fanOut)
            let shape = [filters, channels / groups] + kernelSize
            let offset = bias?([filters], initialization.bias(fanIn: fanIn), dtype: x.dtype)
            return activation(
                conv2D(
                    x, weight(shape, rule, dtype: x.dtype), bias: offset, stride: stride,
                    padding: padding, dilation: dilation, groups: groups))
        }
    }

    private func checkChannels(_ x: Tensor, _ channels: Int) -> Tensor? {
        let shape = weight.type?.shape ?? [filters, channels / groups] + kernelSize
        let operation = "conv2D(\(x.type), weight \(shape))"
        let fixed = weight.type.map { $0.shape[1] * groups }
        if let known = inputChannels ?? fixed, known != channels {
            return mistake(
                operation, like: x,
                expected: "\(known) on axis 1 (channels), "
                    + (inputChannels == nil ? "fixed by the first trace" : "as inputChannels says"),
                received: "\(channels)",
                fix: "leave inputChannels out, or build the model with the new size")
        }
        if channels > 0, channels % groups == 0 { return nil }
        return mistake(
            operation, like: x,
            expected: "channels on axis 1 that divide into \(groups) groups",
            received: "\(channels)")
    }
}

/// Height and width of a layer's setting, which must be positive.
func checkedPair(_ size: some SizePair, _ what: String) -> [Int] {
    let pair = size.heightAndWidth
    precondition(
        pair.count == 2 && pair.allSatisfy { (1...1 << 20).contains($0) },
        "\(what) must be one or two positive numbers, got \(pair)")
    return pair
}
