import Foundation
import MartletData

/// Named tensors for the peers' side, in the form that `peers/workload.py` describes.
struct TensorFile {
    private var count: Int32 = 0
    private var body: [UInt8] = []

    /// Adds 32-bit floats, row-major.
    mutating func add(_ name: String, _ values: [Float], shape: [Int]) {
        addHeader(name, kind: 0, shape)
        body += values.flatMap { Self.littleEndian($0.bitPattern) }
    }

    /// Adds 32-bit integers, row-major.
    mutating func add(_ name: String, _ values: [Int32], shape: [Int]) {
        addHeader(name, kind: 1, shape)
        body += values.flatMap { Self.littleEndian(UInt32(bitPattern: $0)) }
    }

    /// Adds bytes, row-major.
    mutating func add(_ name: String, _ values: [UInt8], shape: [Int]) {
        addHeader(name, kind: 2, shape)
        body += values
    }

    /// The whole file.
    var bytes: [UInt8] {
        Array("MTLBENCH".utf8) + Self.littleEndian(UInt32(bitPattern: count)) + body
    }

    private mutating func addHeader(_ name: String, kind: Int, _ shape: [Int]) {
        count += 1
        let name = Array(name.utf8)
        body += Self.littleEndian(UInt32(name.count)) + name
        body += ([kind, shape.count] + shape).flatMap { Self.littleEndian(UInt32($0)) }
    }

    private static func littleEndian(_ value: UInt32) -> [UInt8] {
        [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}

/// A folder with a workload for the peers, removed at the end.
final class WorkloadFolder {
    let url: URL

    /// Writes the workload with the given first values.
    init(_ workload: Workload, _ examples: Examples, _ weights: [String: HostWeights]) throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("martlet-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        var file = TensorFile()
        for (name, weight) in weights.sorted(by: { $0.key < $1.key }) {
            file.add(name, weight.values, shape: weight.shape)
        }
        let count = workload.exampleCount
        file.add("images", examples.images, shape: [count] + workload.shape)
        file.add("labels", examples.labels, shape: [count])
        file.add("order", examples.order, shape: [count])
        try AtomicFile.write(file.bytes, to: url.appendingPathComponent("tensors"))
        let settings = try JSONSerialization.data(withJSONObject: workload.json)
        try AtomicFile.write(Array(settings), to: url.appendingPathComponent("workload.json"))
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}

/// The values of one parameter.
struct HostWeights {
    var shape: [Int]
    var values: [Float]
}
