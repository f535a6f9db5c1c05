import Foundation
import Martlet
import MartletFormats
import Testing

@Suite struct TensorBoardLogTests {
    private let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("martlet-board-\(UUID().uuidString)")

    private func trainer() throws -> (Trainer<Sequential>, Dataset) {
        let data = Dataset(
            name: "noise", images: (0..<16 * 12).map { UInt8(truncatingIfNeeded: $0 &* 37) },
            imageShape: [1, 4, 4], labels: (0..<12).map { Int32($0 % 3) },
            classNames: ["a", "b", "c"])
        let net = Sequential {
            Flatten()
            Dense(3)
        }
        let trainer = try net.compile(
            inputShape: [1, 4, 4], optimizer: Adam(), loss: .crossEntropy, metrics: [.accuracy])
        return (trainer, data)
    }

    /// All records of the files in a folder, by the order of their names.
    private func events(_ name: String) throws -> [Event] {
        let folder = folder.appendingPathComponent(name)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        return try names.flatMap { name in
            try EventFile.read(FileContents(contentsOf: folder.appendingPathComponent(name)))
        }
    }

    private func numbers(_ events: [Event], _ tag: String) -> [Int: Float] {
        var numbers: [Int: Float] = [:]
        for event in events {
            guard case .values(let values) = event.content else { continue }
            for value in values where value.tag == tag {
                if case .number(let number) = value.kind { numbers[event.step] = number }
            }
        }
        return numbers
    }

    @Test func writesWhatKerasWrites() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let (trainer, data) = try trainer()
        let picture = Picture(width: 3, height: 2, filledWith: [10, 20, 30])
        let history = try trainer.fit(
            data, validation: data, epochs: 3, batchSize: 4,
            callbacks: [
                TensorBoardLog(folder, histogramsEvery: 2, pictures: [("samples", picture)])
            ])
        let (train, validation) = (try events("train"), try events("validation"))
        for epoch in history.epochs {
            #expect(numbers(train, "epoch_loss")[epoch.number] == Float(epoch.loss))
            #expect(
                numbers(train, "epoch_accuracy")[epoch.number]
                    == epoch["accuracy"].map { Float($0) })
            #expect(
                numbers(train, "epoch_learning_rate")[epoch.number] == Float(epoch.learningRate))
            #expect(
                numbers(validation, "epoch_loss")[epoch.number]
                    == epoch.validationLoss.map { Float($0) })
            #expect(
                numbers(validation, "epoch_accuracy")[epoch.number]
                    == epoch["val_accuracy"].map { Float($0) })
        }
        var (histograms, pictures, graphs, starts) = ([Int: [String]](), 0, 0, [Int]())
        for event in train {
            switch event.content {
            case .graph(let bytes):
                graphs += 1
                #expect(String(decoding: bytes, as: UTF8.self).contains("layers/1/matmul"))
            case .start: starts.append(event.step)
            case .values(let values):
                for value in values {
                    if case .histogram(let histogram) = value.kind {
                        histograms[event.step, default: []].append(value.tag)
                        #expect(histogram.count == (value.tag.contains("weight") ? 48 : 3))
                    }
                    if case .picture(_, 3, 2, 3) = value.kind { pictures += 1 }
                }
            case .version, .other: break
            }
        }
        #expect(histograms == [2: ["layers/1/bias/histogram", "layers/1/weight/histogram"]])
        #expect(pictures == 1 && graphs == 1 && starts == [0])
    }

    @Test func aResumedRunVoidsWhatItTrainsAgain() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let (first, data) = try trainer()
        try first.fit(data, epochs: 2, batchSize: 4, callbacks: [TensorBoardLog(folder)])
        let (second, _) = try trainer()
        let file = folder.appendingPathComponent("last.martlet")
        try first.save(to: file)
        try second.resume(from: file)
        try second.fit(data, epochs: 3, batchSize: 4, callbacks: [TensorBoardLog(folder)])
        let events = try events("train")
        #expect(numbers(events, "epoch_loss").keys.sorted() == [1, 2, 3])
        let starts = events.filter { $0.content == .start }.map(\.step).sorted()
        #expect(starts == [0, 3])
        #expect(events.count { if case .graph = $0.content { true } else { false } } == 1)
        // Without validation there is no such folder.
        #expect(
            !FileManager.default.fileExists(
                atPath: folder.appendingPathComponent("validation").path))
    }
}
