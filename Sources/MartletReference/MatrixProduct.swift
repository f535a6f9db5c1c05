import MartletGraph

extension Interpreter {
    /// y[b,i,j] = Σ a[b,i,k] · b[b,k,j] over k, summed in `Double` and rounded once.
    static func matmul<Scalar: Real>(
        _ attributes: MatmulAttributes, _ a: HostTensor, _ b: HostTensor, _ type: TensorType,
        of: Scalar.Type
    ) -> HostTensor {
        let rank = type.rank
        let (rows, columns) = (type.shape[rank - 2], type.shape[rank - 1])
        let inner = a.type.shape[attributes.transposeA ? rank - 2 : rank - 1]
        let batch = type.shape.dropLast(2).reduce(1, *)
        // The distances in memory for one step along a row's number and along k, and so on.
        let (aRow, aInner) = attributes.transposeA ? (1, rows) : (inner, 1)
        let (bInner, bColumn) = attributes.transposeB ? (1, inner) : (columns, 1)
        var sums = [Double](repeating: 0, count: columns)
        return HostTensor(type, of: Scalar.self) { y in
            HostTensor.read(a, b, as: (Scalar.self, Scalar.self)) { a, b in
                sums.withUnsafeMutableBufferPointer { sums in
                    for index in 0..<batch * rows {
                        let (matrix, row) = (index / rows, index % rows)
                        sums.update(repeating: 0)
                        for k in 0..<inner {
                            let factor = a[matrix * rows * inner + row * aRow + k * aInner].wide
                            let start = matrix * inner * columns + k * bInner
                            for column in 0..<columns {
                                sums[column] += factor * b[start + column * bColumn].wide
                            }
                        }
                        for column in 0..<columns {
                            y[index * columns + column] = Scalar(narrowing: sums[column])
                        }
                    }
                }
            }
        }
    }
}
