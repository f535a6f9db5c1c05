import Foundation
import MartletFormats
import MartletGraph

/// Writes what TensorBoard shows, in the folders and under the tags of Keras.
///
///     TensorBoardLog(URL(fileURLWithPath: "runs/mine/tensorboard"), histogramsEvery: 1)
///
/// `train/` has `epoch_loss`, `epoch_<metric>` and `epoch_learning_rate`, and on request a histogram of
/// each parameter as `<path>/histogram`; `validation/` has `epoch_loss` and `epoch_<metric>`. Steps are
/// the numbers of epochs, 1 for the first. Sample pictures and the graph of the model stand at step 0.
/// A resumed run adds a file that tells TensorBoard to drop what is trained again.
///
/// - Same as: Keras' `TensorBoard(log_dir, histogram_freq:)`, which counts epochs from 0.
public final class TensorBoardLog: TrainingCallback {
    /// The folder with `train` and `validation`; `tensorboard --logdir` takes it or one above it.
    public let folder: URL
    private let interval: Int?
    private let writesGraph: Bool
    private let pictures: [(tag: String, picture: Picture)]
    private var train: EventWriter?
    private var validation: EventWriter?

    /// Names the folder, which is made when training begins.
    ///
    /// - Parameters:
    ///   - interval: After how many epochs the parameters' histograms are written; never when `nil`.
    ///   - writesGraph: Whether the graph of the model is written.
    ///   - pictures: Pictures to show, such as samples of the data, with their tags.
    /// - Precondition: `interval` is positive.
    public init(
        _ folder: URL, histogramsEvery interval: Int? = nil, writesGraph: Bool = true,
        pictures: [(tag: String, picture: Picture)] = []
    ) {
        if let interval {
            precondition(
                interval > 0, "TensorBoardLog: histogramsEvery must be positive, got \(interval)")
        }
        (self.folder, self.interval, self.writesGraph) = (folder, interval, writesGraph)
        self.pictures = pictures
    }

    /// It is told of epochs alone.
    public var wantsSteps: Bool { false }

    /// Writes when it is time; a reader sees it at once.
    public func handle(_ event: TrainingEvent, _ control: TrainingControl) throws {
        switch event {
        case .fitStarted(let plan): try begin(plan, control)
        case .epochEnded(let epoch):
            try write(epoch)
            if let interval, epoch.number % interval == 0 {
                try writeHistograms(control.modelValues(), step: epoch.number)
            }
        case .fitEnded:
            train?.flush()
            validation?.flush()
            (train, validation) = (nil, nil)
        case .epochStarted, .stepEnded: break
        }
    }

    private func begin(_ plan: FitPlan, _ control: TrainingControl) throws {
        let isNew = control.totalSteps == 0
        let train = try writer("train")
        try train.start(step: isNew ? 0 : plan.firstEpoch)
        if plan.validationExamples > 0 {
            validation = try writer("validation")
            try validation?.start(step: isNew ? 0 : plan.firstEpoch)
        }
        if isNew {
            if writesGraph { try train.graph(try control.inferenceGraph()) }
            for (tag, picture) in pictures { try train.picture(picture, tag: tag, step: 0) }
        }
        self.train = train
    }

    private func writer(_ name: String) throws -> EventWriter {
        try EventWriter(folder: folder.appendingPathComponent(name, isDirectory: true))
    }

    private func write(_ epoch: History.Epoch) throws {
        func scalar(_ writer: EventWriter?, _ name: String, _ value: Double) throws {
            try writer?.scalar(Float(value), tag: "epoch_\(name)", step: epoch.number)
        }
        try scalar(train, "loss", epoch.loss)
        for entry in epoch.metrics.entries { try scalar(train, entry.name, entry.value) }
        try scalar(train, "learning_rate", epoch.learningRate)
        if let loss = epoch.validationLoss { try scalar(validation, "loss", loss) }
        for entry in epoch.validationMetrics.entries {
            try scalar(validation, entry.name, entry.value)
        }
    }

    private func writeHistograms(_ values: [String: HostTensor], step: Int) throws {
        for (path, value) in values.sorted(by: { $0.key < $1.key }) {
            let tag = path.replacingOccurrences(of: ".", with: "/") + "/histogram"
            try train?.histogram(value.doubles, tag: tag, step: step)
        }
    }
}
