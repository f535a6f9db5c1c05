import Foundation
import MartletGraph

extension Safetensors {
    /// Writes tensors in the given order and texts sorted by name; the file is complete or absent.
    ///
    /// Equal arguments give equal bytes. The numbers begin at a multiple of 8 bytes.
    ///
    /// - Throws: `FormatError` when a name comes twice or is `__metadata__`, the header would be
    ///   longer than `longestHeader`, or the place cannot be written.
    public static func write(
        _ tensors: [(name: String, tensor: HostTensor)], metadata: [String: String] = [:],
        to url: URL
    ) throws(FormatError) {
        let header = try header(tensors, metadata, url.path)
        try WholeFile.write([header] + tensors.map(\.tensor.bytes), to: url)
    }

    /// The bytes that `write` would write.
    public static func encoded(
        _ tensors: [(name: String, tensor: HostTensor)], metadata: [String: String] = [:]
    ) throws(FormatError) -> [UInt8] {
        var bytes = try header(tensors, metadata, "safetensors")
        bytes.reserveCapacity(tensors.reduce(bytes.count) { $0 + $1.tensor.bytes.count })
        for (_, tensor) in tensors { bytes += tensor.bytes }
        return bytes
    }

    private static func header(
        _ tensors: [(name: String, tensor: HostTensor)], _ metadata: [String: String],
        _ file: String
    ) throws(FormatError) -> [UInt8] {
        var text: [UInt8] = [UInt8(ascii: "{")]
        func append(_ name: String, _ value: [UInt8]) {
            if text.count > 1 { text.append(UInt8(ascii: ",")) }
            text += quotedForJSON(name) + [UInt8(ascii: ":")] + value
        }
        if !metadata.isEmpty {
            let members = metadata.sorted { $0.key < $1.key }.map {
                quotedForJSON($0.key) + [UInt8(ascii: ":")] + quotedForJSON($0.value)
            }
            let list = Array(members.joined(separator: [UInt8(ascii: ",")]))
            append(
                SafetensorsHeader.metadataName, [UInt8(ascii: "{")] + list + [UInt8(ascii: "}")])
        }
        var seen: Set<String> = [SafetensorsHeader.metadataName]
        var offset = 0
        for (name, tensor) in tensors {
            guard seen.insert(name).inserted else {
                throw FormatError(
                    .unwritable, file: file, expected: "every name once, and none \"__metadata__\"",
                    found: name)
            }
            let end = offset + tensor.bytes.count
            let shape = tensor.type.shape.map(String.init).joined(separator: ",")
            let value =
                "{\"dtype\":\"\(storedType(tensor.type.dtype))\",\"shape\":[\(shape)],"
                + "\"data_offsets\":[\(offset),\(end)]}"
            append(name, Array(value.utf8))
            offset = end
        }
        text.append(UInt8(ascii: "}"))
        text += [UInt8](repeating: 0x20, count: (8 - text.count % 8) % 8)
        guard text.count <= longestHeader else {
            throw FormatError(
                .unwritable, file: file, expected: "a header of at most \(longestHeader) bytes",
                found: "\(text.count) bytes")
        }
        return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
    }

    /// The name that the format has for an element type.
    static func storedType(_ type: DataType) -> String {
        switch type {
        case .float32: "F32"
        case .float64: "F64"
        case .int32: "I32"
        case .int64: "I64"
        case .uint8: "U8"
        case .bool: "BOOL"
        }
    }
}
