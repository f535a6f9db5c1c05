import MartletGraph

/// What stands in the border that `padded` adds.
public enum PaddingMode: Hashable, Sendable {
    /// One number.
    case constant(Double)
    /// The elements mirrored at the edge, which is not repeated.
    case reflect
    /// The edge element repeated.
    case replicate
}

extension Tensor {
    /// Adds a border: `widths[a]` is (before, after) for axis `a`.
    ///
    /// - Errors: one pair per axis, of 0 or more; `reflect` needs borders narrower than the axis.
    /// - Same as: `numpy.pad`; PyTorch's `pad` counts axes from the last.
    public func padded(
        _ widths: [(before: Int, after: Int)], mode: PaddingMode = .constant(0),
        file: StaticString = #fileID, line: UInt = #line
    ) -> Tensor {
        if isPoisoned { return self }
        return named("padded", file, line) {
            let limits = shape.map { mode == .reflect ? $0 - 1 : Int.max }
            let isRight =
                widths.count == rank
                && zip(widths, limits).allSatisfy {
                    $0.before >= 0 && $0.after >= 0 && Swift.max($0.before, $0.after) <= $1
                }
            let needsElements = mode == .replicate && shape.contains(0)
            guard isRight, !needsElements else {
                return mistake(
                    "padded(\(type))", like: self,
                    expected: "one pair of widths of 0 or more for each of \(rank) axes"
                        + (mode == .reflect ? ", smaller than the axis" : ""),
                    received: "\(widths.map { [$0.before, $0.after] })")
            }
            switch mode {
            case .constant(let value):
                return apply(
                    .pad(
                        PadAttributes(
                            low: widths.map(\.before), high: widths.map(\.after),
                            interior: shape.map { _ in 0 }, value: value)), self)
            case .reflect, .replicate:
                return widths.indices.reduce(self) {
                    $0.bordered(axis: $1, widths[$1], mirrored: mode == .reflect)
                }
            }
        }
    }

    /// Joins pieces of the tensor itself to both ends of an axis.
    private func bordered(
        axis: Int, _ width: (before: Int, after: Int), mirrored: Bool
    ) -> Tensor {
        let size = shape[axis]
        var pieces: [Tensor] = []
        if width.before > 0 {
            pieces.append(
                mirrored
                    ? part(axis: axis, from: 1, to: width.before + 1).reversed(axes: [axis])
                    : repeated(part(axis: axis, from: 0, to: 1), axis, width.before))
        }
        pieces.append(self)
        if width.after > 0 {
            pieces.append(
                mirrored
                    ? part(axis: axis, from: size - 1 - width.after, to: size - 1)
                        .reversed(axes: [axis])
                    : repeated(part(axis: axis, from: size - 1, to: size), axis, width.after))
        }
        return pieces.count == 1 ? self : concatenated(pieces, axis: axis)
    }

    private func repeated(_ slice: Tensor, _ axis: Int, _ count: Int) -> Tensor {
        var shape = slice.shape
        shape[axis] = count
        return slice.broadcast(to: shape)
    }
}
