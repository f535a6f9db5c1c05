/// How a data set is cut into batches.
public struct BatchOptions: Sendable, Hashable {
    /// The number of pictures in a batch; the last one of an epoch may be shorter.
    public var size: Int
    /// Shuffles the pictures anew in every epoch, by this number and the epoch's; `nil` keeps the
    /// order of the data set.
    public var shuffleSeed: UInt64?
    /// Whether a short last batch is given, or left out.
    public var keepsShortBatch: Bool
    /// Takes only the first so many pictures of the set; `nil` takes all.
    public var sampleLimit: Int?
    /// The form of the targets.
    public var targets: TargetForm
    /// Changes the pictures by chance, anew in every epoch.
    public var augmentation: Augmentation
    /// Mixes the pictures of a batch with each other, and the targets with them; `nil` for neither.
    public var mixing: Mixing?
    /// The share of each target that is spread evenly over all classes, from 0 to 1.
    public var labelSmoothing: Double
    /// What the choices of augmentation and mixing depend on, besides the epoch and the picture.
    public var augmentationSeed: UInt64
    /// The number of threads that make batches ahead; 0 makes each where it is used.
    ///
    /// `nil` is 0 for bytes in memory that are only copied, else 1. Results do not depend on it.
    public var workers: Int?
    /// How many batches may be ready at most before they are used.
    ///
    /// Results do not depend on it.
    public var capacity: Int

    /// Collects the options.
    ///
    /// - Precondition: `size` and `capacity` are positive, `sampleLimit` and `workers` are not
    ///   negative, `labelSmoothing` is from 0 to 1.
    public init(
        size: Int, shuffleSeed: UInt64? = nil, keepsShortBatch: Bool = true,
        sampleLimit: Int? = nil, targets: TargetForm = .classNumbers,
        augmentation: Augmentation = .none, mixing: Mixing? = nil, labelSmoothing: Double = 0,
        augmentationSeed: UInt64 = 0, workers: Int? = nil, capacity: Int = 5
    ) {
        (self.size, self.shuffleSeed) = (size, shuffleSeed)
        (self.keepsShortBatch, self.sampleLimit) = (keepsShortBatch, sampleLimit)
        (self.targets, self.workers, self.capacity) = (targets, workers, capacity)
        (self.augmentation, self.mixing) = (augmentation, mixing)
        (self.labelSmoothing, self.augmentationSeed) = (labelSmoothing, augmentationSeed)
        let problem = problem
        precondition(problem == nil, "BatchOptions: \(problem ?? "")")
    }

    /// What cannot be, in a sentence; `nil` when all is well.
    private var problem: String? {
        if size < 1 { return "size must be positive, got \(size)" }
        if capacity < 1 { return "capacity must be positive, got \(capacity)" }
        if let workers, !(0...256).contains(workers) {
            return "workers must be from 0 to 256, got \(workers)"
        }
        if let sampleLimit, sampleLimit < 0 {
            return "sampleLimit must not be negative, got \(sampleLimit)"
        }
        if !(0...1).contains(labelSmoothing) {
            return "labelSmoothing must be from 0 to 1, got \(labelSmoothing)"
        }
        return nil
    }

    /// True when pictures are more than copied.
    var changesPictures: Bool { !augmentation.steps.isEmpty || mixing != nil }

    /// True when targets are shares of classes.
    var hasSoftTargets: Bool { mixing != nil || labelSmoothing > 0 }

    /// True when both options give the same batches, whatever threads make them.
    public func givesSameBatches(as other: BatchOptions) -> Bool {
        var same = other
        (same.workers, same.capacity) = (workers, capacity)
        return self == same
    }
}

extension BatchOptions: Codable {
    private enum CodingKeys: String, CodingKey {
        case size, shuffleSeed, keepsShortBatch, sampleLimit, targets, augmentation, mixing
        case labelSmoothing, augmentationSeed, workers, capacity
    }

    /// Reads the options; only `size` must be there.
    ///
    /// - Errors: `DecodingError` for numbers that cannot be.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        // Any size that is allowed, so that the checks below see the one that was read.
        self.init(size: 1)
        size = try values.decode(Int.self, forKey: .size)
        shuffleSeed = try values.decodeIfPresent(UInt64.self, forKey: .shuffleSeed)
        keepsShortBatch = try values.decodeIfPresent(Bool.self, forKey: .keepsShortBatch) ?? true
        sampleLimit = try values.decodeIfPresent(Int.self, forKey: .sampleLimit)
        targets = try values.decodeIfPresent(TargetForm.self, forKey: .targets) ?? .classNumbers
        augmentation =
            try values.decodeIfPresent(Augmentation.self, forKey: .augmentation) ?? .none
        mixing = try values.decodeIfPresent(Mixing.self, forKey: .mixing)
        labelSmoothing = try values.decodeIfPresent(Double.self, forKey: .labelSmoothing) ?? 0
        augmentationSeed = try values.decodeIfPresent(UInt64.self, forKey: .augmentationSeed) ?? 0
        workers = try values.decodeIfPresent(Int.self, forKey: .workers)
        capacity = try values.decodeIfPresent(Int.self, forKey: .capacity) ?? 5
        if let problem {
            throw DecodingError.dataCorruptedError(
                forKey: .size, in: values, debugDescription: problem)
        }
    }
}
