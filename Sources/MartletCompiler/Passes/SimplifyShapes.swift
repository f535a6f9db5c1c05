import MartletGraph

extension Rewriter {
    /// The number that all elements of `x` are, repeated over `shape`.
    private mutating func repeatedNumber(_ x: Value, over shape: [Int]) -> Value? {
        fact(x).splat.map { repeated($0, over: shape) }
    }

    mutating func broadcast(_ x: Value, to shape: [Int]) -> Value? {
        let inner = self[x]
        if inner.type.shape == shape { return x }
        if !inner.type.shape.isEmpty || inner.type.with(shape: shape).elementCount == 1,
            let value = repeatedNumber(x, over: shape)
        {
            return value
        }
        if inner.type.elementCount == inner.type.with(shape: shape).elementCount {
            return make(.reshape(shape), [x])
        }
        switch inner.op {
        case .broadcast: return make(.broadcast(shape), inner.inputs)
        case .reshape:
            // Leading axes of size 1 come and go by themselves.
            let source = self[inner.inputs[0]].type.shape
            guard source.count <= shape.count, source != inner.type.shape,
                source.withoutLeadingOnes == inner.type.shape.withoutLeadingOnes
            else { return nil }
            return make(.broadcast(shape), inner.inputs)
        default: return nil
        }
    }

    mutating func reshape(_ x: Value, to shape: [Int]) -> Value? {
        let inner = self[x]
        if inner.type.shape == shape { return x }
        switch inner.op {
        case .constant(let tensor): return make(.constant(tensor.reshaped(shape)), [])
        case .reshape: return make(.reshape(shape), inner.inputs)
        default: return repeatedNumber(x, over: shape)
        }
    }

    mutating func transpose(
        _ x: Value, _ permutation: [Int], _ type: TensorType
    ) -> Value? {
        let inner = self[x]
        if permutation == Array(permutation.indices) { return x }
        if let value = repeatedNumber(x, over: type.shape) { return value }
        // Moving axes of size 1 moves no element.
        let moving = permutation.filter { inner.type.shape[$0] != 1 }
        if moving == moving.sorted() { return make(.reshape(type.shape), [x]) }
        switch inner.op {
        case .transpose(let first):
            return make(.transpose(permutation.map { first[$0] }), inner.inputs)
        case .matmul(let a) where permutation.swapsLastTwo && isUsedOnce(x):
            // (A·B)ᵀ is Bᵀ·Aᵀ.
            let turned = MatmulAttributes(transposeA: !a.transposeB, transposeB: !a.transposeA)
            return make(.matmul(turned), [inner.inputs[1], inner.inputs[0]])
        default: return nil
        }
    }

    mutating func slice(_ x: Value, _ box: SliceAttributes, _ type: TensorType) -> Value? {
        let inner = self[x]
        if inner.type.shape == type.shape { return x }
        if let value = repeatedNumber(x, over: type.shape) { return value }
        guard case .slice(let first) = inner.op else { return nil }
        var whole = first
        for axis in type.shape.indices {
            whole.starts[axis] = first.starts[axis] + box.starts[axis] * first.strides[axis]
            whole.strides[axis] = first.strides[axis] * box.strides[axis]
            // Just behind the last element that is taken.
            let count = type.shape[axis]
            whole.limits[axis] =
                count == 0
                ? whole.starts[axis]
                : whole.starts[axis] + (count - 1) * whole.strides[axis] + 1
        }
        // An empty range may start where the first box ended, behind the operand.
        let shape = self[inner.inputs[0]].type.shape
        for axis in shape.indices where whole.starts[axis] > shape[axis] {
            (whole.starts[axis], whole.limits[axis]) = (shape[axis], shape[axis])
        }
        return make(.slice(whole), inner.inputs)
    }

    mutating func pad(_ x: Value, _ padding: PadAttributes, _ type: TensorType) -> Value? {
        let inner = self[x]
        if inner.type.shape == type.shape { return x }
        let filling = HostTensor(repeating: padding.value, type.with(shape: []))
        if let number = fact(x).splat, number.bytes == filling.bytes {
            return repeated(number, over: type.shape)
        }
        guard case .pad(let first) = inner.op, padding.interior.allSatisfy({ $0 == 0 }),
            HostTensor(repeating: first.value, type.with(shape: [])).bytes == filling.bytes
        else { return nil }
        var whole = first
        for axis in type.shape.indices {
            whole.low[axis] += padding.low[axis]
            whole.high[axis] += padding.high[axis]
        }
        return make(.pad(whole), inner.inputs)
    }

    mutating func concatenate(_ parts: [Value], axis: Int) -> Value? {
        if parts.count == 1 { return parts[0] }
        let filled = parts.filter { self[$0].type.shape[axis] > 0 }
        if filled.count == parts.count { return nil }
        return filled.isEmpty ? parts[0] : make(.concatenate(axis: axis), filled)
    }

    mutating func reverse(_ x: Value, _ axes: [Int]) -> Value? {
        let inner = self[x]
        if let value = repeatedNumber(x, over: inner.type.shape) { return value }
        let turned = axes.filter { inner.type.shape[$0] > 1 }
        if turned.isEmpty { return x }
        if case .reverse(let first) = inner.op {
            let left = Set(first).symmetricDifference(turned).sorted()
            return make(.reverse(left), inner.inputs)
        }
        return turned.count < axes.count ? make(.reverse(turned), [x]) : nil
    }

    mutating func select(_ inputs: [Value], _ type: TensorType) -> Value? {
        let (condition, a, b) = (inputs[0], inputs[1], inputs[2])
        if a == b { return a }
        if let known = fact(condition).number { return known != 0 ? a : b }
        if case .unary(.logicalNot) = self[condition].op {
            return make(.select, [self[condition].inputs[0], b, a])
        }
        return nil
    }

    mutating func cast(_ x: Value, to dtype: DataType) -> Value? {
        let inner = self[x]
        if inner.type.dtype == dtype { return x }
        guard case .cast(let middle) = inner.op else { return nil }
        let start = self[inner.inputs[0]].type.dtype
        guard start.isHeld(by: middle) else { return nil }
        // Floats saturate where integers might not, so a detour through floats may matter.
        guard
            start.isFloatingPoint || !middle.isFloatingPoint || dtype.isFloatingPoint
                || start.isHeld(by: dtype)
        else { return nil }
        return make(.cast(dtype), inner.inputs)
    }
}

extension [Int] {
    fileprivate var withoutLeadingOnes: ArraySlice<Int> { drop { $0 == 1 } }

    /// True for the permutation that exchanges the last two axes and leaves the others.
    var swapsLastTwo: Bool {
        guard count >= 2 else { return false }
        return self == Array(0..<count - 2) + [count - 1, count - 2]
    }
}

extension DataType {
    /// True when each value of this type is a value of `wider` too.
    fileprivate func isHeld(by wider: DataType) -> Bool {
        switch (self, wider) {
        case _ where self == wider: true
        case (.bool, _): true
        case (.uint8, .int32), (.uint8, .int64), (.uint8, .float32), (.uint8, .float64): true
        case (.int32, .int64), (.int32, .float64), (.float32, .float64): true
        default: false
        }
    }
}
