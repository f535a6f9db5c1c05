/// Adds what its layers give to what it was given.
///
///     y = activation(main(x) + shortcut(x))
///
/// Without a shortcut x itself is added. A shortcut brings x to the shape of the main path, usually by
/// a convolution with a kernel of 1:
///
///     Residual(activation: .relu) {
///         Conv2D(32, kernelSize: 3, stride: 2, padding: 1)
///         BatchNorm()
///     } shortcut: {
///         Conv2D(32, kernelSize: 1, stride: 2)
///     }
///
/// - Creates: what its layers create, under `main.layers.0`, … and `shortcut.layers.0`, …
/// - Errors: the trace reports two paths of different shapes.
/// - Source: He et al., arXiv:1512.03385.
public final class Residual: Layer {
    /// The layers whose result is added to the shortcut's.
    public let main: Sequential
    /// The layers beside them, `nil` for the input itself.
    public let shortcut: Sequential?
    /// Applied to the sum.
    public let activation: Activation

    /// Takes the layers of blocks.
    public init(
        activation: Activation = .identity, @LayerBuilder main: () -> [any Layer],
        @LayerBuilder shortcut: () -> [any Layer] = { [] }
    ) {
        self.main = Sequential(main())
        let beside = shortcut()
        self.shortcut = beside.isEmpty ? nil : Sequential(beside)
        self.activation = activation
    }

    /// The settings as the structure print shows them.
    public var layerSettings: String { SettingsText().with(activation).text }

    /// Applies the layer.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        running(x) {
            let (long, short) = (main(x), shortcut?(x) ?? x)
            if long.isPoisoned || short.isPoisoned { return long + short }
            guard long.type == short.type else {
                return mistake(
                    "residual(main \(long.type), shortcut \(short.type))", like: long,
                    expected: "paths of one shape", received: "\(long.shape) and \(short.shape)",
                    fix: advice(long.shape, short.shape))
            }
            return activation(long + short)
        }
    }

    /// The shortcut that would fit, where one is easy to name.
    private func advice(_ long: [Int], _ short: [Int]) -> String {
        guard shortcut == nil, long.count == 4, short.count == 4, !long.contains(0) else {
            return ""
        }
        let stride = [2, 3].map { (short[$0] + long[$0] - 1) / long[$0] }
        let fits = zip(stride, [2, 3]).allSatisfy { step, axis in
            step > 0 && (short[axis] + step - 1) / step == long[axis]
        }
        guard fits else { return "" }
        let step = stride == [1, 1] ? "" : ", stride: \(SettingsText.pair(stride))"
        return "give a shortcut: Conv2D(\(long[1]), kernelSize: 1\(step))"
    }
}
