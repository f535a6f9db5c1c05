import MartletGraph

extension Rewriter {
    /// A convolution whose window covers the whole picture is a matrix product of rows.
    mutating func convolution(
        _ x: Value, _ weight: Value, _ a: Conv2DAttributes, _ type: TensorType
    ) -> Value? {
        guard coversPicture(a, self[x].type.shape, self[weight].type.shape, type.shape) else {
            return nil
        }
        let product = make(
            .matmul(MatmulAttributes(transposeB: true)), [rows(x), rows(weight)])
        return make(.reshape(type.shape), [product])
    }

    /// The gradient of such a convolution by its pictures.
    mutating func convolutionInputGradient(
        _ dy: Value, _ weight: Value, _ a: Conv2DAttributes, _ type: TensorType
    ) -> Value? {
        let shapes = (self[weight].type.shape, self[dy].type.shape)
        guard coversPicture(a, type.shape, shapes.0, shapes.1) else { return nil }
        let product = make(.matmul(MatmulAttributes()), [rows(dy), rows(weight)])
        return make(.reshape(type.shape), [product])
    }

    /// The gradient of such a convolution by its weights.
    mutating func convolutionWeightGradient(
        _ dy: Value, _ x: Value, _ a: Conv2DAttributes, _ type: TensorType
    ) -> Value? {
        guard coversPicture(a, self[x].type.shape, type.shape, self[dy].type.shape) else {
            return nil
        }
        let product = make(.matmul(MatmulAttributes(transposeA: true)), [rows(dy), rows(x)])
        return make(.reshape(type.shape), [product])
    }

    private func coversPicture(
        _ a: Conv2DAttributes, _ x: [Int], _ weight: [Int], _ y: [Int]
    ) -> Bool {
        a.groups == 1 && a.paddingLow == [0, 0] && a.paddingHigh == [0, 0]
            && Array(weight.suffix(2)) == Array(x.suffix(2)) && y.suffix(2) == [1, 1]
            && !(x + weight).contains(0)
    }

    /// A value with its first axis and all others as one.
    private mutating func rows(_ value: Value) -> Value {
        let shape = self[value].type.shape
        return make(.reshape([shape[0], shape.dropFirst().reduce(1, *)]), [value])
    }
}
