import Foundation
import MartletGraph

/// What a model gives for the pictures of a data set.
public struct Predictions: Hashable, Sendable {
    /// The model's results, the examples along the first axis, as f32.
    public let outputs: HostTensor
    /// What the results mean.
    public let meaning: Loss.Output

    /// Wraps results.
    ///
    /// - Precondition: `outputs` is f32 with at least one axis.
    public init(outputs: HostTensor, meaning: Loss.Output) {
        precondition(
            outputs.type.dtype == .float32 && outputs.type.rank >= 1,
            "Predictions: outputs must be f32 with an axis of examples, got \(outputs.type)")
        (self.outputs, self.meaning) = (outputs, meaning)
    }

    /// The number of examples.
    public var count: Int { outputs.type.shape[0] }

    /// The number of results of an example, such as the classes.
    public var width: Int { outputs.type.shape.dropFirst().reduce(1, *) }

    /// The model's results for an example.
    ///
    /// - Precondition: `index` is in `0 ..< count`.
    public func scores(of index: Int) -> [Float] {
        precondition(index >= 0 && index < count, "Predictions: \(index) is outside 0 ..< \(count)")
        return outputs.withUnsafeScalars(as: Float.self) {
            Array($0[index * width..<(index + 1) * width])
        }
    }

    /// The probabilities of the classes; for results that stand for themselves, the results.
    ///
    /// - Precondition: `index` is in `0 ..< count`.
    public func probabilities(of index: Int) -> [Double] {
        let scores = scores(of: index).map { Double($0) }
        switch meaning {
        case .probabilities, .values: return scores
        case .logProbabilities: return scores.map { Foundation.exp($0) }
        case .logits:
            let largest = scores.max() ?? 0
            let powers = scores.map { Foundation.exp($0 - largest) }
            let sum = powers.reduce(0, +)
            return powers.map { $0 / sum }
        }
    }

    /// The class of an example: the first largest result, or the only result cut to a whole number.
    ///
    /// - Precondition: `index` is in `0 ..< count`.
    public func choice(of index: Int) -> Int {
        let scores = scores(of: index)
        if meaning == .values && scores.count == 1 { return Int(clampingOrZero: scores[0]) }
        var best = 0
        for place in scores.indices where scores[place] > scores[best] { best = place }
        return best
    }

    /// The class of every example.
    public var choices: [Int] { (0..<count).map { choice(of: $0) } }
}
