/// Normalises each channel over the batch, then scales and shifts it.
///
///     y = (x − mean) / √(variance + ε) · weight + bias
///
/// Training traces take mean and variance of the batch and move the running statistics towards them,
/// `running = (1 − momentum) · running + momentum · batch`; inference traces take the running ones.
///
/// - Shapes: `x` is `[N, C, H, W]` or `[N, C]`; the result has its shape.
/// - Creates: `weight` (ones), `bias` (zeros), `running_mean` (zeros) and `running_var` (ones), all `[C]`.
/// - Errors: the trace reports fewer than two axes or another `C` than before.
/// - Same as: `torch.nn.BatchNorm2d`. For Keras set `momentum` to 1 − its momentum, `epsilon` to 1e-3,
///   and `unbiasedRunningVariance` to false.
/// - Source: Ioffe & Szegedy, arXiv:1502.03167.
public final class BatchNorm2D: Layer {
    /// The weight of the new batch in the running statistics.
    public let momentum: Double
    /// Added to the variance.
    public let epsilon: Double
    private let unbiasedRunningVariance: Bool
    private let weight: Parameter?, bias: Parameter?
    private let runningMean = Parameter(trainable: false, name: "running_mean")
    private let runningVariance = Parameter(trainable: false, name: "running_var")

    /// Makes a layer.
    ///
    /// - Parameters:
    ///   - isAffine: Whether to scale and shift.
    ///   - unbiasedRunningVariance: PyTorch's rule; Keras keeps the biased variance.
    public init(
        momentum: Double = 0.1, epsilon: Double = 1e-5, isAffine: Bool = true,
        unbiasedRunningVariance: Bool = true
    ) {
        precondition(epsilon > 0, "BatchNorm2D: epsilon must be positive, got \(epsilon)")
        (self.momentum, self.epsilon) = (momentum, epsilon)
        self.unbiasedRunningVariance = unbiasedRunningVariance
        weight = isAffine ? Parameter() : nil
        bias = isAffine ? Parameter() : nil
    }

    /// Applies the layer.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        running(x) {
            guard x.rank >= 2 else {
                return mistake(
                    "batchNorm(\(x.type))", like: x, expected: "at least 2 axes, [N, C, H, W]",
                    received: "\(x.rank)")
            }
            let channels = x.shape[1]
            if let known = runningMean.type?.shape[0], known != channels {
                return mistake(
                    "batchNorm(\(x.type))", like: x,
                    expected: "\(known) on axis 1 (channels), fixed by the first trace",
                    received: "\(channels)", fix: "build the model with the new size")
            }
            let scale = weight?([channels], .ones, dtype: x.dtype)
            let shift = bias?([channels], .zeros, dtype: x.dtype)
            let mean = runningMean([channels], .zeros, dtype: x.dtype)
            let variance = runningVariance([channels], .ones, dtype: x.dtype)
            guard TraceContext.current.trace?.mode == .training else {
                return batchNorm(
                    x, mean: mean, variance: variance, weight: scale, bias: shift,
                    epsilon: epsilon)
            }
            let batch = batchStatistics(x, unbiased: unbiasedRunningVariance)
            runningMean.assign(mean * (1 - momentum) + batch.mean * momentum)
            runningVariance.assign(variance * (1 - momentum) + batch.variance * momentum)
            return batchNorm(x, weight: scale, bias: shift, epsilon: epsilon)
        }
    }
}
