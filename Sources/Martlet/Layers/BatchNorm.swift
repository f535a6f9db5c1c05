/// Normalises each channel over the batch, then scales and shifts it.
///
///     y = (x − mean) / √(variance + ε) · weight + bias
///
/// Training traces take mean and variance (biased) of the batch and move the running statistics
/// towards them, `running = (1 − momentum) · running + momentum · batch`; inference traces take the
/// running ones. This is PyTorch's momentum: the weight of the *new* batch. Keras' momentum is the
/// weight of the *old* value; `BatchNorm.keras` takes that one.
///
/// - Shapes: `x` is `[N, C]`, `[N, C, H, W]` or any `[N, C, …]`; the result has its shape.
/// - Creates: `weight` (ones), `bias` (zeros), `running_mean` (zeros) and `running_var` (ones), all
///   `[C]`; the running ones are not trainable.
/// - Errors: the trace reports fewer than two axes, another `C` than before, and training on a
///   single value per channel.
/// - Same as: `torch.nn.BatchNorm1d` and `BatchNorm2d`, whose running variance is unbiased; Keras
///   `BatchNormalization`, whose running variance is biased.
/// - Source: Ioffe & Szegedy, arXiv:1502.03167.
public final class BatchNorm: Layer {
    /// The weight of the new batch in the running statistics.
    public let momentum: Double
    /// Added to the variance.
    public let epsilon: Double
    private let unbiasedRunningVariance: Bool
    private let inputChannels: Int?
    private let weight: Parameter?, bias: Parameter?
    private let runningMean = Parameter(trainable: false, name: "running_mean")
    private let runningVariance = Parameter(trainable: false, name: "running_var")

    /// Makes a layer.
    ///
    /// - Parameters:
    ///   - momentum: The weight of the new value in the running statistics, as in PyTorch.
    ///   - epsilon: Is added to the variance before its root is taken.
    ///   - isAffine: Whether to scale and shift.
    ///   - unbiasedRunningVariance: PyTorch's rule; Keras keeps the biased variance.
    ///   - inputChannels: An assertion about the channels of the input, otherwise inferred.
    public init(
        momentum: Double = 0.1, epsilon: Double = 1e-5, isAffine: Bool = true,
        unbiasedRunningVariance: Bool = true, inputChannels: Int? = nil
    ) {
        precondition(epsilon > 0, "BatchNorm: epsilon must be positive, got \(epsilon)")
        precondition(
            (0...1).contains(momentum), "BatchNorm: momentum must be from 0 to 1, got \(momentum)")
        (self.momentum, self.epsilon) = (momentum, epsilon)
        self.unbiasedRunningVariance = unbiasedRunningVariance
        self.inputChannels = inputChannels
        weight = isAffine ? Parameter() : nil
        bias = isAffine ? Parameter() : nil
    }

    /// Makes a layer with Keras' conventions and defaults.
    ///
    /// - Parameters:
    ///   - momentum: The weight of the old value in the running statistics.
    ///   - epsilon: Is added to the variance before its root is taken.
    public static func keras(momentum: Double = 0.99, epsilon: Double = 1e-3) -> BatchNorm {
        BatchNorm(momentum: 1 - momentum, epsilon: epsilon, unbiasedRunningVariance: false)
    }

    /// The settings as the structure print shows them.
    public var layerSettings: String {
        SettingsText(inputChannels ?? runningMean.type?.shape[0])
            .with("momentum", momentum, default: 0.1)
            .with("epsilon", epsilon, default: 1e-5)
            .with("isAffine", weight != nil, default: true)
            .with("unbiasedRunningVariance", unbiasedRunningVariance, default: true).text
    }

    /// Applies the layer.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        running(x) {
            let isTraining = TraceContext.current.trace?.mode == .training
            if let wrong = check(x, isTraining: isTraining) { return wrong }
            let channels = x.shape[1]
            let scale = weight?([channels], .ones, dtype: x.dtype)
            let shift = bias?([channels], .zeros, dtype: x.dtype)
            let mean = runningMean([channels], .zeros, dtype: x.dtype)
            let variance = runningVariance([channels], .ones, dtype: x.dtype)
            guard isTraining else {
                return batchNorm(
                    x, mean: mean, variance: variance, weight: scale, bias: shift,
                    epsilon: epsilon)
            }
            let batch = batchStatistics(x, unbiased: unbiasedRunningVariance)
            let kept: Double = 1 - momentum
            runningMean.assign(mean * kept + batch.mean * momentum)
            runningVariance.assign(variance * kept + batch.variance * momentum)
            return batchNorm(x, weight: scale, bias: shift, epsilon: epsilon)
        }
    }

    private func check(_ x: Tensor, isTraining: Bool) -> Tensor? {
        guard x.rank >= 2 else {
            return mistake(
                "batchNorm(\(x.type))", like: x, expected: "at least 2 axes, [N, C, …]",
                received: "\(x.rank)")
        }
        if let known = inputChannels ?? runningMean.type?.shape[0], known != x.shape[1] {
            let source =
                inputChannels == nil ? "fixed by the first trace" : "as inputChannels says"
            return mistake(
                "batchNorm(\(x.type))", like: x,
                expected: "\(known) on axis 1 (channels), \(source)", received: "\(x.shape[1])",
                fix: "build the model with the new size")
        }
        let valuesPerChannel = x.shape.indices.reduce(1) { $1 == 1 ? $0 : $0 * x.shape[$1] }
        if !isTraining || !unbiasedRunningVariance || valuesPerChannel > 1 { return nil }
        return mistake(
            "batchNorm(\(x.type))", like: x,
            expected: "more than one value per channel to train on",
            received: "\(valuesPerChannel)", fix: "train on larger batches")
    }
}

/// The earlier name of `BatchNorm`, which takes rows as well as pictures.
public typealias BatchNorm2D = BatchNorm
