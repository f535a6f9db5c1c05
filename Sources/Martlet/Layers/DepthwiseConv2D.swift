/// Slides kernels of its own over each channel; channels do not mix.
///
/// - Shapes: `x` is `[N, C, H, W]`; the result is `[N, C·multiplier, H', W']`,
///   `H' = ⌊(H + 2p − d(k−1) − 1)/s⌋ + 1`. Results `multiplier·c …` belong to channel c.
/// - Creates: `weight` `[C·multiplier, 1, k, k]` and `bias` `[C·multiplier]`, on the first trace.
/// - Units: `kernelSize`, `stride`, `padding` and `dilation` in pixels, one number or two.
/// - Errors: the trace reports rank ≠ 4, a kernel larger than the padded picture, or another `C` than
///   before.
/// - Same as: `torch.nn.Conv2d(C, C * multiplier, k, groups=C)`; Keras `DepthwiseConv2D`.
/// - Source: Chollet, arXiv:1610.02357.
public final class DepthwiseConv2D: Layer {
    /// Height and width of the kernels.
    public let kernelSize: [Int]
    /// The number of kernels for each channel.
    public let multiplier: Int
    /// Applied at the end.
    public let activation: Activation
    private let stride: [Int], dilation: [Int]
    private let padding: Padding
    private let inputChannels: Int?
    private let initialization: Initialization
    private let weight = Parameter()
    private let bias: Parameter?

    /// Makes a layer.
    ///
    /// - Parameters:
    ///   - kernelSize: Height and width of the kernels.
    ///   - stride: The pixels from one place of the kernel to the next.
    ///   - padding: `.valid` for none, `.same` for a result of ⌈size / stride⌉, or the pixels on each
    ///     side.
    ///   - dilation: The pixels from one number of the kernel to the next; 1 leaves no gaps.
    ///   - multiplier: The number of kernels for each channel.
    ///   - activation: Applied to the result.
    ///   - usesBias: Whether each kernel adds a number of its own.
    ///   - inputChannels: An assertion about the channels of the input, otherwise inferred.
    ///   - initialization: PyTorch's first values, Keras', or rules of one's own.
    public init(
        kernelSize: some SizePair, stride: some SizePair = 1, padding: Padding = .valid,
        dilation: some SizePair = 1, multiplier: Int = 1, activation: Activation = .identity,
        usesBias: Bool = true, inputChannels: Int? = nil, initialization: Initialization = .fanIn
    ) {
        precondition(
            multiplier > 0, "DepthwiseConv2D: multiplier must be positive, got \(multiplier)")
        (self.multiplier, self.activation, self.padding) = (multiplier, activation, padding)
        self.kernelSize = checkedPair(kernelSize, "DepthwiseConv2D: kernelSize")
        self.stride = checkedPair(stride, "DepthwiseConv2D: stride")
        self.dilation = checkedPair(dilation, "DepthwiseConv2D: dilation")
        (self.inputChannels, self.initialization) = (inputChannels, initialization)
        bias = usesBias ? Parameter() : nil
    }

    /// The settings as the structure print shows them.
    public var layerSettings: String {
        SettingsText()
            .with("kernelSize", pair: kernelSize)
            .with("stride", pair: stride, default: [1, 1])
            .with(padding)
            .with("dilation", pair: dilation, default: [1, 1])
            .with("multiplier", multiplier, default: 1)
            .with(activation)
            .with("usesBias", bias != nil, default: true).text
    }

    /// Applies the layer.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        running(x) {
            if let wrong = requirePictures("depthwiseConv2D", x) { return wrong }
            let channels = x.shape[1]
            if let wrong = checkChannels(x, channels) { return wrong }
            let area = kernelSize[0] * kernelSize[1]
            let rule = initialization.weight(fanIn: area, fanOut: area * multiplier)
            let filters = channels * multiplier
            let offset = bias?([filters], initialization.bias(fanIn: area), dtype: x.dtype)
            return activation(
                conv2D(
                    x, weight([filters, 1] + kernelSize, rule, dtype: x.dtype), bias: offset,
                    stride: stride, padding: padding, dilation: dilation, groups: channels))
        }
    }

    private func checkChannels(_ x: Tensor, _ channels: Int) -> Tensor? {
        let fixed = weight.type.map { $0.shape[0] / multiplier }
        let known = inputChannels ?? fixed ?? max(1, channels)
        if known == channels { return nil }
        let source =
            inputChannels != nil
            ? ", as inputChannels says" : fixed != nil ? ", fixed by the first trace" : " or more"
        return mistake(
            "depthwiseConv2D(\(x.type), kernelSize \(kernelSize))", like: x,
            expected: "\(known) on axis 1 (channels)\(source)", received: "\(channels)",
            fix: "leave inputChannels out, or build the model with the new size")
    }
}
