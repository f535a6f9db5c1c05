/// Where training stands: everything that is counted.
package struct TrainingPosition: Hashable, Codable, Sendable {
    /// The epochs that are done.
    var epochs = 0
    /// The batches of the epoch that runs which are done.
    var batch = 0
    /// The examples of that epoch which were trained on.
    var examples = 0
    /// The steps of all epochs.
    var totalSteps = 0
    /// The time that the steps of that epoch took, in seconds.
    var seconds = 0.0
    /// The rate of the last step.
    var lastRate = 0.0

    /// The number of the epoch that runs or comes next, 1 for the first.
    var epoch: Int { epochs + 1 }

    /// Notes a step.
    mutating func took(_ count: Int, rate: Double) {
        batch += 1
        examples += count
        totalSteps += 1
        lastRate = rate
    }

    /// Notes the end of an epoch.
    mutating func endEpoch() {
        epochs += 1
        startEpoch()
    }

    /// Forgets the steps of the epoch that runs.
    mutating func startEpoch() { (batch, examples, seconds) = (0, 0, 0) }
}

extension TrainingPosition {
    private enum CodingKeys: String, CodingKey {
        case epochs, batch, examples, totalSteps, seconds, lastRate
    }

    /// The highest count that is believed.
    private static let largestCount = 1 << 48

    /// Reads a position.
    ///
    /// - Throws: `DecodingError` for counts and times that no training comes to.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func count(_ key: CodingKeys) throws -> Int {
            let count = try values.decode(Int.self, forKey: key)
            guard (0...Self.largestCount).contains(count) else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: values,
                    debugDescription: "\(count) is no count of \(key.stringValue)")
            }
            return count
        }
        (epochs, batch) = (try count(.epochs), try count(.batch))
        (examples, totalSteps) = (try count(.examples), try count(.totalSteps))
        seconds = try values.decode(Double.self, forKey: .seconds)
        lastRate = try values.decode(Double.self, forKey: .lastRate)
        guard seconds.isFinite, seconds >= 0, batch <= totalSteps else {
            throw DecodingError.dataCorruptedError(
                forKey: .seconds, in: values,
                debugDescription: "\(batch) of \(totalSteps) steps in \(seconds) s is impossible")
        }
    }
}
