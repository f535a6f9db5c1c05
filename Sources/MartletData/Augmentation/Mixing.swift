import Foundation

/// How the pictures of a batch are mixed with each other, and their labels with them.
///
/// *Mixup* adds two pictures with the shares λ and 1 − λ; *cutmix* puts a rectangle of the one into
/// the other. Both take λ from the distribution Beta(alpha, alpha); with both given, a fair coin
/// decides for each batch.
///
/// - Source: Zhang et al., "mixup: beyond empirical risk minimization", arXiv:1710.09412; Yun et al.,
///   "CutMix", arXiv:1905.04899.
public struct Mixing: Hashable, Sendable, Codable {
    /// The alpha of mixup, or nil for none.
    public let mixup: Double?
    /// The alpha of cutmix, or nil for none.
    public let cutmix: Double?
    /// The share of batches that are mixed.
    public let probability: Double

    /// Collects the settings.
    ///
    /// - Precondition: alphas are positive, at most 1,000, and the probability lies in 0 … 1.
    public init(mixup: Double? = nil, cutmix: Double? = nil, probability: Double = 1) {
        let problem = Self.problem(mixup, cutmix, probability)
        precondition(problem == nil, "Mixing: \(problem ?? "")")
        (self.mixup, self.cutmix, self.probability) = (mixup, cutmix, probability)
    }

    private static func problem(
        _ mixup: Double?, _ cutmix: Double?, _ probability: Double
    ) -> String? {
        for alpha in [mixup, cutmix].compactMap({ $0 }) where !(alpha > 0 && alpha <= 1000) {
            return "alpha must lie above 0 and be at most 1000, got \(alpha)"
        }
        return (0...1).contains(probability)
            ? nil : "probability must lie in 0 … 1, got \(probability)"
    }

    private enum CodingKeys: String, CodingKey { case mixup, cutmix, probability }

    /// Reads the settings.
    ///
    /// - Errors: `DecodingError` with the number that cannot be used.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let mixup = try values.decodeIfPresent(Double.self, forKey: .mixup)
        let cutmix = try values.decodeIfPresent(Double.self, forKey: .cutmix)
        let probability = try values.decode(Double.self, forKey: .probability)
        if let problem = Self.problem(mixup, cutmix, probability) {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: problem))
        }
        self.init(mixup: mixup, cutmix: cutmix, probability: probability)
    }

    /// Draws what happens to one batch; equal arguments give an equal answer.
    ///
    /// - Parameters:
    ///   - batch: the number of the batch in its epoch.
    ///   - count: the number of pictures in it.
    ///   - shape: channels, height and width of a picture.
    /// - Precondition: `shape` has three positive sizes.
    public func plan(
        seed: UInt64, epoch: Int, batch: Int, count: Int, shape: [Int]
    ) -> BatchMixing {
        precondition(
            shape.count == 3 && shape.allSatisfy { $0 > 0 },
            "Mixing: a picture has channels, height and width, got \(shape)")
        // Steps of pictures count from 0, so this stream is the batch's own.
        var stream = RandomStream(seed: seed, words: (epoch, batch, -1))
        guard mixup != nil || cutmix != nil, stream.happens(probability) else {
            return .none(count: count, shape: shape)
        }
        let cuts: Bool
        if mixup != nil && cutmix != nil { cuts = stream.happens(0.5) } else { cuts = mixup == nil }
        let lambda = stream.beta((cuts ? cutmix : mixup) ?? 1)
        var partners = Array(0..<max(0, count))
        for index in stride(from: partners.count - 1, to: 0, by: -1) {
            partners.swapAt(index, stream.whole(below: index + 1))
        }
        guard cuts else {
            return BatchMixing(shape: shape, partners: partners, lambda: lambda, box: nil)
        }
        let (height, width) = (shape[1], shape[2])
        let side = (1 - lambda).squareRoot() / 2
        let (x, y) = (stream.whole(below: width), stream.whole(below: height))
        let (right, down) = (Int(side * Double(width)), Int(side * Double(height)))
        let box = BatchMixing.Box(
            columns: max(0, x - right)..<min(width, x + right),
            rows: max(0, y - down)..<min(height, y + down))
        return BatchMixing(
            shape: shape, partners: partners,
            lambda: 1 - Double(box.area) / Double(width * height), box: box)
    }
}
