import ArgumentParser
import Foundation
import MartletData

/// `martlet-bench folder`: how quickly pictures come out of a folder, decoded and in batches.
struct FolderLoading: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "folder",
        abstract: "Decode a folder of pictures into batches and print pictures a second (Linux).",
        discussion: """
            Decoded pictures are not kept, so that every epoch reads and decodes each file again. \
            Benchmarks/folder_loader.py does the same with torchvision, side by side.
            """)

    @Argument(help: "A folder with one folder of pictures for each class.")
    var folder: String

    @Option(help: "How many threads decode.")
    var workers = 2

    @Option(help: "How many pictures make one batch.")
    var batchSize = 128

    @Option(help: "How often the folder is read.")
    var epochs = 3

    func validate() throws {
        for (name, value) in [
            ("--workers", workers), ("--batch-size", batchSize), ("--epochs", epochs),
        ] where value < 1 { throw ValidationError("\(name) must be at least 1, got \(value)") }
    }

    func run() throws {
        let clock = ContinuousClock()
        let root = URL(fileURLWithPath: folder, isDirectory: true)
        var data: Dataset?
        let listing = try clock.measure { data = try Dataset.imageFolder(root, memoryLimit: 0) }
        guard let data else { return }
        print("listed \(data.count) pictures in \(seconds(listing)) s")
        let size = batchSize * data.imageSize
        let target = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
        defer { target.deallocate() }
        let loader = BatchLoader(
            data, BatchOptions(size: batchSize, shuffleSeed: 1, workers: workers))
        for epoch in 1...epochs {
            var count = 0
            let time = try clock.measure {
                let feed = loader.feed(epoch: epoch)
                while let batch = try feed.next() {
                    let bytes = batch.count * data.imageSize
                    try batch.writeImages(
                        to: UnsafeMutableRawBufferPointer(rebasing: target[..<bytes]))
                    count += batch.count
                }
            }
            let rate = Int(Double(count) / (time / .seconds(1)))
            print(
                "epoch \(epoch): \(rate) pictures a second, resident \(try residentBytes() >> 20) MB"
            )
        }
    }

    private func seconds(_ time: Duration) -> String {
        String(format: "%.3f", time / .seconds(1))
    }

    /// The memory of this process that lies in RAM, from `/proc/self/statm`.
    private func residentBytes() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else {
            throw ValidationError("/proc/self/statm has another form: \(text)")
        }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}
