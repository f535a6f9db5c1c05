import CKernels
import MartletGraph

extension Lowering {
    func lowerArgReduce(
        _ value: Value, _ node: Node, _ kind: ArgReduction, _ axis: Int
    ) throws {
        let type = graph[node.inputs[0]].type
        let (outer, size, inner) = spans(type.shape, axis)
        try lowerKernel(value, node) { data in
            {
                ck_arg_reduce(
                    type.dtype.code, kind == .max, data[0],
                    data[1].assumingMemoryBound(to: Int64.self), outer, size, inner)
            }
        }
    }

    func lowerCumulativeSum(_ value: Value, _ node: Node, _ axis: Int, _ reverse: Bool) throws {
        let (outer, size, inner) = spans(node.type.shape, axis)
        let code = node.type.dtype.code
        try lowerKernel(value, node) { data in
            { ck_cumulative_sum(code, reverse, data[0], data[1], outer, size, inner) }
        }
    }

    func lowerGather(_ value: Value, _ node: Node, _ axis: Int) throws {
        let (outer, size, inner) = spans(graph[node.inputs[0]].type.shape, axis)
        let indices = graph[node.inputs[1]].type
        let (code, count) = (node.type.dtype.code, Int64(indices.elementCount))
        try lowerKernel(value, node) { data in
            {
                ck_gather(
                    code, data[0], data[1], indices.dtype.code, data[2], outer, size, inner, count)
            }
        }
    }

    func lowerScatterAdd(_ value: Value, _ node: Node, _ axis: Int) throws {
        guard node.type.dtype != .bool else { return try lowerOnReference(value, node) }
        let (outer, size, inner) = spans(node.type.shape, axis)
        let indices = graph[node.inputs[1]].type
        let (code, count) = (node.type.dtype.code, Int64(indices.elementCount))
        try lowerKernel(value, node) { data in
            {
                ck_scatter_add(
                    code, data[0], data[1], indices.dtype.code, data[2], outer, size, inner, count)
            }
        }
    }

    func lowerGatherAlong(_ value: Value, _ node: Node, _ axis: Int) throws {
        let (outer, size, inner) = spans(graph[node.inputs[0]].type.shape, axis)
        let indices = graph[node.inputs[1]].type
        let (code, count) = (node.type.dtype.code, Int64(indices.shape[axis]))
        try lowerKernel(value, node) { data in
            {
                ck_gather_along(
                    code, data[0], data[1], indices.dtype.code, data[2], outer, size, inner, count)
            }
        }
    }

    func lowerScatterAddAlong(_ value: Value, _ node: Node, _ axis: Int) throws {
        guard node.type.dtype != .bool else { return try lowerOnReference(value, node) }
        let (outer, size, inner) = spans(node.type.shape, axis)
        let indices = graph[node.inputs[1]].type
        let (code, count) = (node.type.dtype.code, Int64(indices.shape[axis]))
        try lowerKernel(value, node) { data in
            {
                ck_scatter_add_along(
                    code, data[0], data[1], indices.dtype.code, data[2], outer, size, inner, count)
            }
        }
    }

    func lowerOneHot(_ value: Value, _ node: Node, _ classes: Int) throws {
        let indices = graph[node.inputs[0]].type
        let (code, count) = (node.type.dtype.code, Int64(indices.elementCount))
        try lowerKernel(value, node) { data in
            { ck_one_hot(code, data[0], indices.dtype.code, data[1], count, Int64(classes)) }
        }
    }

    func lowerRandom(
        _ value: Value, _ node: Node, _ distribution: RandomDistribution, _ stream: Int
    ) throws {
        let (code, count) = (node.type.dtype.code, Int64(node.type.elementCount))
        let stream = UInt32(truncatingIfNeeded: stream)
        try lowerKernel(value, node) { data in
            let key = UnsafePointer(data[0].assumingMemoryBound(to: Int64.self))
            return switch distribution {
            case .uniform: { ck_random_uniform(code, key, stream, data[1], count) }
            case .normal: { ck_random_normal(code, key, stream, data[1], count) }
            }
        }
    }

    /// A kernel over row-major operands; the last address is the result's.
    private func lowerKernel(
        _ value: Value, _ node: Node,
        _ make: @escaping ([UnsafeMutableRawPointer]) -> () -> Void
    ) throws {
        let reads = try node.inputs.map { try plainPlacement(of: $0).buffer }
        let target = place(value, in: .plain(node.type.rank)).buffer
        guard node.type.elementCount > 0 else { return }
        addKernel(node.op.name, value, reads: reads, writes: [target]) { bindings in
            make(reads.map { bindings[$0] } + [bindings[target]])
        }
    }
}
