import Foundation
import MartletCompiler
import MartletData
import MartletFormats
import MartletGraph

/// Predicts the classes of pictures with a model file; needs no source of the model.
///
///     let classifier = try Classifier(contentsOf: URL(fileURLWithPath: "mnist.martlet"))
///     let prediction = try classifier.predict(contentsOf: URL(fileURLWithPath: "seven.png"))
///     print(prediction.label, prediction.confidence)
///
/// Not safe for concurrent use.
public final class Classifier {
    /// What happens to light and dark before a picture is judged.
    public enum Inverting: String, Hashable, Sendable, CaseIterable {
        /// The picture is taken as it is.
        case never
        /// Light becomes dark and dark light.
        case always
        /// Inverts when the edge of the picture is not like the ground that the model knows, as dark
        /// strokes on paper are not for a model of MNIST; the prediction says whether it did.
        ///
        /// A model of photographs, whose file says `ink: .any`, is never given an inverted picture.
        case automatic
    }

    /// The model with its description.
    public let file: ModelFile
    /// The engine that runs it.
    public let engine: any Engine
    private let store: any VariableStore
    private var plans: [Int: any Executable] = [:]
    private static let largestBatch = 100

    /// Reads a model file and compiles it when the first picture comes.
    ///
    /// - Throws: `CheckpointError` for a file that cannot be used, `EngineError` without an engine.
    public convenience init(contentsOf url: URL, engine: (any Engine)? = nil) throws {
        try self.init(ModelFile(contentsOf: url), engine: engine)
    }

    /// Takes a model that is in memory.
    public init(_ file: ModelFile, engine: (any Engine)? = nil) throws {
        self.file = file
        self.engine = try engine ?? Engines.current()
        store = self.engine.makeStore()
        for (name, value) in file.weights { try store.write(name, value) }
    }

    /// What is known about the model.
    public var description: ModelDescription { file.description }

    /// The names of the classes.
    public var classNames: [String] { description.classNames }

    // MARK: One picture

    /// Reads a picture file, brings it to the model's size and judges it.
    ///
    /// - Parameters:
    ///   - url: A PNG, JPEG, BMP or GIF file.
    ///   - fit: Replaces the model's own way to bring a picture to its size.
    ///   - inverting: Whether light and dark are exchanged; where the edge of the picture asks for it
    ///     unless given, as `martlet predict` does.
    /// - Throws: `FormatError` for a file that is no picture.
    public func predict(
        contentsOf url: URL, fit: PicturePreparation.Fit? = nil, inverting: Inverting = .automatic
    ) throws -> Prediction {
        let reading = PictureReading(isUpright: description.preparation.isUpright)
        return try predict(Picture(contentsOf: url, reading), fit: fit, inverting: inverting)
    }

    /// Brings a picture to the model's size and judges it; see `predict(contentsOf:)`.
    public func predict(
        _ picture: Picture, fit: PicturePreparation.Fit? = nil, inverting: Inverting = .automatic
    ) throws -> Prediction {
        let (seen, isInverted) = prepared(picture, fit: fit, inverting: inverting)
        let outputs = try outputs(of: scaledToBrightest(seen.tensor), count: 1)
        return Prediction(
            Predictions(outputs: outputs, meaning: description.output), 0,
            classNames: classNames, input: seen, isInverted: isInverted)
    }

    /// The picture as the model sees it, and whether it was inverted.
    public func prepared(
        _ picture: Picture, fit: PicturePreparation.Fit? = nil, inverting: Inverting = .automatic
    ) -> (picture: Picture, isInverted: Bool) {
        var preparation = description.preparation
        if let fit { preparation.fit = fit }
        let inverts =
            switch inverting {
            case .never: false
            case .always: true
            case .automatic: hasOtherGround(picture)
            }
        // Inverted before it is padded, so that the padding is the ground that the model knows.
        return (preparation.prepared(inverts ? picture.inverted() : picture), inverts)
    }

    /// Whether the edge of a picture is light where the model knows dark ground, or the reverse.
    private func hasOtherGround(_ picture: Picture) -> Bool {
        guard description.ink != .any else { return false }
        let grey = picture.grey()
        let (width, height) = (grey.width, grey.height)
        var edge: [UInt8] = []
        for x in 0..<width {
            edge += [grey.samples[x], grey.samples[(height - 1) * width + x]]
        }
        for y in 0..<height {
            edge += [grey.samples[y * width], grey.samples[y * width + width - 1]]
        }
        let isLight = edge.sorted()[edge.count / 2] > 127
        return isLight == (description.ink == .lightOnDark)
    }

    private func scaledToBrightest(_ pixels: HostTensor) -> [UInt8] {
        let brightest = Int(description.brightest)
        guard brightest != 255 else { return pixels.bytes }
        return pixels.bytes.map { UInt8((Int($0) * brightest + 127) / 255) }
    }

    // MARK: Data sets

    /// What the model gives for every picture of a data set.
    ///
    /// - Throws: `ModelError` for pictures of another size or brightness, and for numbers that are no
    ///   bytes.
    public func predict(_ data: Dataset) throws -> Predictions {
        guard data.pixelType == .uint8 else {
            throw ModelError(
                function: "predict", operation: data.name, expected: "pixels that are bytes, uint8",
                received: "\(data.pixelType.rawValue)",
                fix: "judge such data with the trainer of the model")
        }
        guard data.imageShape == description.preparation.imageShape,
            data.brightest == description.brightest
        else {
            throw ModelError(
                function: "predict", operation: data.name,
                expected: "pictures \(description.preparation.imageShape) of brightness 0 … "
                    + "\(description.brightest)",
                received: "\(data.imageShape) of brightness 0 … \(data.brightest)")
        }
        guard data.count > 0 else {
            throw ModelError(
                function: "predict", operation: data.name, expected: "at least one picture",
                received: "none")
        }
        var bytes: [UInt8] = []
        var shape = [0]
        let size = file.takesAnyCount ? Self.largestBatch : 1
        let feed = BatchFeed(data, BatchOptions(size: size), epoch: 1)
        while let batch = try feed.next() {
            let plan = try plan(batch.count)
            try plan.withInput(0) { try batch.writeImages(to: $0) }
            try plan.run()
            plan.withOutput(0) { bytes += $0 }
            shape = plan.outputTypes[0].shape
        }
        shape[0] = data.count
        return Predictions(
            outputs: HostTensor(type: TensorType(.float32, shape), bytes: bytes),
            meaning: description.output)
    }

    /// Predicts every picture of a data set and compares with its labels.
    ///
    /// - Throws: `ModelError` for pictures of another size, or other classes.
    public func assess(_ data: Dataset, mistakes limit: Int = 25) throws -> Assessment {
        guard data.classNames == classNames else {
            throw ModelError(
                function: "evaluate", operation: data.name,
                expected: "the classes \(classNames.joined(separator: ", "))",
                received: data.classNames.joined(separator: ", "))
        }
        return Assessment(try predict(data), of: data, mistakes: limit)
    }

    // MARK: Plans

    /// Runs the model on bytes, row-major, and gives the results.
    private func outputs(of pixels: [UInt8], count: Int) throws -> HostTensor {
        let plan = try plan(count)
        pixels.withUnsafeBytes { bytes in plan.withInput(0) { $0.copyMemory(from: bytes) } }
        try plan.run()
        return plan.withOutput(0) { HostTensor(type: plan.outputTypes[0], bytes: Array($0)) }
    }

    private func plan(_ count: Int) throws -> any Executable {
        if let plan = plans[count] { return plan }
        let plan = try engine.compile(file.graph(examples: count), store: store)
        plans[count] = plan
        return plan
    }
}
