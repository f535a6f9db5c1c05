import Foundation
import MartletData
import Testing

@Suite struct RealDataTests {
    /// The folder with MNIST: `MARTLET_DATA`, or `shared/data` beside the sources.
    private static let folder: URL? = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let named = ProcessInfo.processInfo.environment["MARTLET_DATA"] ?? ""
        let candidates = [
            named.isEmpty ? nil : URL(fileURLWithPath: named, isDirectory: true),
            root.appendingPathComponent("shared/data"),
        ].compactMap { $0 }
        return candidates.flatMap { [$0.appendingPathComponent("mnist"), $0] }.first { folder in
            ["", ".gz"].contains {
                FileManager.default.fileExists(
                    atPath: folder.appendingPathComponent("train-images-idx3-ubyte\($0)").path)
            }
        }
    }()

    /// Sums computed by NumPy from the published files.
    @Test(
        .enabled(
            if: folder != nil, "MNIST is not here; MARTLET_DATA names the folder that holds it"),
        arguments: [
            (Split.train, 60_000, 267_236, 1_567_298_545), (.test, 10_000, 44_434, 264_923_200),
        ])
    func readsMNIST(split: Split, count: Int, labelSum: Int, pixelSum: Int) throws {
        let folder = try #require(Self.folder)
        let data = try Dataset(contentsOf: folder, split: split)
        #expect(data.count == count && data.imageShape == [1, 28, 28])
        #expect(data.labels.reduce(0) { $0 + Int($1) } == labelSum)
        var sum = 0
        for batch in data.batches(of: 1000) {
            sum += try batch.images().bytes.reduce(0) { $0 + Int($1) }
        }
        #expect(sum == pixelSum)
    }

    /// The files agree with the published checksums, and their name leads to them.
    @Test(
        .enabled(
            if: folder != nil, "MNIST is not here; MARTLET_DATA names the folder that holds it"))
    func findsMNISTByItsName() throws {
        let folder = try #require(Self.folder)
        let settings = FetchSettings(
            isOffline: true, environment: ["MARTLET_DATA": folder.path])
        let train = try Dataset.named("MNIST", .train, settings)
        #expect(train.name == "mnist (train)" && train.count == 60_000)
        #expect(try Dataset.named("mnist", .test, settings).count == 10_000)
        let reports = try DatasetFetcher(settings).verify("mnist", in: folder)
        #expect(!reports.isEmpty && reports.allSatisfy { $0.state == .verified })
    }
}
