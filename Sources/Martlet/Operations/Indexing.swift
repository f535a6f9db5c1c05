import MartletGraph

extension Tensor {
    /// Slices of `axis` by number; the indices' shape takes the axis' place.
    ///
    /// - Shapes: `[a, b, c]` with `indices` of shape `[m, n]` and axis 1 gives `[a, m, n, c]`.
    /// - Errors: indices must be i32 or i64. An index outside the axis selects zeros.
    /// - Same as: `torch.index_select`, `numpy.take`; with axis 0, an embedding.
    public func gathered(
        _ indices: Tensor, axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
    ) -> Tensor {
        withAxis("gathered", axis, file, line) { apply(.gather(axis: $0), self, indices) }
    }

    /// One element per index: `result[.., i, ..] = self[.., indices[.., i, ..], ..]`.
    ///
    /// - Same as: `torch.gather`, `numpy.take_along_axis`.
    public func gatheredAlong(
        _ indices: Tensor, axis: Int, file: StaticString = #fileID, line: UInt = #line
    ) -> Tensor {
        withAxis("gatheredAlong", axis, file, line) {
            apply(.gatherAlong(axis: $0), self, indices)
        }
    }
}

/// A new last axis of size `classes` that holds 1 at the label and 0 elsewhere.
///
/// - Errors: labels must be i32 or i64. A label outside `0 ..< classes` gives a row of zeros.
public func oneHot(
    _ labels: Tensor, classes: Int, dtype: DataType = .float32, file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    named("oneHot", file, line) { apply(.oneHot(classes: classes, dtype), labels) }
}
