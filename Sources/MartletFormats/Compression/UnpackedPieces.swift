extension FileContents {
    /// Unpacks the bytes and hands them over piece by piece, so that they never lie in memory whole.
    ///
    /// - Throws: `FormatError` when the stream is damaged, is cut short, has bytes behind its end or
    ///   unpacks to more than `limit` bytes.
    package func forEachUnpackedPiece(
        _ packing: Packing, limit: Int, _ body: (UnsafeRawBufferPointer) -> Void
    ) throws(FormatError) {
        let stream = try InflateStream(self, packing)
        let piece = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 16)
        defer { piece.deallocate() }
        while true {
            let count = try stream.read(piece)
            guard stream.unpackedCount <= limit else {
                throw FormatError(
                    .tooLarge, file: name, offset: stream.unusedInput,
                    expected: "at most \(limit) unpacked bytes", found: "more")
            }
            body(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(piece)[..<count]))
            if count < piece.count { break }
        }
    }
}
