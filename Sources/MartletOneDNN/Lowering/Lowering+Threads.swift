import MartletCompiler
import MartletGraph

extension Lowering {
    /// Whether a second thread would cost more for a group than it brings.
    ///
    /// A primitive of oneDNN divides its work by the number of threads that there were when it was
    /// made, so this is decided before. Our own kernels decide by their work when they run.
    func runsOnOneThread(_ group: Group) -> Bool {
        isSmall || graph.estimatedTime(of: Value(group.anchor)) < Graph.smallStep
    }
}

extension Graph {
    /// A plan that one thread runs in so many microseconds stays on it: waking another thread takes
    /// some microseconds for each step on a quiet machine, and a whole time slice on a busy one.
    static let smallPlan = 250.0
    /// The same for one step.
    ///
    /// A step on one thread between steps on two has to fetch half of its numbers from the cache of the
    /// other core, which takes longer than waking it.
    static let smallStep = 10.0

    /// About how many microseconds one thread takes for all nodes.
    var estimatedTime: Double {
        nodes.indices.reduce(0) { $0 + estimatedTime(of: Value($1)) }
    }

    /// About how many microseconds one thread takes for a node by itself.
    func estimatedTime(of value: Value) -> Double {
        let node = self[value]
        switch node.op {
        case .input, .variable, .constant, .iota, .broadcast, .reshape, .transpose: return 0
        case .unary(.exp), .unary(.expm1), .unary(.log), .unary(.log1p), .unary(.sin), .unary(.cos),
            .unary(.erf), .unary(.tanh), .unary(.sigmoid), .binary(.power), .softmax, .logSoftmax:
            return Double(node.type.elementCount) / 1_500
        case _ where node.op.isElementwise:
            // Most of them share a pass with others.
            return Double(node.type.elementCount) / 10_000
        default:
            let bytes = node.inputs.reduce(node.type.byteCount) {
                $0 + self[source(of: $1)].type.byteCount
            }
            // 40 GFLOP/s and 20 GB/s are what a core of some years ago reaches in the caches.
            return flops(of: value) / 40_000 + Double(bytes) / 20_000
        }
    }
}
