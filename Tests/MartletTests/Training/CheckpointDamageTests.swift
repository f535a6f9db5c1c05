import Foundation
import Martlet
import MartletTestSupport
import Testing

/// A checkpoint that is not whole is never used.
@Suite struct CheckpointDamageTests {
    private struct Place {
        let folder: URL
        let url: URL
        let bytes: [UInt8]
    }

    private static func saved() throws -> Place {
        let folder = try Sample.folder()
        let url = folder.appendingPathComponent("c.martlet")
        let net = Sequential {
            Flatten()
            Dense(4)
        }
        let trainer = try net.compile(
            inputShape: [1, 6, 6], optimizer: SGD(momentum: 0.9), loss: .crossEntropy)
        try trainer.fit(Sample.data(8), epochs: 1, batchSize: 8)
        try trainer.save(to: url)
        return Place(folder: folder, url: url, bytes: Array(try Data(contentsOf: url)))
    }

    private static func kind(_ bytes: some Sequence<UInt8>, _ place: Place) -> CheckpointError.Kind?
    {
        let url = place.folder.appendingPathComponent("changed.martlet")
        do {
            try Data(bytes).write(to: url)
            _ = try Checkpoint(contentsOf: url)
            return nil
        } catch {
            return (error as? CheckpointError)?.kind
        }
    }

    @Test func savingIsRepeatable() throws {
        let place = try Self.saved()
        defer { try? FileManager.default.removeItem(at: place.folder) }
        let again = place.folder.appendingPathComponent("again.martlet")
        try Checkpoint(contentsOf: place.url).write(to: again)
        #expect(Array(try Data(contentsOf: again)) == place.bytes)
    }

    @Test func everyTruncationIsNoticed() throws {
        let place = try Self.saved()
        defer { try? FileManager.default.removeItem(at: place.folder) }
        let count = place.bytes.count
        let lengths = Array(0..<24) + Array(stride(from: 24, to: count, by: 97)) + [count - 1]
        for length in lengths {
            #expect(Self.kind(place.bytes.prefix(length), place) == .damaged, "\(length) bytes")
        }
        #expect(Self.kind(place.bytes + [0], place) == .damaged)
    }

    @Test func everyFlippedByteIsNoticed() throws {
        let place = try Self.saved()
        defer { try? FileManager.default.removeItem(at: place.folder) }
        // All of the file takes long, so that other runs look at every seventh byte.
        let step = ProcessInfo.processInfo.environment["MARTLET_LONG"] == nil ? 7 : 1
        for position in stride(from: 0, to: place.bytes.count, by: step) {
            var bytes = place.bytes
            bytes[position] ^= UInt8(1 << (position % 8))
            #expect(Self.kind(bytes, place) == .damaged, "byte \(position)")
        }
    }

    @Test func aNewerVersionIsRefused() throws {
        let place = try Self.saved()
        defer { try? FileManager.default.removeItem(at: place.folder) }
        var file = try CheckpointFile(contentsOf: place.url)
        file.setText("2", for: "formatVersion")
        file.setText("0.9.0", for: "martletVersion")
        let url = place.folder.appendingPathComponent("newer.martlet")
        try file.write(to: url)
        let error = #expect(throws: CheckpointError.self) { try Checkpoint(contentsOf: url) }
        #expect(error?.kind == .newer)
        #expect(error?.description.contains("format 2, written by Martlet 0.9.0") == true)
    }

    @Test func anOlderVersionIsMigrated() throws {
        let place = try Self.saved()
        defer { try? FileManager.default.removeItem(at: place.folder) }
        var file = try CheckpointFile(contentsOf: place.url)
        file.setText("0", for: "formatVersion")
        file.setText(nil, for: "callbacks")
        file.rename("training/loss", to: "sums/loss")
        let url = place.folder.appendingPathComponent("older.martlet")
        try file.write(to: url)
        let (old, new) = (try Checkpoint(contentsOf: url), try Checkpoint(contentsOf: place.url))
        #expect(old.tensors == new.tensors)
        #expect(old.history == new.history && old.totalSteps == new.totalSteps)
    }

    @Test func aFailedWriteLeavesTheOldFile() throws {
        let place = try Self.saved()
        defer { try? FileManager.default.removeItem(at: place.folder) }
        let checkpoint = try Checkpoint(contentsOf: place.url)
        // A folder of that name cannot be replaced by a file.
        let blocked = place.folder.appendingPathComponent("blocked.martlet")
        try FileManager.default.createDirectory(
            at: blocked.appendingPathComponent("inside"), withIntermediateDirectories: true)
        let error = #expect(throws: CheckpointError.self) { try checkpoint.write(to: blocked) }
        #expect(error?.kind == .unwritable)
        #expect(Array(try Data(contentsOf: place.url)) == place.bytes)
        let names = try FileManager.default.contentsOfDirectory(atPath: place.folder.path)
        #expect(Set(names) == ["c.martlet", "blocked.martlet"])
        let below = place.url.appendingPathComponent("x.martlet")
        #expect(throws: CheckpointError.self) { try checkpoint.write(to: below) }
    }

    @Test func otherFilesAreNoCheckpoints() throws {
        let place = try Self.saved()
        defer { try? FileManager.default.removeItem(at: place.folder) }
        #expect(Self.kind(Array("P6 1 1 255 abc".utf8), place) == .damaged)
        let missing = place.folder.appendingPathComponent("none.martlet")
        let error = #expect(throws: CheckpointError.self) { try Checkpoint(contentsOf: missing) }
        #expect(error?.kind == .missing)
    }
}

extension CheckpointFile {
    fileprivate mutating func setText(_ text: String?, for key: String) {
        change { texts, _ in texts[key] = text }
    }

    fileprivate mutating func rename(_ name: String, to other: String) {
        change { _, tensors in
            tensors[other] = tensors[name]
            tensors[name] = nil
        }
    }
}
