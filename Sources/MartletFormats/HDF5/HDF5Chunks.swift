/// Puts an array together from chunks that a tree lists.
struct HDF5Chunks {
    let hdf5: HDF5File
    let path: String
    let shape: [Int]
    /// The shape of a chunk; those at the end of an axis reach past it.
    let chunk: [Int]
    /// The size of one element in bytes.
    let width: Int
    let filters: [HDF5Filter]
    /// How many bytes of the file the chunks take.
    private(set) var storedCount = 0

    private var seen: Set<Int> = []
    private var places: [(origin: [Int], range: Range<Int>, mask: Int)] = []

    init(
        hdf5: HDF5File, path: String, shape: [Int], chunk: [Int], width: Int,
        filters: [HDF5Filter]
    ) {
        (self.hdf5, self.path, self.shape, self.chunk) = (hdf5, path, shape, chunk)
        (self.width, self.filters) = (width, filters)
    }

    /// The elements in row-major order as they stand in the file.
    ///
    /// - Throws: `FormatError` also when a chunk is absent, since nothing is made up here.
    mutating func bytes(_ root: Int, size: Int) throws(FormatError) -> [UInt8] {
        try node(at: root, depth: 0)
        let counts = zip(shape, chunk).map { ($0 + $1 - 1) / $1 }
        // Memory is taken only after the file has shown as many packed bytes as that needs.
        let most = filters.contains(.deflate) ? Packing.largestRatio : 1
        guard Set(places.map(\.origin)).count == checkedProduct(counts), places.count > 0,
            checkedProduct(counts) == places.count, storedCount <= hdf5.file.bytes.count,
            size / most <= storedCount
        else {
            throw FormatError(
                .unsupported, file: hdf5.file.name, offset: root, place: path,
                expected: "every chunk of \(shape) in chunks of \(chunk), once",
                found: "\(places.count) chunks with \(storedCount) bytes")
        }
        var result = [UInt8](repeating: 0, count: size)
        for place in places {
            let content = try unpacked(place.range, place.mask)
            copy(content, place.origin, &result)
        }
        return result
    }

    private mutating func node(at address: Int, depth: Int) throws(FormatError) {
        try HDF5Tree.enter(address, depth, &seen, hdf5)
        var cursor = ByteCursor(hdf5.file, at: address)
        let head = try HDF5Tree.Head(&cursor, kind: 1, hdf5)
        for _ in 0..<head.count {
            let start = cursor.position
            let length = try cursor.size(4, "a chunk")
            let mask = try cursor.size(4, "a chunk")
            var origin: [Int] = []
            for _ in shape { origin.append(try cursor.size(8, "the place of a chunk")) }
            _ = try cursor.take(8, "the place of a chunk")
            let child = try hdf5.sizes.place(&cursor, "a chunk")
            if head.level > 0 {
                try node(at: child, depth: depth + 1)
                continue
            }
            var content = ByteCursor(hdf5.file, at: child)
            let range = try content.take(length, "a chunk of \(path)")
            let isInside = shape.indices.allSatisfy {
                origin[$0] < shape[$0] && origin[$0] % chunk[$0] == 0
            }
            guard isInside else {
                throw FormatError(
                    .malformed, file: hdf5.file.name, offset: start, place: path,
                    expected: "a chunk inside \(shape)", found: "one at \(origin)")
            }
            storedCount += length
            places.append((origin, range, mask))
        }
    }

    /// The bytes of one chunk with the filters taken back.
    private func unpacked(_ range: Range<Int>, _ mask: Int) throws(FormatError) -> [UInt8] {
        let volume = chunk.reduce(width, *)
        var bytes: [UInt8]?
        for (index, filter) in filters.enumerated().reversed() where mask >> index & 1 == 0 {
            switch filter {
            case .deflate:
                let packed = FileContents(
                    bytes ?? Array(hdf5.file.bytes[range]), name: hdf5.file.name)
                bytes = try packed.unpacked(.zlib, limit: volume).bytes
            case .shuffle(let width):
                let mixed = bytes ?? Array(hdf5.file.bytes[range])
                bytes = Self.unshuffled(mixed, width)
            }
        }
        let result = bytes ?? Array(hdf5.file.bytes[range])
        guard result.count == volume else {
            throw FormatError(
                .malformed, file: hdf5.file.name, offset: range.lowerBound, place: path,
                expected: "a chunk of \(volume) bytes", found: "\(result.count)")
        }
        return result
    }

    private static func unshuffled(_ mixed: [UInt8], _ width: Int) -> [UInt8] {
        guard width > 1, width <= mixed.count else { return mixed }
        let count = mixed.count / width
        var bytes = mixed
        for element in 0..<count {
            for byte in 0..<width { bytes[element * width + byte] = mixed[byte * count + element] }
        }
        return bytes
    }

    /// Copies the part of a chunk that lies inside the array, row by row.
    private func copy(_ content: [UInt8], _ origin: [Int], _ result: inout [UInt8]) {
        let extent = shape.indices.map { min(chunk[$0], shape[$0] - origin[$0]) }
        let rowLength = (extent.last ?? 1) * width
        let rows = extent.dropLast().reduce(1, *)
        for row in 0..<rows {
            var (rest, source, target) = (row, 0, 0)
            var (sourceStride, targetStride) = (chunk.last ?? 1, shape.last ?? 1)
            for axis in shape.indices.dropLast().reversed() {
                let position = rest % extent[axis]
                rest /= extent[axis]
                source += position * sourceStride
                target += (origin[axis] + position) * targetStride
                sourceStride *= chunk[axis]
                targetStride *= shape[axis]
            }
            target += origin.last ?? 0
            let from = source * width
            result.replaceSubrange(
                target * width..<target * width + rowLength,
                with: content[from..<from + rowLength])
        }
    }
}
