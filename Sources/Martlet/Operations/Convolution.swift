import MartletGraph

/// Slides small kernels over a batch of pictures.
///
///     y[n,o,i,j] = bias[o] + Σ x[n, c, i·s+u·d−p, j·s+v·d−p] · weight[o,c,u,v]   over c,u,v
///
/// - Shapes: `x` is `[N, C, H, W]`, `weight` is `[O, C/groups, KH, KW]`, `bias` is `[O]`; the result
///   is `[N, O, H', W']`, `H' = ⌊(H + 2p − d(KH−1) − 1)/s⌋ + 1`.
/// - Units: padding, stride and dilation in pixels, one number or height and width.
/// - Errors: another number of axes or channels, or a kernel larger than the padded picture.
/// - Same as: `torch.nn.functional.conv2d`.
public func conv2D(
    _ x: Tensor, _ weight: Tensor, bias: Tensor? = nil, stride: some SizePair = 1,
    padding: Padding = .valid, dilation: some SizePair = 1, groups: Int = 1,
    file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    named("conv2D", file, line) {
        if let wrong = requirePictures("conv2D", x) { return wrong }
        let kernel = Array(weight.shape.dropFirst(2))
        let (stride, dilation) = (stride.heightAndWidth, dilation.heightAndWidth)
        let pixels = padding.pixels(
            Array(x.shape[2...]), kernel: kernel, stride: stride, dilation: dilation)
        let result = apply(
            .conv2D(
                Conv2DAttributes(
                    stride: stride, paddingLow: pixels.low, paddingHigh: pixels.high,
                    dilation: dilation, groups: groups)), x, weight)
        guard let bias, !result.isPoisoned else { return result }
        guard bias.isPoisoned || bias.shape == [result.shape[1]] else {
            return mistake(
                "conv2D(\(x.type), \(weight.type), bias \(bias.type))", like: result,
                expected: "a bias of shape [\(result.shape[1])], one number per filter",
                received: "\(bias.shape)")
        }
        return result + bias.reshaped([result.shape[1], 1, 1])
    }
}
