import Foundation
import Martlet
import MartletFormats
import Testing

/// Leaves event files for Tests/Interchange/check.py, and reads them back.
@Suite struct EventExportTests {
    @Test func writesWhatTensorBoardShows() throws {
        let folder =
            InterchangeNet.exportFolder?.appendingPathComponent("events")
            ?? FileManager.default.temporaryDirectory
            .appendingPathComponent("martlet-events-\(UUID().uuidString)")
        defer {
            if InterchangeNet.exportFolder == nil {
                try? FileManager.default.removeItem(at: folder)
            }
        }
        let writer = try EventWriter(folder: folder, host: "host", process: 1) { 1_700_000_000 }
        let net = Sequential {
            Conv2D(2, kernelSize: 3)
            Flatten()
            Dense(2)
        }
        let predict = try EvaluationStep(net) { net, x in net(x) }
        try writer.graph(try predict.graph(for: [TensorType(.float32, [1, 1, 8, 8])]))
        try writer.scalar(0.5, tag: "epoch_loss", step: 1)
        try writer.scalar(0.25, tag: "epoch_loss", step: 2)
        try writer.histogram([1, 2, 2, -3], tag: "weights", step: 1)
        let picture = Picture(width: 3, height: 2, filledWith: [10, 20, 30])
        try writer.picture(picture, tag: "samples", step: 1)
        writer.flush()
        let events = try EventFile.read(FileContents(contentsOf: writer.url))
        #expect(events.count == 6)
        guard case .graph(let graph) = events[1].content else {
            Issue.record("no graph")
            return
        }
        let text = String(decoding: graph, as: UTF8.self)
        #expect(text.contains("layers/0/conv2D") && text.contains("model/layers/0/weight"))
    }
}
