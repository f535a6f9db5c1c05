import MartletGraph

/// The matrix product over the last two axes, by NumPy's rules.
///
/// - Shapes: `[m, k] · [k, n]` is `[m, n]`; axes before the last two are batch axes and are
///   broadcast; an operand with one axis is a row on the left side and a column on the right, and
///   its axis disappears from the result.
/// - Errors: the inner sizes differ, an operand has no axes, or element types differ.
/// - Same as: `torch.matmul`, `numpy.matmul`.
public func matmul(
    _ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    named("matmul", file, line) { matrixProduct(a, b) }
}

extension Tensor {
    /// The matrix product with `other`; see `matmul(_:_:)`.
    public func matmul(
        _ other: Tensor, file: StaticString = #fileID, line: UInt = #line
    ) -> Tensor {
        named("matmul", file, line) { matrixProduct(self, other) }
    }

    /// The product with a matrix that is read transposed: `self · otherᵀ`, `other` being `[n, k]`.
    func matmul(transposed other: Tensor) -> Tensor {
        named("matmul") { matrixProduct(self, other, transposeB: true) }
    }
}

private func matrixProduct(_ a: Tensor, _ b: Tensor, transposeB: Bool = false) -> Tensor {
    if a.isPoisoned || b.isPoisoned { return apply(.binary(.add), a, b) }
    let text = "matmul(\(a.type), \(b.type))"
    guard a.rank > 0, b.rank > 0 else {
        return mistake(
            text, like: a, expected: "operands with at least one axis",
            received: "a scalar", fix: "use * to multiply by a number")
    }
    let left = a.rank == 1 ? apply(.reshape([1] + a.shape), a) : a
    let right = b.rank == 1 ? apply(.reshape(b.shape + [1]), b) : b
    let inner = right.shape[right.rank - (transposeB ? 1 : 2)]
    guard left.shape[left.rank - 1] == inner else {
        return mistake(
            text, like: a,
            expected: "\(left.shape[left.rank - 1]) rows on the right side, "
                + "as many as columns on the left",
            received: "\(inner)")
    }
    var result = stackedProduct(left, right, transposeB, text)
    if result.isPoisoned { return result }
    var shape = result.shape
    if b.rank == 1 { shape.removeLast() }
    if a.rank == 1 { shape.remove(at: shape.count - (b.rank == 1 ? 1 : 2)) }
    if shape != result.shape { result = apply(.reshape(shape), result) }
    return result
}

/// The product of operands with at least two axes each.
private func stackedProduct(
    _ a: Tensor, _ b: Tensor, _ transposeB: Bool, _ text: String
) -> Tensor {
    let op = Op.matmul(MatmulAttributes(transposeB: transposeB))
    if a.rank == 2, b.rank == 2 { return apply(op, a, b) }
    if b.rank == 2 {
        let rows = a.shape.dropLast().reduce(1, *)
        let flat = apply(op, apply(.reshape([rows, a.shape[a.rank - 1]]), a), b)
        if flat.isPoisoned { return flat }
        return apply(.reshape(Array(a.shape.dropLast()) + [flat.shape[1]]), flat)
    }
    let (matrixA, matrixB) = (Array(a.shape.suffix(2)), Array(b.shape.suffix(2)))
    guard let batch = broadcastShape([Array(a.shape.dropLast(2)), Array(b.shape.dropLast(2))])
    else {
        return mistake(
            text, like: a, expected: "leading axes that are equal, or 1, from the last on",
            received: "\(Array(a.shape.dropLast(2))) and \(Array(b.shape.dropLast(2)))")
    }
    return apply(
        op, a.broadcastAsNeeded(batch + matrixA), b.broadcastAsNeeded(batch + matrixB))
}
