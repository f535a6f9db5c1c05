import Foundation
import Martlet
import MartletData
import MartletFormats

/// The folder of one training run.
///
///     runs/mnist-keras-1/  settings.json  metrics.csv  metrics.jsonl  tensorboard/  checkpoints/
///                          model.martlet  plots/  report.html
public struct RunFolder: Hashable, Sendable {
    /// The folder.
    public let url: URL

    /// Names a folder.
    public init(_ url: URL) { self.url = url }

    /// The first folder `<name>-N` below `root` that is not there yet, made now.
    ///
    /// - Throws: `DataError` of kind `unwritable` when it cannot be made.
    public static func new(_ name: String, in root: URL) throws(DataError) -> RunFolder {
        let manager = FileManager.default
        do {
            try manager.createDirectory(at: root, withIntermediateDirectories: true)
        } catch {
            throw unwritable(root, error)
        }
        for number in 1... {
            let url = root.appendingPathComponent("\(name)-\(number)")
            if manager.fileExists(atPath: url.path) { continue }
            do {
                // Fails when another process was quicker; then the next number is free.
                try manager.createDirectory(at: url, withIntermediateDirectories: false)
                return RunFolder(url)
            } catch {
                if !manager.fileExists(atPath: url.path) { throw unwritable(url, error) }
            }
        }
        preconditionFailure("internal: there is a number without a folder")
    }

    /// Throws when no folder can be made below `root`, before anything else takes time.
    ///
    /// - Throws: `DataError` of kind `unwritable`.
    package static func check(_ root: URL) throws(DataError) {
        let manager = FileManager.default
        var place = root.standardizedFileURL
        while !manager.fileExists(atPath: place.path), place.path != "/" {
            place.deleteLastPathComponent()
        }
        var isFolder: ObjCBool = false
        _ = manager.fileExists(atPath: place.path, isDirectory: &isFolder)
        if isFolder.boolValue, manager.isWritableFile(atPath: place.path) { return }
        throw unwritable(
            root, found: isFolder.boolValue ? "\(place.path) cannot be written" : "a file")
    }

    /// The newest folder `<name>-N` below `root` whose run can go on, `nil` when there is none.
    public static func latest(_ name: String, in root: URL) -> RunFolder? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        let numbers = names.compactMap { entry -> Int? in
            entry.hasPrefix(name + "-") ? Int(entry.dropFirst(name.count + 1)) : nil
        }
        return numbers.sorted(by: >).lazy
            .map { RunFolder(root.appendingPathComponent("\(name)-\($0)")) }
            .first { FileManager.default.fileExists(atPath: $0.settings.path) }
    }

    /// What the run was told.
    public var settings: URL { url.appendingPathComponent("settings.json") }
    /// One row for each epoch.
    public var metricsTable: URL { url.appendingPathComponent("metrics.csv") }
    /// One JSON object for each event.
    public var metricsLog: URL { url.appendingPathComponent("metrics.jsonl") }
    /// What TensorBoard shows: `train` and `validation`.
    public var events: URL { url.appendingPathComponent("tensorboard", isDirectory: true) }
    /// The checkpoints.
    public var checkpoints: CheckpointFolder {
        CheckpointFolder(url.appendingPathComponent("checkpoints", isDirectory: true))
    }
    /// The model for prediction.
    public var model: URL { url.appendingPathComponent("model.martlet") }
    /// The pictures of curves and predictions.
    public var plots: URL { url.appendingPathComponent("plots", isDirectory: true) }
    /// The page.
    public var report: URL { url.appendingPathComponent("report.html") }
    /// The numbers of the run, for the report command.
    public var result: URL { url.appendingPathComponent("result.json") }

    /// Writes the settings.
    public func write(_ settings: RunSettings) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try AtomicFile.write(Array(try encoder.encode(settings)) + [10], to: self.settings)
    }

    /// Reads the settings of an earlier start.
    ///
    /// - Throws: `DataError` when they are not there, or are no settings.
    public func readSettings() throws(DataError) -> RunSettings {
        do {
            let file = try FileContents(contentsOf: settings)
            return try JSONDecoder().decode(RunSettings.self, from: Data(file.bytes))
        } catch let error as DecodingError {
            throw DataError(
                .malformed, file: settings.path, place: error.place,
                expected: "the settings of a run", found: error.problem)
        } catch {
            throw DataError(
                .missing, file: settings.path, expected: "the settings of a run",
                found: (error as? FormatError)?.found ?? error.plainReason,
                fix: "name the folder of a run, such as runs/mnist-keras-1")
        }
    }

    private static func unwritable(_ url: URL, _ error: any Error) -> DataError {
        unwritable(url, found: error.plainReason)
    }

    private static func unwritable(_ url: URL, found: String) -> DataError {
        DataError(
            .unwritable, file: url.path, expected: "a folder that can be written", found: found,
            fix: "name another folder with --out")
    }
}
