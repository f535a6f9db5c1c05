import MartletFormats
import MartletGraph

/// Pixels of a file in the form in which a data set keeps them: bytes wherever that loses nothing.
///
/// Numbers with a fraction become bytes when all of them are k / 255 or k / 127.5 − 1 for whole k
/// from 0 to 255, to six decimal places; others stay single-precision numbers.
struct StoredPixels {
    /// The pixels of all pictures, channels × rows × columns each.
    let bytes: [UInt8]
    /// `uint8` or `float32`.
    let pixelType: DataType
    /// The value of full brightness.
    let brightest: UInt8
    /// Channels, height and width.
    let imageShape: [Int]

    /// Takes the images of an array whose first axis counts them.
    ///
    /// - Parameter imageShape: channels, height and width; `nil` derives them from the array.
    /// - Errors: `DataError` for shapes that are no pictures and numbers that are no pixels.
    init(_ images: HostTensor, imageShape wanted: [Int]?, file: String) throws(DataError) {
        let sizes = Array(images.type.shape.dropFirst())
        var channelsLast = false
        if let wanted {
            channelsLast =
                sizes.count == 3 && sizes != wanted && [sizes[2], sizes[0], sizes[1]] == wanted
            guard wanted.count == 3, wanted.reduce(1, *) == sizes.reduce(1, *),
                sizes.count < 3 || sizes == wanted || channelsLast
            else {
                throw DataError(
                    .malformed, file: file, expected: "pictures of the shape \(wanted)",
                    found: "pictures of the shape \(sizes)")
            }
            imageShape = wanted
        } else if let shape = Self.shape(of: sizes) {
            imageShape = shape
            channelsLast = sizes.count == 3 && sizes != shape
        } else {
            throw DataError(
                .malformed, file: file, expected: "pictures [height, width], with 1 or 3 channels",
                found: "an array of the shape \(images.type.shape)")
        }
        let (stored, type, brightest) = try Self.convert(images, file)
        (pixelType, self.brightest) = (type, brightest)
        bytes =
            channelsLast ? Self.planes(stored, imageShape, byteCount: type.byteCount) : stored
    }

    /// Channels, height and width of pictures whose axes have these sizes.
    static func shape(of sizes: [Int]) -> [Int]? {
        switch sizes.count {
        case 1:
            let side = Int(Double(sizes[0]).squareRoot().rounded())
            if side * side == sizes[0] { return [1, side, side] }
            return sizes[0] == 3072 ? [3, 32, 32] : [1, 1, sizes[0]]
        case 2: return [1] + sizes
        case 3 where sizes[0] == 1 || sizes[0] == 3: return sizes
        case 3 where sizes[2] == 1 || sizes[2] == 3: return [sizes[2], sizes[0], sizes[1]]
        default: return nil
        }
    }

    private static func convert(
        _ images: HostTensor, _ file: String
    ) throws(DataError) -> ([UInt8], DataType, UInt8) {
        func refusal(_ index: Int, _ expected: String, _ found: String) -> DataError {
            let size = max(1, images.type.elementCount / max(1, images.type.shape.first ?? 1))
            return DataError(
                .malformed, file: file, place: "record \(index / size), pixel \(index % size)",
                expected: expected, found: found)
        }
        switch images.type.dtype {
        case .uint8: return (images.bytes, .uint8, 255)
        case .bool: return (images.bytes, .uint8, 1)
        case .int32, .int64:
            var bytes: [UInt8] = []
            bytes.reserveCapacity(images.type.elementCount)
            for (index, value) in images.doubles.enumerated() {
                guard let byte = UInt8(exactly: value) else {
                    throw refusal(
                        index, "a pixel from 0 to 255",
                        Int(exactly: value).map { "\($0)" } ?? "\(value)")
                }
                bytes.append(byte)
            }
            return (bytes, .uint8, 255)
        case .float32, .float64:
            let values: [Float] = images.scalars() ?? images.doubles.map { Float($0) }
            if let wrong = values.firstIndex(where: { !$0.isFinite }) {
                throw refusal(wrong, "a finite number", "\(values[wrong])")
            }
            if let bytes = onGrid(values) { return (bytes, .uint8, 255) }
            return (values.withUnsafeBytes { Array($0) }, .float32, 1)
        }
    }

    /// The bytes that numbers in 0 … 1, −1 … 1 or 0 … 255 stand for, `nil` when one is between two.
    private static func onGrid(_ values: [Float]) -> [UInt8]? {
        guard let least = values.min(), let most = values.max() else { return [] }
        let (shift, factor): (Float, Float) =
            if least >= 0 && most <= 1 {
                (0, 255)
            } else if least >= -1 && most <= 1 {
                (1, 127.5)
            } else if least >= 0 && most <= 255 {
                (0, 1)
            } else {
                (0, 0)
            }
        guard factor > 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(values.count)
        for value in values {
            let exact = (value + shift) * factor
            let whole = exact.rounded()
            guard abs(exact - whole) < 2e-4 else { return nil }
            bytes.append(UInt8(clampingOrZero: whole))
        }
        return bytes
    }

    /// Moves the channels, which ran fastest, to the front of each picture.
    private static func planes(_ pixels: [UInt8], _ shape: [Int], byteCount: Int) -> [UInt8] {
        let (channels, area) = (shape[0], shape[1] * shape[2])
        let size = channels * area * byteCount
        guard size > 0, channels > 1 else { return pixels }
        var result = [UInt8](repeating: 0, count: pixels.count)
        for image in stride(from: 0, to: pixels.count, by: size) {
            for pixel in 0..<area {
                for channel in 0..<channels {
                    let source = image + (pixel * channels + channel) * byteCount
                    let target = image + (channel * area + pixel) * byteCount
                    for byte in 0..<byteCount { result[target + byte] = pixels[source + byte] }
                }
            }
        }
        return result
    }
}

extension Dataset {
    /// Makes a data set of what a reader gave.
    ///
    /// - Errors: `DataError` for shapes that are no pictures and numbers that are no pixels.
    init(
        _ labelled: LabelledImages, name: String, classNames: [String], imageShape: [Int]? = nil,
        file: String
    ) throws(DataError) {
        let pixels = try StoredPixels(labelled.images, imageShape: imageShape, file: file)
        let size = pixels.imageShape.reduce(1, *) * pixels.pixelType.byteCount
        self.init(
            name: name,
            source: ImagesInMemory(
                bytes: pixels.bytes, imageSize: size, pixelType: pixels.pixelType, file: file),
            records: Array(labelled.labels.indices), imageShape: pixels.imageShape,
            brightest: pixels.brightest, labels: labelled.labels.map { Int32($0) },
            classNames: classNames)
    }
}
