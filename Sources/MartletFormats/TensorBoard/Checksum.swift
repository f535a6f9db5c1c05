/// The CRC-32C (Castagnoli) of bytes, in the masked form of record files.
///
/// - Source: RFC 3720, appendix B.4, for the checksum; TensorFlow's `lib/hash/crc32c.h` for the mask.
package func maskedChecksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let sum = ~bytes.reduce(~UInt32(0)) { value, byte in
        value >> 8 ^ castagnoliTable[Int(UInt8(truncatingIfNeeded: value) ^ byte)]
    }
    return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
}

private let castagnoliTable: [UInt32] = (UInt32(0)..<256).map { index in
    (0..<8).reduce(index) { value, _ in value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
}
