import Foundation
import MartletData
import Testing

@Suite struct AtomicFileTests {
    @Test func replacesTheWholeFileAndLeavesNothingElse() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("martlet-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let url = folder.appendingPathComponent("deep/er/report.txt")
        try AtomicFile.write(Array("a long first text".utf8), to: url)
        try AtomicFile.write(Array("short".utf8), to: url)
        #expect(try String(contentsOf: url, encoding: .utf8) == "short")
        let names = try FileManager.default.contentsOfDirectory(
            atPath: url.deletingLastPathComponent().path)
        #expect(names == ["report.txt"])
    }

    @Test func aPlaceThatCannotBeWrittenIsAnError() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("martlet-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try AtomicFile.write([1, 2], to: folder.appendingPathComponent("file"))
        let inside = folder.appendingPathComponent("file/report.txt")
        let error = try #require(throws: DataError.self) { try AtomicFile.write([3], to: inside) }
        #expect(error.kind == .unwritable)
        // A folder cannot be replaced by a file; the attempt leaves no temporary file behind.
        let taken = folder.appendingPathComponent("taken")
        try FileManager.default.createDirectory(
            at: taken.appendingPathComponent("x"), withIntermediateDirectories: true)
        #expect(throws: DataError.self) { try AtomicFile.write([3], to: taken) }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(Set(names) == ["file", "taken"])
    }
}
