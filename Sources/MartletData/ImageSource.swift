/// The place that the pictures of a data set are read from: memory, or files that are decoded.
///
/// Any number of threads may read at the same time.
package protocol ImageSource: Sendable {
    /// The number of bytes of every picture.
    var imageSize: Int { get }

    /// Writes the pixels of one picture, channels × rows × columns.
    ///
    /// - Precondition: `target` has `imageSize` bytes.
    func read(_ record: Int, into target: UnsafeMutableRawBufferPointer) throws

    /// What a record is called in messages: `record 17`, or the path of its file.
    func name(of record: Int) -> String
}

/// Pictures that lie one after the other in one block of bytes.
package struct ImagesInMemory: ImageSource {
    /// The pixels of all pictures.
    package let bytes: [UInt8]
    package let imageSize: Int

    package init(bytes: [UInt8], imageSize: Int) {
        (self.bytes, self.imageSize) = (bytes, imageSize)
    }

    package func read(_ record: Int, into target: UnsafeMutableRawBufferPointer) {
        bytes.withUnsafeBytes { all in
            target.copyMemory(
                from: UnsafeRawBufferPointer(
                    rebasing: all[record * imageSize..<(record + 1) * imageSize]))
        }
    }

    package func name(of record: Int) -> String { "record \(record)" }
}
