import MartletGraph

/// The place that the pictures of a data set are read from: memory, or files that are decoded.
///
/// Any number of threads may read at the same time.
package protocol ImageSource: Sendable {
    /// The number of bytes of every picture.
    var imageSize: Int { get }

    /// The type of every pixel, `uint8` or `float32`.
    var pixelType: DataType { get }

    /// Writes the pixels of one picture, channels × rows × columns.
    ///
    /// - Precondition: `target` has `imageSize` bytes.
    func read(_ record: Int, into target: UnsafeMutableRawBufferPointer) throws

    /// What a record is called in messages: `record 17`, or the path of its file.
    func name(of record: Int) -> String

    /// What a check wants to know of a picture.
    func facts(of record: Int) throws -> PictureFacts
}

extension ImageSource {
    package var pixelType: DataType { .uint8 }
}

/// Pictures that lie one after the other in one block of bytes.
package struct ImagesInMemory: ImageSource {
    /// The pixels of all pictures.
    package let bytes: [UInt8]
    package let imageSize: Int
    package let pixelType: DataType
    /// The file that they came from; empty when they came from none.
    private let file: String

    package init(
        bytes: [UInt8], imageSize: Int, pixelType: DataType = .uint8, file: String = ""
    ) {
        (self.bytes, self.imageSize) = (bytes, imageSize)
        (self.pixelType, self.file) = (pixelType, file)
    }

    package func read(_ record: Int, into target: UnsafeMutableRawBufferPointer) {
        bytes.withUnsafeBytes { all in
            target.copyMemory(
                from: UnsafeRawBufferPointer(
                    rebasing: all[record * imageSize..<(record + 1) * imageSize]))
        }
    }

    package func name(of record: Int) -> String {
        file.isEmpty ? "record \(record)" : "\(file), record \(record)"
    }

    package func facts(of record: Int) -> PictureFacts {
        bytes.withUnsafeBytes { all in
            let pixels = UnsafeRawBufferPointer(
                rebasing: all[record * imageSize..<(record + 1) * imageSize])
            var hash = PixelHash()
            hash.add(pixels)
            let step = pixelType.byteCount
            let isConstant = pixels.indices.allSatisfy { pixels[$0] == pixels[$0 % step] }
            return PictureFacts(hash: hash, size: nil, isConstant: isConstant)
        }
    }
}
