/// Class numbers as rows with a 1 at the class.
public enum OneHot {
    /// The rows of `labels`, `[labels.count, classCount]`, row-major.
    ///
    /// - Parameter smoothing: the share that is spread evenly over all classes; each row still adds up
    ///   to 1.
    /// - Precondition: every label lies in `0 ..< classCount`, `smoothing` in 0 … 1.
    /// - Source: Szegedy et al., "Rethinking the Inception architecture", arXiv:1512.00567
    ///   (smoothing).
    public static func rows(
        _ labels: some Collection<Int32>, classCount: Int, smoothing: Double = 0
    ) -> [Float] {
        let size = labels.count * max(0, classCount)
        return [Float](unsafeUninitializedCapacity: size) { target, count in
            let whole = UnsafeMutableBufferPointer(rebasing: target[..<size])
            write(labels, classCount: classCount, to: whole, smoothing: smoothing)
            count = size
        }
    }

    /// Writes such rows to memory of the caller's.
    ///
    /// - Precondition: as for `rows`, and `target` holds just so many numbers.
    public static func write(
        _ labels: some Collection<Int32>, classCount: Int,
        to target: UnsafeMutableBufferPointer<Float>, smoothing: Double = 0
    ) {
        write(labels, classCount: classCount, to: target, smoothing: smoothing, share: 1)
    }

    /// - Parameter share: what a label's own class gets of the part that is not spread.
    static func write(
        _ labels: some Collection<Int32>, classCount: Int,
        to target: UnsafeMutableBufferPointer<Float>, smoothing: Double, share: Double
    ) {
        precondition(
            classCount > 0 && target.count == labels.count * classCount,
            "OneHot: \(labels.count) labels of \(classCount) classes do not fill \(target.count) "
                + "numbers")
        precondition(
            (0...1).contains(smoothing), "OneHot: smoothing must lie in 0 … 1, got \(smoothing)")
        target.initialize(repeating: Float(smoothing / Double(classCount)))
        let own = Float(share * (1 - smoothing) + smoothing / Double(classCount))
        for (index, label) in labels.enumerated() {
            precondition(
                label >= 0 && label < classCount,
                "OneHot: label \(label) is outside 0 ..< \(classCount)")
            target[index * classCount + Int(label)] = own
        }
    }
}
