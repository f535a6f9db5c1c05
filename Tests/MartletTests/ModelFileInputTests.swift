import Foundation
import Martlet
import MartletFormats
import Testing

/// Model files of averages, of numbers, and of graphs that no predictor can use.
@Suite struct ModelFileInputTests {
    private func net() -> Sequential {
        Sequential {
            Flatten()
            Dense(10)
        }
    }

    private func description(_ data: Dataset) -> ModelDescription {
        ModelDescription(
            name: "net", classNames: data.classNames, output: .logits,
            preparation: PicturePreparation(width: 8, height: 8, channels: 1),
            brightest: data.brightest)
    }

    /// The digits as numbers from 0 to `factor`.
    private func numbers(_ data: Dataset, times factor: Float = 1) throws -> Dataset {
        let values = try data.pixels(data.indices).map { $0 * factor }
        return Dataset(
            name: "numbers",
            source: ImagesInMemory(
                bytes: values.withUnsafeBytes { Array($0) }, imageSize: 4 * data.imageSize,
                pixelType: .float32),
            records: Array(data.indices), imageShape: data.imageShape, brightest: 1,
            labels: data.labels, classNames: data.classNames)
    }

    private func withFile<Result>(_ body: (URL) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("martlet-model-\(UUID().uuidString)", isDirectory: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder.appendingPathComponent("model.martlet"))
    }

    @Test func averagesHaveTheNamesOfTheWeights() throws {
        let data = try Dataset.digits(.train).first(100)
        let trainer = try net().compile(
            inputShape: [1, 8, 8],
            optimizer: Adam(learningRate: 0.01).averagingWeights(decay: 0.5), loss: .crossEntropy)
        try trainer.fit(data, epochs: 1, batchSize: 25)
        let latest = try trainer.modelFile(description(data))
        trainer.evaluationWeights = .average
        let average = try trainer.modelFile(description(data))
        #expect(average.weights.keys.sorted() == latest.weights.keys.sorted())
        #expect(average.weights.keys.allSatisfy { $0.hasPrefix("model/") })
        #expect(average.weights != latest.weights)
        try withFile { file in
            try average.write(to: file)
            let ours = try Classifier(contentsOf: file).predict(data)
            #expect(ours == (try trainer.predict(data)))
        }
    }

    @Test func aModelOfNumbersTakesBytes() throws {
        let data = try Dataset.digits(.train).first(100)
        let floats = try numbers(data)
        let trainer = try net().compile(
            inputShape: [1, 8, 8], optimizer: Adam(learningRate: 0.01), loss: .crossEntropy)
        try trainer.fit(floats, epochs: 2, batchSize: 25)
        try withFile { file in
            try trainer.saveModel(to: file, trainedOn: floats)
            let classifier = try Classifier(contentsOf: file)
            #expect(classifier.description.brightest == 255)
            let direct = try trainer.predict(floats)
            for index in 0..<10 {
                let picture = Picture(
                    width: 8, height: 8, channels: 1, samples: try floats.image(index))
                let seen = try classifier.predict(picture).probabilities
                for (a, b) in zip(seen, direct.probabilities(of: index)) {
                    // Sixteenths are rounded to 255ths.
                    #expect(abs(a - b) < 0.01)
                }
            }
            let error = #expect(throws: ModelError.self) { try classifier.predict(floats) }
            #expect(error?.description.contains("bytes") == true)
        }
    }

    /// Bytes would go through the scaling of numbers, and numbers through that of bytes.
    @Test func dataOfAnotherFormIsRefused() throws {
        let data = try Dataset.digits(.train).first(50)
        let floats = try numbers(data)
        let trainer = try net().compile(
            inputShape: [1, 8, 8], optimizer: Adam(), loss: .crossEntropy)
        try trainer.fit(data, epochs: 1, batchSize: .max)
        #expect(trainer.totalSteps == 1)
        let error = #expect(throws: ModelError.self) { try trainer.evaluate(floats) }
        #expect(error?.description.contains("u8 pixels up to 16") == true, "\(error as Any)")
    }

    @Test func picturesThatNoFileCanHoldAreRefused() throws {
        let data = Dataset(
            name: "two channels", images: [UInt8](repeating: 3, count: 4 * 2 * 8 * 8),
            imageShape: [2, 8, 8], labels: [0, 1, 0, 1], classNames: ["a", "b"])
        let trainer = try net().compile(
            inputShape: [2, 8, 8], optimizer: Adam(), loss: .crossEntropy)
        try trainer.fit(data, epochs: 1, batchSize: 2)
        try withFile { file in
            let error = #expect(throws: ModelError.self) {
                try trainer.saveModel(to: file, trainedOn: data)
            }
            #expect(error?.description.contains("1 or 3 channels") == true)
        }
    }

    @Test func numbersBeyondFullBrightnessHaveNoModelFile() throws {
        let wide = try numbers(try Dataset.digits(.train).first(50), times: 2)
        let trainer = try net().compile(
            inputShape: [1, 8, 8], optimizer: Adam(), loss: .crossEntropy)
        try trainer.fit(wide, epochs: 1, batchSize: 25)
        try withFile { file in
            #expect(throws: ModelError.self) { try trainer.saveModel(to: file, trainedOn: wide) }
            #expect(!FileManager.default.fileExists(atPath: file.path))
        }
    }

    /// A graph that multiplies pixels by a variable.
    private func graph(_ examples: Int, _ type: DataType = .uint8, isSummed: Bool = false)
        throws -> Graph
    {
        let step = try EvaluationStep(net()) { net, x in
            let results = net(x.cast(to: .float32))
            return isSummed ? results.sum(axes: [0], keepingAxes: true) : results
        }
        return try step.graph(for: [TensorType(type, [examples, 1, 8, 8])])
    }

    private func file(_ graph: (Int) throws -> Graph) throws -> ModelFile {
        let types = Dictionary(
            uniqueKeysWithValues: try graph(1).variables.map { ($0.name, $0.type) })
        return try ModelFile(
            description(try Dataset.digits(.train).first(1)),
            values: { HostTensor(zeros: types[$0] ?? TensorType(.float32, [])) }, graph: graph)
    }

    @Test func onlyBytesAreTaken() throws {
        #expect(try file { try graph($0) }.takesAnyCount)
        #expect(throws: ModelError.self) { try file { try graph($0, .float32) } }
    }

    @Test func aModelForOneExampleStaysOne() throws {
        struct Refusal: Error {}
        let made = try file { examples in
            guard examples == 1 else { throw Refusal() }
            return try graph(1)
        }
        #expect(!made.takesAnyCount)
        // One row of results for any number of pictures is no result for each.
        #expect(!(try file { try graph($0, isSummed: true) }.takesAnyCount))
    }
}
