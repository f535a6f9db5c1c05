import MartletFormats
import MartletGraph

extension ONNXImporter {
    /// alpha · A · B + beta · C, with A and B transposed or not.
    mutating func gemm(_ use: ONNXUse) throws -> Value {
        let a = value(try use.input(0))
        let b = value(try use.input(1))
        guard builder.type(a).rank == 2, builder.type(b).rank == 2 else {
            throw use.refused(
                "two matrices", "\(builder.type(a)) and \(builder.type(b))", .malformed)
        }
        let attributes = MatmulAttributes(
            transposeA: try use.flag("transA"), transposeB: try use.flag("transB"))
        var result = try builder.append(.matmul(attributes), [a, b])
        result = try scaled(result, try use.float("alpha", 1))
        guard let bias = use.optional(2) else { return result }
        let scaledBias = try scaled(value(bias), try use.float("beta", 1))
        let wide = try broadcast(scaledBias, to: builder.type(result).shape)
        return try builder.append(.binary(.add), [result, wide])
    }

    /// The product by NumPy's rules.
    mutating func matrixProduct(_ use: ONNXUse) throws -> Value {
        var a = value(try use.input(0))
        var b = value(try use.input(1))
        let (rankA, rankB) = (builder.type(a).rank, builder.type(b).rank)
        guard rankA > 0, rankB > 0 else {
            throw use.refused("operands with axes", "a scalar", .malformed)
        }
        if rankA == 1 { a = try builder.append(.reshape([1] + builder.type(a).shape), [a]) }
        if rankB == 1 { b = try builder.append(.reshape(builder.type(b).shape + [1]), [b]) }
        var (left, right) = (builder.type(a).shape, builder.type(b).shape)
        if right.count == 2, left.count > 2 {
            // One matrix for all: the rows of all stacks stand below each other.
            let rows = left.dropLast().reduce(1, *)
            let flat = try builder.append(.reshape([rows, left[left.count - 1]]), [a])
            let product = try builder.append(.matmul(MatmulAttributes()), [flat, b])
            let shape = left.dropLast() + [builder.type(product).shape[1]]
            return try withoutUnits(
                try builder.append(.reshape(Array(shape)), [product]), rankA, rankB)
        }
        let batch = try commonShape([Array(left.dropLast(2)), Array(right.dropLast(2))])
        (left, right) = (batch + left.suffix(2), batch + right.suffix(2))
        a = try broadcast(a, to: left)
        b = try broadcast(b, to: right)
        return try withoutUnits(
            try builder.append(.matmul(MatmulAttributes()), [a, b]), rankA, rankB)
    }

    /// Takes away the axes that vectors were given.
    private mutating func withoutUnits(
        _ product: Value, _ rankA: Int, _ rankB: Int
    ) throws -> Value {
        var shape = builder.type(product).shape
        if rankB == 1 { shape.removeLast() }
        if rankA == 1 { shape.remove(at: shape.count - (rankB == 1 ? 1 : 2)) }
        return builder.type(product).shape == shape
            ? product : try builder.append(.reshape(shape), [product])
    }
}
