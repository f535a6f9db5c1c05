import Foundation
import MartletFormats
import MartletGraph
import Testing

@Suite struct EventFileTests {
    /// Writes a few records with a clock that gives the same times on every run.
    private func written(_ body: (EventWriter) throws -> Void) throws -> (URL, [UInt8]) {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("martlet-events-\(UUID().uuidString)")
        var time = 1_700_000_000.25
        let writer = try EventWriter(folder: folder, host: "host", process: 42) {
            defer { time += 1 }
            return time
        }
        try body(writer)
        writer.flush()
        defer { try? FileManager.default.removeItem(at: folder) }
        return (writer.url, try FileContents(contentsOf: writer.url).bytes)
    }

    @Test func namesFilesAsTensorBoardWants() throws {
        let name = EventFile.name(seconds: 12, host: "a/b", process: 7, number: 3)
        #expect(name == "events.out.tfevents.0000000012.a_b.7.3")
        let (url, _) = try written { _ in }
        #expect(url.lastPathComponent == "events.out.tfevents.1700000000.host.42.0")
    }

    @Test func readsWhatItWrites() throws {
        let picture = Picture(width: 3, height: 2, filledWith: [10, 20, 30])
        let (_, bytes) = try written { writer in
            try writer.scalar(0.5, tag: "epoch_loss", step: 1)
            try writer.scalar(.nan, tag: "epoch_loss", step: -2)
            try writer.picture(picture, tag: "samples/0", step: 3)
            try writer.histogram([1, 2, 2, -3], tag: "weights", step: 4)
        }
        let events = try EventFile.read(FileContents(bytes, name: "events"))
        #expect(events.map(\.step) == [0, 1, -2, 3, 4])
        #expect(events.map(\.time) == (0..<5).map { 1_700_000_000.25 + Double($0) })
        #expect(events[0].content == .version("brain.Event:2"))
        #expect(events[1].content == .values([.init("epoch_loss", .number(0.5))]))
        guard case .values(let notNumbers) = events[2].content,
            case .number(let number) = notNumbers.first?.kind
        else {
            Issue.record("no number")
            return
        }
        #expect(number.isNaN)
        guard case .values(let pictures) = events[3].content,
            case .picture(let png, let width, let height, let channels) = pictures.first?.kind
        else {
            Issue.record("no picture")
            return
        }
        #expect(width == 3 && height == 2 && channels == 3)
        #expect(try Picture(FileContents(png, name: "png")) == picture)
        #expect(
            events[4].content == .values([.init("weights", .histogram(Histogram([1, 2, 2, -3])))]))
    }

    @Test func readsWhatTensorBoardWrites() throws {
        let name = "events/events.out.tfevents.0000000001.peer.1.0"
        let events = try EventFile.read(Fixtures.own(name))
        #expect(events.map(\.step) == [0, 0, 1, 2, 9])
        #expect(events.map(\.time) == [1.5, 2.5, 3.5, 4.5, 9])
        #expect(events[2].content == .values([.init("epoch_loss", .number(0.5))]))
        guard case .values(let values) = events[4].content, values.count == 2,
            case .histogram(let histogram) = values[0].kind
        else {
            Issue.record("no histogram")
            return
        }
        #expect(histogram.limits == [0, 1.5, 3] && histogram.counts == [1, 1, 1])
        #expect(histogram.smallest == -1 && histogram.sumOfSquares == 6)
        let picture = Event.Value.Kind.picture(
            png: Array("no picture".utf8), width: 3, height: 2, channels: 1)
        #expect(values[1] == .init("samples", picture))
    }

    @Test func writesTheSameBytesForTheSameTimes() throws {
        let body: (EventWriter) throws -> Void = {
            try $0.scalar(1, tag: "a", step: 1)
            try $0.histogram([0, 1], tag: "b", step: 1)
        }
        #expect(try written(body).1 == (try written(body).1))
    }

    /// The frame of the record that TensorFlow writes first, for 1.0 seconds.
    @Test func framesRecordsAsTensorFlowDoes() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("martlet-events-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let writer = try EventWriter(folder: folder, host: "h", process: 1) { 1 }
        let bytes = try FileContents(contentsOf: writer.url).bytes
        #expect(Array(bytes.prefix(12)) == [24, 0, 0, 0, 0, 0, 0, 0, 0xA3, 0x7F, 0x4B, 0x22])
        #expect(Array(bytes[12..<21]) == [9, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F])
        #expect(Array(bytes[21..<36]) == [26, 13] + Array("brain.Event:2".utf8))
    }

    @Test func takesTheNextNumberForASecondFile() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("martlet-events-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let names = try (0..<3).map { _ in
            try EventWriter(folder: folder, host: "h", process: 1) { 5 }.url.lastPathComponent
        }
        #expect(names == (0..<3).map { "events.out.tfevents.0000000005.h.1.\($0)" })
    }

    @Test func countsInBucketsThatGrowByATenth() throws {
        let histogram = Histogram([0, 1, 1, 1.05, -1, .nan, .infinity])
        #expect(histogram.count == 5)
        #expect(histogram.smallest == -1 && histogram.largest == 1.05)
        #expect(abs(histogram.sum - 2.05) < 1e-12)
        #expect(abs(histogram.sumOfSquares - 4.1025) < 1e-12)
        #expect(histogram.counts.reduce(0, +) == 5)
        #expect(histogram.limits == histogram.limits.sorted())
        #expect(histogram.limits.last == .greatestFiniteMagnitude)
        // 0 counts in the bucket that ends at the first limit above it.
        let zero = try #require(histogram.limits.firstIndex { $0 > 0 })
        #expect(histogram.limits[zero] == 1e-12 && histogram.counts[zero] == 1)
        let one = try #require(histogram.limits.firstIndex { $0 > 1 })
        #expect(histogram.limits[one] < 1.05 && histogram.counts[one] == 2)
        #expect(histogram.counts[one + 1] == 1)
        #expect(Histogram([]).counts == [0])
    }

    @Test func notesGraphs() throws {
        var builder = GraphBuilder(name: "g")
        let x = builder.input("x", TensorType(.float32, [2]))
        builder.graph.outputs = [.init("y", builder.emit(.unary(.relu), x))]
        let (_, bytes) = try written { try $0.graph(builder.graph) }
        let events = try EventFile.read(FileContents(bytes, name: "events"))
        guard case .graph(let graph) = events.last?.content else {
            Issue.record("no graph")
            return
        }
        let text = String(decoding: graph, as: UTF8.self)
        #expect(text.contains("relu") && text.contains("result/y"))
    }

    @Test func refusesDamagedRecords() throws {
        let (_, bytes) = try written { try $0.scalar(1, tag: "a", step: 1) }
        for index in bytes.indices where index < 8 || index >= 12 {
            var changed = bytes
            changed[index] ^= 1
            Fixtures.expectRefusal("byte \(index)") {
                _ = try EventFile.read(FileContents(changed, name: "events"))
            }
        }
        Fixtures.expectRefusal("cut") {
            _ = try EventFile.read(FileContents(Array(bytes.dropLast()), name: "events"))
        }
    }

    @Test func saysWhereItCannotWrite() {
        let folder = URL(fileURLWithPath: "/proc/martlet")
        Fixtures.expectRefusal("folder") { _ = try EventWriter(folder: folder) }
    }
}
