import MartletGraph

/// How gradients are held small before a rule sees them.
///
///     Adam().clipped(by: .globalNorm(1))
public struct GradientClipping: Hashable, Sendable {
    /// How the size of a gradient is measured.
    public enum Norm: Hashable, Sendable {
        /// The root of the sum of squares.
        case euclidean
        /// The sum of sizes.
        case sum
        /// The largest size.
        case largest
        /// (Σ |g|ᵖ)^(1/p).
        case power(Float)
    }

    enum Kind: Hashable, Sendable {
        case value
        case norm
        case globalNorm
    }

    let kind: Kind
    /// The largest value or norm that is left as it is.
    public let limit: Float
    /// How sizes are measured.
    public let norm: Norm
    /// What is added to a norm before it divides.
    public let epsilon: Float

    /// Each number is held from −limit to limit.
    ///
    /// - Same as: `torch.nn.utils.clip_grad_value_`; Keras' `clipvalue`; Paddle's `ClipGradByValue`.
    public static func value(_ limit: Float) -> GradientClipping {
        GradientClipping(.value, limit, .euclidean, 0)
    }

    /// Each parameter's gradient is scaled by min(1, limit / its norm).
    ///
    /// - Same as: Keras' `clipnorm`; Paddle's `ClipGradByNorm`.
    public static func norm(
        _ limit: Float, _ norm: Norm = .euclidean, epsilon: Float = 0
    ) -> GradientClipping {
        GradientClipping(.norm, limit, norm, epsilon)
    }

    /// All gradients are scaled by min(1, limit / (norm of all together + epsilon)).
    ///
    /// - Same as: `torch.nn.utils.clip_grad_norm_` with its 1e-6; with epsilon 0, Keras'
    ///   `global_clipnorm` and Paddle's `ClipGradByGlobalNorm`.
    /// - Source: Pascanu, Mikolov & Bengio, arXiv:1211.5063.
    public static func globalNorm(
        _ limit: Float, _ norm: Norm = .euclidean, epsilon: Float = 1e-6
    ) -> GradientClipping {
        GradientClipping(.globalNorm, limit, norm, epsilon)
    }

    private init(_ kind: Kind, _ limit: Float, _ norm: Norm, _ epsilon: Float) {
        precondition(limit > 0, "GradientClipping: the limit must be positive, got \(limit)")
        (self.kind, self.limit, self.norm, self.epsilon) = (kind, limit, norm, epsilon)
    }

    /// The clipped gradients, and with `globalNorm` their norm before as f32.
    public func callAsFunction(_ gradients: [Tensor]) -> (gradients: [Tensor], norm: Tensor?) {
        switch kind {
        case .value:
            let limit = Double(limit)
            return (gradients.map { clamp($0, min: -limit, max: limit) }, nil)
        case .norm:
            return (gradients.map { $0 * scale(norm.of([$0])).cast(to: $0.dtype) }, nil)
        case .globalNorm:
            guard !gradients.isEmpty else { return ([], Tensor(0)) }
            let size = norm.of(gradients)
            let scale = scale(size)
            return (gradients.map { $0 * scale.cast(to: $0.dtype) }, size.cast(to: .float32))
        }
    }

    private func scale(_ size: Tensor) -> Tensor {
        minimum(limit / (epsilon == 0 ? size : size + epsilon), 1)
    }
}

extension GradientClipping.Norm {
    /// The norm of all tensors as if they were one, in the type of the first.
    func of(_ tensors: [Tensor]) -> Tensor {
        let type = tensors.first?.dtype ?? .float32
        func total(_ part: (Tensor) -> Tensor) -> Tensor {
            let parts = tensors.map { part($0).cast(to: type) }
            return parts.dropFirst().reduce(parts.first ?? 0) { $0 + $1 }
        }
        switch self {
        case .euclidean: return sqrt(total { ($0 * $0).sum() })
        case .sum: return total { abs($0).sum() }
        case .largest:
            let parts = tensors.map { abs($0).max().cast(to: type) }
            return parts.dropFirst().reduce(parts.first ?? 0) { maximum($0, $1) }
        case .power(let exponent):
            return pow(total { pow(abs($0), exponent).sum() }, 1 / Double(exponent))
        }
    }
}
