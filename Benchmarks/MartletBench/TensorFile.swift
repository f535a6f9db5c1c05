import Foundation

/// Named tensors for the peer's side, in the form that `peers/pytorch_mnist_keras.py` describes.
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
