import MartletGraph

/// One array of the file: its type, its shape and where its numbers lie.
struct HDF5Array {
    private let hdf5: HDF5File
    private let path: String
    private let kind: ElementKind
    private let shape: [Int]
    private let layout: HDF5Message
    private let filters: [HDF5Filter]
    /// The size of all numbers in bytes.
    private let size: Int

    /// Reads everything about an array but its numbers.
    init(_ object: HDF5Object, _ path: String, _ hdf5: HDF5File) throws(FormatError) {
        (self.hdf5, self.path) = (hdf5, path)
        func refused(_ found: String, _ kind: FormatError.Kind = .unsupported) -> FormatError {
            FormatError(
                kind, file: hdf5.file.name, offset: object.address, place: path,
                expected: "an array of numbers with a type, a shape and a layout", found: found)
        }
        guard let type = object.message(.datatype), let space = object.message(.dataspace),
            let layout = object.message(.layout)
        else { throw refused("one of them is absent", .malformed) }
        guard !type.isShared, !space.isShared, !layout.isShared else {
            throw refused("one that is kept elsewhere")
        }
        if object.message(.externalFiles) != nil { throw refused("numbers in other files") }
        let element = try HDF5Datatype(type.range, path, hdf5)
        guard case .number(let kind) = element.kind else { throw refused("texts") }
        guard let shape = try HDF5Dataspace.shape(space.range, path, hdf5) else {
            throw refused("an empty space")
        }
        (self.kind, self.shape, self.layout) = (kind, shape, layout)
        filters =
            try object.message(.filters).map { message throws(FormatError) in
                try HDF5Filter.all(message, path, hdf5)
            } ?? []
        guard let size = checkedProduct(shape + [kind.byteCount]) else {
            throw refused("\(shape)", .malformed)
        }
        self.size = size
    }

    /// The numbers, and how many bytes of the file they take.
    func read(limit: Int) throws(FormatError) -> (tensor: HostTensor, byteCount: Int) {
        guard size <= limit else {
            throw FormatError(
                .tooLarge, file: hdf5.file.name, place: path,
                expected: "at most \(limit) bytes", found: "\(size)")
        }
        var cursor = ByteCursor(hdf5.file, at: layout.range.lowerBound)
        let version = try cursor.byte("a layout")
        guard version == 3 || version == 4 else {
            throw refused("a layout of version 3 or 4", "version \(version)")
        }
        let form = try cursor.byte("a layout")
        switch form {
        case 0:
            let length = try cursor.size(2, "a layout")
            return try whole(try cursor.take(length, "the numbers of \(path)"))
        case 1:
            guard size > 0 else { return try whole(0..<0) }
            guard let start = try hdf5.sizes.address(&cursor, "the numbers of \(path)") else {
                throw refused("numbers that were written", "an array without values")
            }
            let length = try hdf5.sizes.length(&cursor, "the numbers of \(path)")
            cursor.position = start
            return try whole(try cursor.take(length, "the numbers of \(path)"))
        case 2 where version == 3: return try chunks(&cursor)
        default:
            throw refused(
                "contiguous, compact or chunked numbers",
                form == 2 ? "chunks of HDF5 1.10's form" : "layout \(form)")
        }
    }

    private func refused(_ expected: String, _ found: String) -> FormatError {
        FormatError(
            .unsupported, file: hdf5.file.name, offset: layout.range.lowerBound, place: path,
            expected: expected, found: found)
    }

    private func whole(
        _ range: Range<Int>
    ) throws(FormatError) -> (tensor: HostTensor, byteCount: Int) {
        guard range.count >= size, filters.isEmpty else {
            throw FormatError(
                .malformed, file: hdf5.file.name, offset: range.lowerBound, place: path,
                expected: "\(size) bytes for \(kind.name) \(shape)",
                found: filters.isEmpty ? "\(range.count)" : "a filter without chunks")
        }
        let tensor = try ElementReader(
            file: hdf5.file, kind: kind, range: range.lowerBound..<range.lowerBound + size,
            shape: shape
        ).tensor()
        return (tensor, size)
    }

    private func chunks(
        _ cursor: inout ByteCursor
    ) throws(FormatError) -> (tensor: HostTensor, byteCount: Int) {
        let rank = Int(try cursor.byte("the axes of chunks")) - 1
        let root = try hdf5.sizes.address(&cursor, "the tree of chunks")
        var chunk: [Int] = []
        for _ in 0..<max(0, rank) { chunk.append(try cursor.size(4, "the size of chunks")) }
        guard rank == shape.count, try cursor.size(4, "the size of chunks") == kind.byteCount,
            chunk.allSatisfy({ $0 > 0 }), let volume = checkedProduct(chunk + [kind.byteCount]),
            volume <= 1 << 32
        else {
            throw FormatError(
                .malformed, file: hdf5.file.name, offset: layout.range.lowerBound, place: path,
                expected: "chunks with \(shape.count) axes of \(kind.byteCount)-byte elements",
                found: "\(chunk)")
        }
        guard size > 0 else { return try whole(0..<0) }
        guard let root else {
            throw refused("numbers that were written", "an array without values")
        }
        var reader = HDF5Chunks(
            hdf5: hdf5, path: path, shape: shape, chunk: chunk, width: kind.byteCount,
            filters: filters)
        let bytes = try reader.bytes(root, size: size)
        let tensor = try ElementReader(
            file: FileContents(bytes, name: hdf5.file.name), kind: kind, range: 0..<size,
            shape: shape
        ).tensor()
        return (tensor, reader.storedCount)
    }
}

/// One step of the packing of chunks.
enum HDF5Filter: Equatable {
    case deflate
    /// The bytes of equal rank of all elements stand together; elements of `width` bytes.
    case shuffle(width: Int)

    /// The steps in the order in which they were applied when writing.
    static func all(
        _ message: HDF5Message, _ path: String, _ hdf5: HDF5File
    ) throws(FormatError) -> [HDF5Filter] {
        var cursor = ByteCursor(hdf5.file, at: message.range.lowerBound)
        let version = try cursor.byte("the filters")
        guard version == 1 || version == 2 else {
            throw FormatError(
                .unsupported, file: hdf5.file.name, offset: message.range.lowerBound, place: path,
                expected: "filters of version 1 or 2", found: "\(version)")
        }
        let count = try cursor.byte("the number of filters")
        if version == 1 { _ = try cursor.take(6, "the filters") }
        var filters: [HDF5Filter] = []
        for _ in 0..<count {
            let place = cursor.position
            let number = try cursor.size(2, "a filter")
            let nameLength = version == 1 || number >= 256 ? try cursor.size(2, "a filter") : 0
            _ = try cursor.take(2, "a filter")
            let valueCount = try cursor.size(2, "a filter")
            let padding = version == 1 ? (8 - nameLength % 8) % 8 : 0
            _ = try cursor.take(nameLength + padding, "the name of a filter")
            var values: [Int] = []
            for _ in 0..<valueCount { values.append(try cursor.size(4, "a filter")) }
            if version == 1, valueCount % 2 == 1 { _ = try cursor.take(4, "a filter") }
            switch number {
            case 1: filters.append(.deflate)
            case 2: filters.append(.shuffle(width: values.first ?? 1))
            default:
                let names = [3: "fletcher32", 4: "szip", 5: "nbit", 6: "scaleoffset", 32000: "lzf"]
                throw FormatError(
                    .unsupported, file: hdf5.file.name, offset: place, place: path,
                    expected: "deflate or shuffle", found: names[number] ?? "filter \(number)",
                    fix: "save the array with compression=\"gzip\" or without")
            }
        }
        return filters
    }
}
