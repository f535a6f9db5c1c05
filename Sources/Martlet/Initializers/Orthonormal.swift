/// Makes the shorter side of a row-major matrix orthonormal, by Gram and Schmidt.
///
/// Each vector loses its part along the earlier ones twice, which keeps rounding errors small. A
/// vector that lies in the span of the earlier ones, which random ones never do, becomes zero.
func orthonormal(_ matrix: [Double], rows: Int, columns: Int) -> [Double] {
    var vectors = columns < rows ? transposed(matrix, rows: rows, columns: columns) : matrix
    let (count, size) = (min(rows, columns), max(rows, columns))
    for index in 0..<count {
        var vector = Array(vectors[index * size..<(index + 1) * size])
        for _ in 0..<2 {
            for earlier in 0..<index { remove(&vector, along: vectors, from: earlier * size) }
        }
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        for place in 0..<size {
            vectors[index * size + place] = length > 1e-12 ? vector[place] / length : 0
        }
    }
    return columns < rows ? transposed(vectors, rows: columns, columns: rows) : vectors
}

/// Subtracts the part of `vector` along the unit vector that starts at `start` in `vectors`.
private func remove(_ vector: inout [Double], along vectors: [Double], from start: Int) {
    var product = 0.0
    for place in vector.indices { product += vector[place] * vectors[start + place] }
    for place in vector.indices { vector[place] -= product * vectors[start + place] }
}

private func transposed(_ matrix: [Double], rows: Int, columns: Int) -> [Double] {
    (0..<rows * columns).map { matrix[$0 % rows * columns + $0 / rows] }
}
