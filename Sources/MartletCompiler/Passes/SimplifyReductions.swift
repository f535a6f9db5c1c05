import MartletGraph

extension Rewriter {
    mutating func reduce(
        _ kind: Reduction, _ x: Value, _ axes: [Int], _ type: TensorType
    ) -> Value? {
        let inner = self[x]
        let folding = axes.filter { inner.type.shape[$0] != 1 }
        if folding.isEmpty { return make(.reshape(type.shape), [x]) }
        if folding.count < axes.count {
            return make(.reshape(type.shape), [make(.reduce(kind, axes: folding), [x])])
        }
        switch inner.op {
        case .broadcast: return reduceRepeated(kind, inner, axes, type)
        case .transpose(let permutation):
            let kept = permutation.indices.filter { !axes.contains($0) }.map { permutation[$0] }
            guard kept == kept.sorted() else { return nil }
            return make(.reduce(kind, axes: axes.map { permutation[$0] }.sorted()), inner.inputs)
        case .reduce(kind, let first) where kind == .max || kind == .min:
            let rank = self[inner.inputs[0]].type.rank
            let kept = (0..<rank).filter { !first.contains($0) }
            let all = (first + axes.map { kept[$0] }).sorted()
            return make(.reduce(kind, axes: all), inner.inputs)
        default: return nil
        }
    }

    /// A reduction over axes along which a broadcast repeats: n·x for a sum, x for an extreme.
    private mutating func reduceRepeated(
        _ kind: Reduction, _ broadcast: Node, _ axes: [Int], _ type: TensorType
    ) -> Value? {
        guard kind != .product else { return nil }
        let source = broadcast.inputs[0]
        let from = self[source].type
        let lead = broadcast.type.rank - from.rank
        var (count, left): (Int, [Int]) = (1, [])
        for axis in axes {
            let size = broadcast.type.shape[axis]
            if axis >= lead, from.shape[axis - lead] == size {
                left.append(axis - lead)
            } else {
                count *= size
                if axis >= lead { left.append(axis - lead) }
            }
        }
        // Nothing repeated, or nothing at all: a sum of no infinities is 0.
        guard count > 1, type.with(shape: from.shape).elementCount > 0 else { return nil }
        var result = left.isEmpty ? source : make(.reduce(kind, axes: left), [source])
        if kind == .sum {
            guard let factor = HostTensor(exactly: count, from.dtype) else { return nil }
            let shape = self[result].type.shape
            result = make(.binary(.multiply), [result, repeated(factor, over: shape)])
        }
        return make(.broadcast(type.shape), [result])
    }

    /// A product whose operand is a transposed value reads that value transposed instead.
    mutating func matmul(_ x: Value, _ y: Value, _ a: MatmulAttributes) -> Value? {
        var (operands, attributes, changed) = ([x, y], a, false)
        if let source = lastTwoSwapped(x) {
            (operands[0], changed) = (source, true)
            attributes.transposeA.toggle()
        }
        if let source = lastTwoSwapped(y) {
            (operands[1], changed) = (source, true)
            attributes.transposeB.toggle()
        }
        return changed ? make(.matmul(attributes), operands) : nil
    }

    private func lastTwoSwapped(_ x: Value) -> Value? {
        guard case .transpose(let permutation) = self[x].op, permutation.swapsLastTwo
        else { return nil }
        return self[x].inputs[0]
    }
}

extension HostTensor {
    /// `count` without axes in an element type of numbers, `nil` when it is not exact there.
    fileprivate init?(exactly count: Int, _ dtype: DataType) {
        let value = HostTensor(repeating: Double(count), TensorType(dtype, []))
        guard dtype != .bool, count < 1 << 53, value.doubles == [Double(count)] else { return nil }
        self = value
    }
}
