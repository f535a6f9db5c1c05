/// How a layer chooses the first values of its weights and biases from their sizes.
///
///     Dense(10, initialization: .glorot)
///     Conv2D(32, kernelSize: 3, initialization: .init(weight: .kaimingNormal()))
///
/// *Fan-in* is the number of inputs of one result: the columns of a matrix, channels / groups times
/// the kernel's area for a convolution. *Fan-out* is the same for the way back.
public struct Initialization: Hashable, Sendable {
    /// PyTorch's default: weights and biases uniform within ±1/√fanIn.
    ///
    /// PyTorch calls it Kaiming-uniform with a = √5.
    public static let fanIn = Initialization(weight: .fanInUniform, bias: .fanInUniform)
    /// Keras' default: weights Glorot-uniform (the same as Xavier-uniform) and biases zero.
    public static let glorot = Initialization(weight: .xavierUniform())

    /// The rule for weights.
    public var weightRule: InitializationRule
    /// The rule for biases.
    public var biasRule: InitializationRule

    /// Collects two rules; biases are zero unless told.
    public init(weight: InitializationRule, bias: InitializationRule = .values(.zeros)) {
        (weightRule, biasRule) = (weight, bias)
    }

    /// The first values of weights.
    public func weight(fanIn: Int, fanOut: Int) -> Initializer {
        weightRule.initializer(fanIn: fanIn, fanOut: fanOut)
    }

    /// The first values of biases, from the fan-in of the weights beside them.
    public func bias(fanIn: Int) -> Initializer {
        biasRule.initializer(fanIn: fanIn, fanOut: fanIn)
    }
}

/// A rule that makes an `Initializer` from the number of inputs and outputs.
public enum InitializationRule: Hashable, Sendable {
    /// Which number of connections a Kaiming rule keeps the variance over.
    public enum Fan: String, Hashable, Sendable {
        case input, output
    }

    /// Uniform within ±1/√fanIn.
    case fanInUniform
    /// Uniform within ±gain · √(3/fan); √2 is the gain for relu.
    ///
    /// Source: He et al., arXiv:1502.01852. The same as Keras' `HeUniform` and PyTorch's
    /// `kaiming_uniform_(nonlinearity="relu")`; for a leaky relu the gain is √(2/(1 + slope²)).
    case kaimingUniform(fan: Fan = .input, gain: Double = 1.4142135623730951)
    /// Normal with deviation gain/√fan. Keras' `HeNormal` cuts it at two deviations.
    case kaimingNormal(fan: Fan = .input, gain: Double = 1.4142135623730951)
    /// Uniform within ±gain · √(6/(fanIn + fanOut)).
    ///
    /// Source: Glorot & Bengio, AISTATS 2010. Keras' `GlorotUniform`.
    case xavierUniform(gain: Double = 1)
    /// Normal with deviation gain · √(2/(fanIn + fanOut)).
    case xavierNormal(gain: Double = 1)
    /// The same values whatever the sizes: `.values(.zeros)`, `.values(.orthogonal())`.
    case values(Initializer)

    /// The initialiser for a layer of the given sizes.
    public func initializer(fanIn: Int, fanOut: Int) -> Initializer {
        let both = Double(max(1, fanIn + fanOut))
        switch self {
        case .fanInUniform: return .fanInUniform(fanIn)
        case .kaimingUniform(let fan, let gain):
            let count = Double(max(1, fan == .input ? fanIn : fanOut))
            return .uniform(within: gain * (3 / count).squareRoot())
        case .kaimingNormal(let fan, let gain):
            let count = Double(max(1, fan == .input ? fanIn : fanOut))
            return .normal(mean: 0, deviation: gain / count.squareRoot())
        case .xavierUniform(let gain): return .uniform(within: gain * (6 / both).squareRoot())
        case .xavierNormal(let gain):
            return .normal(mean: 0, deviation: gain * (2 / both).squareRoot())
        case .values(let initializer): return initializer
        }
    }
}

extension Initializer {
    /// Uniform within ±bound.
    fileprivate static func uniform(within bound: Double) -> Initializer {
        .uniform(from: -bound, to: bound)
    }
}
