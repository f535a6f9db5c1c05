import CKernels

/// What `Mixing` drew for one batch: who is mixed with whom, and how.
public struct BatchMixing: Hashable, Sendable {
    /// A rectangle of pixels.
    public struct Box: Hashable, Sendable {
        /// Columns, from the left.
        public let columns: Range<Int>
        /// Rows, from the top.
        public let rows: Range<Int>

        /// The number of pixels.
        public var area: Int { columns.count * rows.count }
    }

    /// Channels, height and width of a picture.
    public let shape: [Int]
    /// Picture `i` is mixed with picture `partners[i]`; every picture is a partner once.
    public let partners: [Int]
    /// The share of picture `i` in the result; for cutmix the share of pixels outside of the box.
    public let lambda: Double
    /// The rectangle that comes from the partner, or nil for mixup.
    public let box: Box?

    /// Leaves `count` pictures as they are.
    public static func none(count: Int, shape: [Int]) -> BatchMixing {
        BatchMixing(shape: shape, partners: Array(0..<max(0, count)), lambda: 1, box: nil)
    }

    /// Whether something is mixed.
    public var isMixed: Bool { lambda < 1 }

    /// Writes the mixed pictures in units of the bytes, 0 … 255, or scaled.
    ///
    /// - Parameters:
    ///   - pictures: the bytes, pictures × channels × height × width.
    ///   - target: as many floats.
    ///   - scaling: applied to the mixture, or nil for the bytes' own unit.
    /// - Precondition: both have room for as many pictures as there are partners.
    public func write(
        _ pictures: UnsafeBufferPointer<UInt8>, to target: UnsafeMutableBufferPointer<Float>,
        scaling: Scaling? = nil
    ) {
        let size = shape.reduce(1, *)
        precondition(
            pictures.count == partners.count * size && target.count == pictures.count,
            "BatchMixing: \(partners.count) pictures \(shape) need \(partners.count * size) bytes "
                + "and floats, got \(pictures.count) and \(target.count)")
        guard let source = pictures.baseAddress, let output = target.baseAddress else { return }
        for (index, partner) in partners.enumerated() {
            let (own, other) = (source + index * size, source + partner * size)
            let result = output + index * size
            let share = box == nil ? Float(lambda) : 1
            ck_mix_bytes(result, own, other, Int64(size), share)
            if let box, box.area > 0 { paste(box, of: other, into: result) }
            scaling?.rescale(
                UnsafeMutableBufferPointer(start: result, count: size), channels: shape[0])
        }
    }

    private func paste(
        _ box: Box, of other: UnsafePointer<UInt8>, into result: UnsafeMutablePointer<Float>
    ) {
        for channel in 0..<shape[0] {
            for row in box.rows {
                let start = (channel * shape[1] + row) * shape[2]
                for place in start + box.columns.lowerBound..<start + box.columns.upperBound {
                    result[place] = Float(other[place])
                }
            }
        }
    }

    /// Writes the mixed labels as shares of the classes; every row adds up to 1.
    ///
    /// - Parameters:
    ///   - labels: the class numbers of the batch.
    ///   - target: `[labels.count, classCount]`, row-major.
    ///   - smoothing: the share that is spread evenly over all classes.
    /// - Precondition: as many labels as partners, each in `0 ..< classCount`, and room for them;
    ///   `smoothing` lies in 0 … 1.
    public func writeLabels(
        _ labels: some RandomAccessCollection<Int32>, classCount: Int,
        to target: UnsafeMutableBufferPointer<Float>, smoothing: Double = 0
    ) {
        precondition(
            labels.count == partners.count,
            "BatchMixing: \(partners.count) pictures, but \(labels.count) labels")
        OneHot.write(
            labels, classCount: classCount, to: target, smoothing: smoothing, share: lambda)
        let rest = Float((1 - lambda) * (1 - smoothing))
        guard rest > 0 else { return }
        for (index, partner) in partners.enumerated() {
            let label = labels[labels.index(labels.startIndex, offsetBy: partner)]
            target[index * classCount + Int(label)] += rest
        }
    }
}
