import MartletFormats

extension Dataset {
    /// Reads every picture once, with all processors, and names those that cannot be read.
    ///
    /// What is read stays in memory as far as there is room, so that a later use does not decode it
    /// again. Pictures that are in memory already are all readable.
    ///
    /// - Returns: their indices in order, each with the error of its picture.
    package func unreadable() -> [(index: Int, error: any Error)] {
        if source is ImagesInMemory { return [] }
        let outcomes: [(any Error)?] = inParallel(count) { range in
            let buffer = UnsafeMutableRawBufferPointer.allocate(
                byteCount: source.imageSize, alignment: 64)
            defer { buffer.deallocate() }
            return range.map { index in
                do {
                    try source.read(records[index], into: buffer)
                    return nil
                } catch {
                    return error
                }
            }
        }
        return outcomes.enumerated().compactMap { index, error in error.map { (index, $0) } }
    }
}
