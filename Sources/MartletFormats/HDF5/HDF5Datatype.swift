/// The kind of an array's or an attribute's elements.
struct HDF5Datatype {
    enum Kind: Equatable {
        case number(ElementKind)
        /// Texts of a fixed length in bytes.
        case fixedText
        /// Texts in the heap that many objects share.
        case sharedText
    }

    var kind: Kind
    /// The size of one element in bytes.
    var size: Int

    /// Reads the description of a type.
    ///
    /// - Throws: `FormatError` that names the kinds that are not read here.
    init(
        _ range: Range<Int>, _ path: String, _ hdf5: HDF5File, depth: Int = 0
    ) throws(FormatError) {
        var cursor = ByteCursor(hdf5.file, at: range.lowerBound)
        func refused(_ found: String) -> FormatError {
            FormatError(
                .unsupported, file: hdf5.file.name, offset: range.lowerBound, place: path,
                expected: "whole numbers, float16, float32, float64, truth values or texts",
                found: found)
        }
        let head = try cursor.byte("an element type")
        let bits = Int(try cursor.littleEndian(3, "an element type"))
        size = try cursor.size(4, "an element type")
        switch head & 15 {
        case 0:
            let place = try cursor.size(2, "an element type")
            let precision = try cursor.size(2, "an element type")
            guard [1, 2, 4, 8].contains(size), place == 0, precision == 8 * size else {
                throw refused("whole numbers of \(precision) bits in \(size) bytes")
            }
            kind = .number(
                ElementKind(
                    form: bits & 8 != 0 ? .signed : .unsigned, byteCount: size,
                    isBigEndian: bits & 1 != 0))
        case 1:
            let layout = hdf5.file.bytes[try cursor.take(12, "an element type")]
            guard bits & 0x40 == 0, let standard = Self.floats[size],
                layout.elementsEqual(standard)
            else { throw refused("floating-point numbers of \(size) bytes that are not IEEE's") }
            kind = .number(
                ElementKind(form: .float, byteCount: size, isBigEndian: bits & 1 != 0))
        case 3: kind = .fixedText
        case 8:
            // h5py's truth values: an enumeration of two one-byte numbers.
            guard depth == 0, bits & 0xFFFF == 2 else { throw refused("an enumeration") }
            let base = try HDF5Datatype(
                cursor.position..<range.upperBound, path, hdf5, depth: 1)
            guard case .number(let number) = base.kind, number.byteCount == 1, size == 1 else {
                throw refused("an enumeration")
            }
            kind = .number(ElementKind(form: .truth, byteCount: 1))
        case 9:
            guard bits & 15 == 1, size == 8 + hdf5.sizes.offset else {
                throw refused("lists of varying length")
            }
            kind = .sharedText
        case let other: throw refused(Self.names[Int(other)] ?? "type class \(other)")
        }
    }

    private static let names = [
        2: "times", 4: "bit fields", 5: "opaque values", 6: "records", 7: "references",
        10: "arrays as elements",
    ]

    /// Place and size of the number's bits, of exponent and fraction, and the exponent's bias.
    private static let floats: [Int: [UInt8]] = [
        2: [0, 0, 16, 0, 10, 5, 0, 10, 15, 0, 0, 0],
        4: [0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0],
        8: [0, 0, 64, 0, 52, 11, 0, 52, 255, 3, 0, 0],
    ]
}

/// The shape of an array or an attribute.
enum HDF5Dataspace {
    /// The sizes of the axes; `nil` for the space that holds nothing at all.
    static func shape(
        _ range: Range<Int>, _ path: String, _ hdf5: HDF5File
    ) throws(FormatError) -> [Int]? {
        var cursor = ByteCursor(hdf5.file, at: range.lowerBound)
        let version = try cursor.byte("a shape")
        let rank = Int(try cursor.byte("the number of axes"))
        _ = try cursor.byte("a shape")
        switch version {
        case 1: _ = try cursor.take(5, "a shape")
        case 2: if try cursor.byte("the kind of a shape") == 2 { return nil }
        default:
            throw FormatError(
                .unsupported, file: hdf5.file.name, offset: range.lowerBound, place: path,
                expected: "a shape of version 1 or 2", found: "\(version)")
        }
        guard rank <= 32 else {
            throw FormatError(
                .malformed, file: hdf5.file.name, offset: range.lowerBound, place: path,
                expected: "at most 32 axes", found: "\(rank)")
        }
        var shape: [Int] = []
        for _ in 0..<rank { shape.append(try hdf5.sizes.length(&cursor, "a size")) }
        guard checkedProduct(shape + [8]) != nil else {
            throw FormatError(
                .malformed, file: hdf5.file.name, offset: range.lowerBound, place: path,
                expected: "fewer than 2^60 elements", found: "\(shape)")
        }
        return shape
    }
}
