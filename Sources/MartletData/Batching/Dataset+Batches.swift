extension Dataset {
    /// The pixels of some pictures, scaled to 0 … 1 and laid one after the other.
    ///
    /// - Shapes: `[indices.count] + imageShape`, row-major.
    /// - Errors: as `image`.
    /// - Precondition: every index is in `0 ..< count`.
    public func pixels(_ indices: some Sequence<Int>) throws -> [Float] {
        let scale = 1 / Float(brightest)
        return try indices.flatMap { index in
            let bytes = try bytes(of: index)
            if pixelType == .uint8 { return bytes.map { Float($0) * scale } }
            return bytes.withUnsafeBytes { raw in
                (0..<imageSize).map {
                    raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) * scale
                }
            }
        }
    }

    /// The labels of some pictures.
    ///
    /// - Precondition: every index is in `0 ..< count`.
    public func labels(_ indices: some Sequence<Int>) -> [Int32] { indices.map { labels[$0] } }
}
