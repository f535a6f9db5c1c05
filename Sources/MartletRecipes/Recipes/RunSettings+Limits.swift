import MartletData

extension RunSettings {
    /// Which numbers a setting may have; flags and files are held against the same list.
    public struct Limit: Sendable {
        /// The name in the file of settings.
        public let name: String
        /// The name on the command line.
        public let flag: String
        /// The numbers in words, `from 1 to 1000`.
        public let text: String
        private let allows: @Sendable (Double) -> Bool
        private let value: @Sendable (RunSettings) -> Double?

        init(
            _ name: String, _ flag: String, from least: Double, to most: Double,
            _ value: @escaping @Sendable (RunSettings) -> Double?
        ) {
            (self.name, self.flag, self.value) = (name, flag, value)
            text = "from \(Self.text(least)) to \(Self.text(most))"
            allows = { $0 >= least && $0 <= most }
        }

        init(
            _ name: String, _ flag: String, from least: Double, below bound: Double,
            _ value: @escaping @Sendable (RunSettings) -> Double?
        ) {
            (self.name, self.flag, self.value) = (name, flag, value)
            text = "from \(Self.text(least)) to below \(Self.text(bound))"
            allows = { $0 >= least && $0 < bound }
        }

        init(
            _ name: String, _ flag: String, above bound: Double, to most: Double,
            _ value: @escaping @Sendable (RunSettings) -> Double?
        ) {
            (self.name, self.flag, self.value) = (name, flag, value)
            text = "above \(Self.text(bound)) and at most \(Self.text(most))"
            allows = { $0 > bound && $0 <= most }
        }

        /// The number that the settings have, when it cannot be.
        func excess(in settings: RunSettings) -> String? {
            guard let number = value(settings) else { return nil }
            guard allows(number) else { return Self.text(number) }
            // The rules of the updates compute with f32.
            let rounded = Double(Float(number))
            return allows(rounded)
                ? nil : "\(Self.text(number)), which is \(Self.text(rounded)) as f32"
        }

        private static func text(_ number: Double) -> String {
            Int(exactly: number).map { String($0) } ?? "\(number)"
        }
    }

    /// A setting that cannot be.
    public struct Problem: Hashable, Sendable {
        /// The name in the file of settings.
        public let name: String
        /// The name on the command line.
        public let flag: String
        /// What it may be, as it stands after `must be`.
        public let expected: String
        /// What it is.
        public let found: String
    }

    /// The numbers that have limits.
    public static let limits: [Limit] = [
        Limit("epochs", "--epochs", from: 1, to: 1e9) { Double($0.epochs) },
        Limit("batchSize", "--batch-size", from: 1, to: 1e9) { Double($0.batchSize) },
        Limit("learningRate", "--lr", above: 0, to: 1e30) { $0.learningRate },
        Limit("momentum", "--momentum", from: 0, below: 1) { $0.momentum },
        Limit("weightDecay", "--weight-decay", from: 0, to: 1e30) { $0.weightDecay },
        Limit("warmupEpochs", "--lr-warmup-epochs", from: 0, to: 1e6) { Double($0.warmupEpochs) },
        Limit("labelSmoothing", "--label-smoothing", from: 0, below: 1) { $0.labelSmoothing },
        Limit("clipNorm", "--clip-grad-norm", above: 0, to: 1e30) { $0.clipNorm },
        Limit("averageDecay", "--model-ema", from: 0, below: 1) { $0.averageDecay },
        Limit("kerasEpsilon", "kerasEpsilon", above: 0, to: 1) { $0.kerasEpsilon },
        Limit("trainLimit", "--limit-train", from: 1, to: 1e15) { $0.trainLimit.map(Double.init) },
        Limit("testLimit", "--limit-test", from: 1, to: 1e15) { $0.testLimit.map(Double.init) },
        Limit("mixup", "--mixup-alpha", above: 0, to: 1000) { $0.mixup },
        Limit("cutmix", "--cutmix-alpha", above: 0, to: 1000) { $0.cutmix },
        Limit("imageSize", "--image-size", from: 8, to: 1024) { $0.imageSize.map(Double.init) },
        Limit("patience", "--patience", from: 1, to: 1e9) { $0.patience.map(Double.init) },
    ]

    /// The first setting that cannot be, `nil` when all can.
    public var problem: Problem? {
        for limit in Self.limits {
            guard let found = limit.excess(in: self) else { continue }
            return Problem(name: limit.name, flag: limit.flag, expected: limit.text, found: found)
        }
        if optimizer == .sgd, nesterov, Float(momentum) == 0 {
            return Problem(
                name: "momentum", flag: "--momentum", expected: "above 0 to look ahead (nesterov)",
                found: "\(momentum)")
        }
        guard schedule == .oneCycle, warmupEpochs > 0 else { return nil }
        return Problem(
            name: "warmupEpochs", flag: "--lr-warmup-epochs",
            expected: "0 with the schedule one-cycle, which rises by itself",
            found: "\(warmupEpochs)")
    }

    /// Throws for settings that cannot be, as in a file that was edited.
    ///
    /// - Throws: `DataError` that names the setting.
    public func check(file: String) throws(DataError) {
        guard let problem else { return }
        throw DataError(
            .malformed, file: file, place: problem.name, expected: problem.expected,
            found: problem.found)
    }
}
