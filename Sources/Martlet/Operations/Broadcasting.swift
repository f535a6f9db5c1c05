import MartletGraph

/// The shape that NumPy's rule gives two or more shapes, `nil` when they do not fit.
func broadcastShape(_ shapes: [[Int]]) -> [Int]? {
    var result: [Int] = []
    for shape in shapes {
        let rank = max(result.count, shape.count)
        let a = Array(repeating: 1, count: rank - result.count) + result
        let b = Array(repeating: 1, count: rank - shape.count) + shape
        guard zip(a, b).allSatisfy({ $0 == $1 || $0 == 1 || $1 == 1 }) else { return nil }
        result = zip(a, b).map { $0 == 1 ? $1 : $0 }
    }
    return result
}

extension Tensor {
    /// Repeats the tensor along new leading axes and axes of size 1 up to `shape`.
    public func broadcast(
        to shape: [Int], file: StaticString = #fileID, line: UInt = #line
    ) -> Tensor {
        if self.shape == shape || isPoisoned { return self }
        return named("broadcast", file, line) { apply(.broadcast(shape), self) }
    }

    func broadcastAsNeeded(_ shape: [Int]) -> Tensor {
        self.shape == shape ? self : apply(.broadcast(shape), self)
    }
}

/// Applies an elementwise operation to operands that are first repeated to a common shape.
func applyBroadcasting(_ op: Op, _ operands: [Tensor], dtypesFrom first: Int = 0) -> Tensor {
    let operands = operands[..<first] + Tensor.resolvingLiterals(Array(operands[first...]))
    if let poisoned = operands.first(where: \.isPoisoned) { return apply(op, [poisoned]) }
    let shapes = operands.map(\.shape)
    if shapes.allSatisfy({ $0 == shapes[0] }) { return apply(op, Array(operands)) }
    let text = "\(op.name)(\(operands.map(\.type.description).joined(separator: ", ")))"
    let dtypes = operands[first...].map(\.dtype)
    if let other = dtypes.first(where: { $0 != dtypes[0] }) {
        return mistake(
            text, like: operands[first], expected: "operands of one element type",
            received: "\(dtypes[0].rawValue) and \(other.rawValue)",
            fix: "convert one: x.cast(to: .\(dtypes[0]))")
    }
    guard let shape = broadcastShape(shapes) else {
        return mistake(
            text, like: operands[first],
            expected: "shapes whose sizes are equal, or 1, from the last axis on",
            received: shapes.map(\.description).joined(separator: " and "))
    }
    return apply(op, operands.map { $0.broadcastAsNeeded(shape) })
}
