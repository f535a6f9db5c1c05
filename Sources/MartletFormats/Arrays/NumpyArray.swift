import Foundation
import MartletGraph

/// One array in NumPy's `.npy` format, versions 1 to 3.
///
/// Kinds without an element type of their own widen to the next that holds every value: `f2` to
/// `float32`; `i1`, `i2` and `u2` to `int32`; `u4` and `u8` to `int64` (a `u8` from 2^63 on is
/// refused). Column-major (Fortran) arrays come out row-major, big-endian ones in native order.
/// Texts, dates, records and objects are refused.
public enum NumpyArray {
    /// Reads the array of the file at `url`.
    public static func read(contentsOf url: URL) throws(FormatError) -> HostTensor {
        try read(FileContents(contentsOf: url))
    }

    /// Reads the array of a file in memory; bytes behind the last element are refused.
    public static func read(_ file: FileContents) throws(FormatError) -> HostTensor {
        let header = try NumpyHeader(file)
        guard let size = checkedProduct(header.shape + [header.kind.byteCount]),
            checkedProduct(header.shape + [8]) != nil
        else {
            throw FormatError(
                .malformed, file: file.name, place: "shape",
                expected: "sizes below 2^63 bytes in all", found: "\(header.shape)")
        }
        let found = file.bytes.count - header.contentOffset
        guard size == found else {
            throw FormatError(
                .malformed, file: file.name, offset: header.contentOffset,
                expected: "\(size) bytes for \(header.kind.name) \(header.shape)",
                found: "\(found) bytes")
        }
        return try ElementReader(
            file: file, kind: header.kind, range: header.contentOffset..<file.bytes.count,
            shape: header.shape, isColumnMajor: header.isColumnMajor
        ).tensor()
    }

    /// The `.npy` file (version 1) of a tensor.
    public static func write(_ tensor: HostTensor) -> [UInt8] {
        let code =
            switch tensor.type.dtype {
            case .float32: "<f4"
            case .float64: "<f8"
            case .int32: "<i4"
            case .int64: "<i8"
            case .uint8: "|u1"
            case .bool: "|b1"
            }
        let sizes = tensor.type.shape.map { "\($0)," }.joined(separator: " ")
        let shape = tensor.type.rank == 1 ? sizes : String(sizes.dropLast())
        var header = "{'descr': '\(code)', 'fortran_order': False, 'shape': (\(shape)), }"
        // The elements begin at a multiple of 64 bytes.
        let padding = 63 - (10 + header.utf8.count) % 64
        header += String(repeating: " ", count: padding) + "\n"
        let length = header.utf8.count
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)]
            + Array(header.utf8) + tensor.bytes
    }
}

/// The arrays of an `.npz` file, which is a zip file of `.npy` files; read when asked for.
public struct NumpyArchive: Sendable {
    /// The zip file underneath.
    public let archive: ZipArchive

    /// Opens the file at `url`.
    public init(contentsOf url: URL) throws(FormatError) {
        archive = try ZipArchive(contentsOf: url)
    }

    /// Opens an archive in memory.
    public init(_ file: FileContents) throws(FormatError) { archive = try ZipArchive(file) }

    /// The names of the arrays, sorted; entries that do not end in `.npy` are no arrays.
    public var names: [String] {
        archive.entries.map(\.name).filter { $0.hasSuffix(".npy") }.map { String($0.dropLast(4)) }
            .sorted()
    }

    /// The array of that name.
    ///
    /// - Throws: `FormatError` that lists the names there are, or tells what is wrong with it.
    public func array(_ name: String, limit: Int = 4 << 30) throws(FormatError) -> HostTensor {
        guard let entry = archive.entry(name + ".npy") else {
            throw FormatError(
                .malformed, file: archive.file.name, expected: "an array named \(name)",
                found: names.isEmpty ? "no arrays" : shortList(names))
        }
        return try NumpyArray.read(try archive.contents(entry, limit: limit))
    }
}
