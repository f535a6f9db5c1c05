/// How a data set is cut into batches.
public struct BatchOptions: Sendable, Hashable, Codable {
    /// The number of pictures in a batch; the last one of an epoch may be shorter.
    public var size: Int
    /// Shuffles the pictures anew in every epoch, by this number and the epoch's; `nil` keeps the
    /// order of the data set.
    public var shuffleSeed: UInt64?
    /// Whether a short last batch is given, or left out.
    public var keepsShortBatch: Bool

    /// Collects the options.
    ///
    /// - Precondition: `size` is positive.
    public init(size: Int, shuffleSeed: UInt64? = nil, keepsShortBatch: Bool = true) {
        precondition(size > 0, "BatchOptions: size must be positive, got \(size)")
        (self.size, self.shuffleSeed) = (size, shuffleSeed)
        self.keepsShortBatch = keepsShortBatch
    }
}
