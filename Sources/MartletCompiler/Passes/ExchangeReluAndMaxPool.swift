import MartletGraph

/// Turns `maxPool2D(relu(x))` into `relu(maxPool2D(x))` where the relu has no other user.
///
/// The relu then works on a fraction of the elements. Run it on a forward graph before gradients
/// are derived. It is exact, forward and backward:
/// - relu never puts a larger element below a smaller one, so the largest element after it is the
///   relu of the largest element. A NaN is kept by relu and by the pooling, in either order.
/// - Where the largest element of a window is above 0, the first place that holds it is the same
///   before and after relu. Where it is 0 or less, relu makes ties that move the place, but then
///   relu's gradient is 0 there, and nothing flows to any element of the window either way. The
///   first NaN of a window is the same in both orders.
/// - A window that sees padding alone would give −∞ in one order and 0 in the other; graphs with
///   such a window are left as they are.
///
/// The relu that was is left without users; `removeDeadNodes` drops it.
///
/// - Parameter others: Further functions that never fall and keep NaN, such as sigmoid. For these only
///   the largest element is the same, up to its rounding, and not its place: leave them out where a
///   gradient is to be derived.
public func exchangeReluAndMaxPool(_ graph: Graph, others: Set<UnaryOp> = []) -> Graph {
    Rewriter.rewrite(graph) { node, rewriter in
        guard case .maxPool2D(let pool) = node.op else { return nil }
        let relu = rewriter[node.inputs[0]]
        guard case .unary(let function) = relu.op, function == .relu || others.contains(function),
            rewriter.isUsedOnce(node.inputs[0]),
            pool.everyWindowSeesAnElement(of: Array(relu.type.shape[2...]))
        else { return nil }
        var (pooled, last) = (node, relu)
        pooled.inputs = relu.inputs
        last.inputs = [rewriter.keep(pooled)]
        last.type = node.type
        return rewriter.keep(last)
    }.graph
}

extension PoolAttributes {
    /// True when each window along height and width covers at least one element.
    fileprivate func everyWindowSeesAnElement(of size: [Int]) -> Bool {
        (0..<2).allSatisfy { axis in
            let reach = dilation[axis] * (kernel[axis] - 1) + 1
            let padded = size[axis] + paddingLow[axis] + paddingHigh[axis]
            return Swift.stride(from: 0, through: padded - reach, by: stride[axis]).allSatisfy {
                start in
                (0..<kernel[axis]).contains { element in
                    let place = start + element * dilation[axis] - paddingLow[axis]
                    return place >= 0 && place < size[axis]
                }
            }
        }
    }
}
