/// Writes the fields of one protobuf message.
///
/// Fields with the value that an absent field has are written all the same; callers leave them out.
struct ProtobufWriter {
    /// The message so far.
    private(set) var bytes: [UInt8] = []

    /// A whole number.
    mutating func integer(_ field: Int, _ value: Int64) {
        key(field, 0)
        varint(UInt64(bitPattern: value))
    }

    /// A single-precision number.
    mutating func float(_ field: Int, _ value: Float) {
        key(field, 5)
        little(UInt64(value.bitPattern), 4)
    }

    /// A double-precision number.
    mutating func double(_ field: Int, _ value: Double) {
        key(field, 1)
        little(value.bitPattern, 8)
    }

    /// Bytes as they stand.
    mutating func bytes(_ field: Int, _ value: [UInt8]) {
        key(field, 2)
        varint(UInt64(value.count))
        bytes += value
    }

    /// A text in UTF-8; nothing for an empty one.
    mutating func text(_ field: Int, _ value: String) {
        if !value.isEmpty { bytes(field, Array(value.utf8)) }
    }

    /// A message inside this one.
    mutating func message(_ field: Int, _ body: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        body(&inner)
        bytes(field, inner.bytes)
    }

    /// Whole numbers packed together; nothing for an empty list.
    mutating func integers(_ field: Int, _ values: [Int64]) {
        if values.isEmpty { return }
        var inner = ProtobufWriter()
        for value in values { inner.varint(UInt64(bitPattern: value)) }
        bytes(field, inner.bytes)
    }

    /// Single-precision numbers packed together; nothing for an empty list.
    mutating func floats(_ field: Int, _ values: [Float]) {
        if values.isEmpty { return }
        var inner = ProtobufWriter()
        for value in values { inner.little(UInt64(value.bitPattern), 4) }
        bytes(field, inner.bytes)
    }

    /// Double-precision numbers packed together; nothing for an empty list.
    mutating func doubles(_ field: Int, _ values: [Double]) {
        if values.isEmpty { return }
        var inner = ProtobufWriter()
        for value in values { inner.little(value.bitPattern, 8) }
        bytes(field, inner.bytes)
    }

    private mutating func key(_ field: Int, _ wire: UInt64) { varint(UInt64(field) << 3 | wire) }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    private mutating func little(_ value: UInt64, _ count: Int) {
        for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
    }
}
