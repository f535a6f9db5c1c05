import MartletGraph

/// Replaces nodes by cheaper ones that compute the same.
///
/// Most rules give the same bits. These differ in rounding alone:
/// - `(x·c)·d` becomes `x·(c·d)`, only where no step can overflow that could not before and
///   `c·d` is neither zero nor subnormal;
/// - a convolution whose window covers the whole picture becomes a matrix product, as do its gradients;
/// - powers of 2, −1 and ½ become a product, a reciprocal and a root;
/// - sums over repeated elements become products, and sums of transposed values run in another
///   order: the order of a sum, and the sign of a sum that is zero, are an engine's own.
///
/// NaN and infinities come out where they came out before; NaN's sign and payload are not looked
/// after. So `x·0`, `x − x` and `x / x` stay. `x + 0` goes only where x cannot be −0, and a power
/// of ½ becomes a root only where x can be neither negative nor −0.
public func simplify(_ graph: Graph) -> Graph { simplified(graph).graph }

func simplified(_ graph: Graph) -> PassResult {
    Rewriter.rewrite(graph) { node, rewriter in
        rewriter.simplified(node.op, node.inputs, node.type)
    }
}

extension Rewriter {
    /// Appends an operation, simplified when a rule applies.
    mutating func make(_ op: Op, _ inputs: [Value]) -> Value {
        let type: TensorType
        do {
            type = try op.resultType(inputs.map { self[$0].type })
        } catch {
            preconditionFailure("internal: a pass made a wrong node: \(error.description)")
        }
        return simplified(op, inputs, type) ?? append(op, inputs)
    }

    /// The value that can stand for an operation; `nil` when no rule applies.
    mutating func simplified(_ op: Op, _ inputs: [Value], _ type: TensorType) -> Value? {
        switch op {
        case .constant(let tensor): return constant(tensor)
        case .unary(let kind):
            return unary(kind, inputs[0]) ?? beforeBroadcast(op, inputs, type)
        case .binary(let kind):
            return binary(kind, inputs[0], inputs[1], type) ?? beforeBroadcast(op, inputs, type)
        case .compare: return beforeBroadcast(op, inputs, type)
        case .select: return select(inputs, type) ?? beforeBroadcast(op, inputs, type)
        case .cast(let dtype):
            return cast(inputs[0], to: dtype) ?? beforeBroadcast(op, inputs, type)
        case .broadcast(let shape): return broadcast(inputs[0], to: shape)
        case .reshape(let shape): return reshape(inputs[0], to: shape)
        case .transpose(let permutation): return transpose(inputs[0], permutation, type)
        case .slice(let box): return slice(inputs[0], box, type)
        case .pad(let padding): return pad(inputs[0], padding, type)
        case .concatenate(let axis): return concatenate(inputs, axis: axis)
        case .reverse(let axes): return reverse(inputs[0], axes)
        case .reduce(let kind, let axes): return reduce(kind, inputs[0], axes, type)
        case .matmul(let attributes): return matmul(inputs[0], inputs[1], attributes)
        case .conv2D(let a): return convolution(inputs[0], inputs[1], a, type)
        case .conv2DInputGradient(let a, _):
            return convolutionInputGradient(inputs[0], inputs[1], a, type)
        case .conv2DWeightGradient(let a, _):
            return convolutionWeightGradient(inputs[0], inputs[1], a, type)
        default: return nil
        }
    }

    /// One number stored many times becomes that number, repeated.
    private mutating func constant(_ tensor: HostTensor) -> Value? {
        guard tensor.type.elementCount > 1, let number = tensor.splat else { return nil }
        return repeated(number, over: tensor.type.shape)
    }

    /// Computes on fewer elements and repeats the results, where all operands are repeated.
    ///
    /// Operands are broadcasts from one shape, from scalars, or repeated numbers. Exact.
    private mutating func beforeBroadcast(
        _ op: Op, _ inputs: [Value], _ type: TensorType
    ) -> Value? {
        var sources: [Value] = []
        var shape: [Int]?
        for input in inputs {
            guard case .broadcast = self[input].op else { return nil }
            let source = self[input].inputs[0]
            sources.append(source)
            let sourceShape = self[source].type.shape
            if sourceShape.isEmpty { continue }
            guard shape == nil || shape == sourceShape else { return nil }
            shape = sourceShape
        }
        let smaller = shape ?? []
        guard type.with(shape: smaller).elementCount < type.elementCount else { return nil }
        let operands = sources.map { source in
            self[source].type.shape == smaller ? source : make(.broadcast(smaller), [source])
        }
        return make(.broadcast(type.shape), [make(op, operands)])
    }
}
