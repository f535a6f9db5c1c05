import Foundation
import Martlet
import MartletFormats
import Testing

/// Writes models, reads them back without their source, and compares predictions.
@Suite struct ModelFileTests {
    private final class Net: Layer {
        let conv = Conv2D(4, kernelSize: 3, padding: .same), norm = BatchNorm()
        let drop = Dropout(0.5), fc = Dense(10)

        func callAsFunction(_ x: Tensor) -> Tensor {
            fc(drop(maxPool2D(relu(norm(conv(x))), 2).flattened()))
        }
    }

    private func trained() throws -> (Trainer<Net>, Dataset) {
        let data = try Dataset.digits(.train).first(200)
        let trainer = try Net().compile(
            inputShape: [1, 8, 8], optimizer: Adam(learningRate: 0.01), loss: .crossEntropy,
            metrics: [.accuracy])
        try trainer.fit(data, epochs: 2, batchSize: 25)
        return (trainer, try Dataset.digits(.test))
    }

    private func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("martlet-model-\(UUID().uuidString)", isDirectory: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }

    @Test func predictionsNeedNoSourceAndAreTheSameBits() throws {
        let (trainer, test) = try trained()
        try withFolder { folder in
            let file = folder.appendingPathComponent("model.martlet")
            try trainer.saveModel(to: file, trainedOn: test, ink: .lightOnDark)
            let classifier = try Classifier(contentsOf: file)
            #expect(classifier.file.takesAnyCount)
            #expect(classifier.classNames == test.classNames)
            #expect(classifier.description.name == "Net")
            // Batches of another size may round otherwise; 360 is cut alike on both sides.
            let (ours, theirs) = (try classifier.predict(test), try trainer.predict(test))
            #expect(ours == theirs)
            let assessed = try classifier.assess(test)
            #expect(assessed.accuracy == (try trainer.assess(test)).accuracy)
        }
    }

    @Test func picturesOfFilesAreJudgedLikeTheSameBytes() throws {
        let (trainer, test) = try trained()
        try withFolder { folder in
            let file = folder.appendingPathComponent("model.martlet")
            try trainer.saveModel(to: file, trainedOn: test, ink: .lightOnDark)
            let classifier = try Classifier(contentsOf: file)
            let direct = try trainer.predict(test)
            for index in 0..<20 {
                let bytes = try test.image(index).map { UInt8((Int($0) * 255 + 8) / 16) }
                let picture = Picture(width: 8, height: 8, channels: 1, samples: bytes)
                let place = folder.appendingPathComponent("\(index).png")
                try picture.write(to: place)
                let prediction = try classifier.predict(contentsOf: place)
                #expect(prediction.classNumber == direct.choice(of: index))
                #expect(prediction.scores.count == 10)
                // As the file says what its pictures look like, paper is inverted unless told otherwise.
                let paper = try classifier.predict(picture.inverted())
                #expect(paper.isInverted)
                #expect(paper.probabilities == prediction.probabilities)
                #expect(!(try classifier.predict(picture)).isInverted)
                let kept = try classifier.predict(picture.inverted(), inverting: .never)
                #expect(!kept.isInverted && kept.probabilities != prediction.probabilities)
                #expect(prediction.top(3).map(\.label).first == prediction.label)
            }
        }
    }

    @Test func everyChangedByteIsNoticed() throws {
        let (trainer, test) = try trained()
        try withFolder { folder in
            let file = folder.appendingPathComponent("model.martlet")
            try trainer.saveModel(to: file, trainedOn: test)
            let good = [UInt8](try Data(contentsOf: file))
            for position in stride(from: 0, to: good.count, by: good.count / 40) {
                var bad = good
                bad[position] ^= 0x10
                try Data(bad).write(to: file)
                #expect(throws: CheckpointError.self) { try ModelFile(contentsOf: file) }
            }
            try Data(good.prefix(good.count / 2)).write(to: file)
            #expect(throws: CheckpointError.self) { try ModelFile(contentsOf: file) }
        }
    }

    @Test func aCheckpointIsNoModelAndSaysSo() throws {
        let (trainer, _) = try trained()
        try withFolder { folder in
            let file = folder.appendingPathComponent("last.martlet")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try trainer.save(to: file)
            let error = #expect(throws: CheckpointError.self) { try ModelFile(contentsOf: file) }
            #expect(error?.description.contains("is not a model file of Martlet") == true)
            #expect(error?.description.contains("a checkpoint") == true)
        }
    }

    @Test func dataOfAnotherSizeIsRefused() throws {
        let (trainer, test) = try trained()
        let description = ModelDescription(
            name: "net", classNames: test.classNames, output: .logits,
            preparation: PicturePreparation(width: 8, height: 8, channels: 1), brightest: 16)
        let classifier = try Classifier(trainer.modelFile(description))
        let other = Dataset(
            name: "other", images: [UInt8](repeating: 0, count: 49), imageShape: [1, 7, 7],
            brightest: 16, labels: [0], classNames: test.classNames)
        #expect(throws: ModelError.self) { try classifier.predict(other) }
    }
}
