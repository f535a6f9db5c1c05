import MartletGraph

/// A valid graph over all families of operations with numbers to run it on, made from a seed.
///
/// Values stay tame, so that two engines can be compared: magnitudes and rounding errors are bounded
/// while the graph grows, and whatever decides (comparisons, arg-max, rounding, the choice of a
/// max-pool gradient) acts on numbers that are exactly equal on every engine. Running a graph two
/// or three times in a row is safe too: an assigned value fits its variable's bounds.
/// Sums may still cancel: compare with an absolute tolerance of some 1e-6 beside the relative one.
public struct RandomGraph: Sendable {
    /// What the graph was made from; belongs in the message of a failing test.
    public let seed: UInt64
    /// The graph; passes `verify()`.
    public let graph: Graph
    /// A tensor for each of `graph.inputs`, in that order.
    public let inputs: [HostTensor]
    /// The initial values of the variables by name.
    public let variables: [String: HostTensor]

    /// Makes the graph of `seed` with at least `nodeCount` nodes, and a few more than that.
    public init(seed: UInt64, nodeCount: Int) {
        let grower = GraphGrower(seed: seed)
        grower.grow(to: nodeCount)
        grower.assignVariables()
        grower.chooseOutputs()
        self.seed = seed
        graph = grower.builder.graph
        inputs = grower.inputs
        variables = grower.variables
    }
}

extension GraphGrower {
    /// Adds random families until the graph has `nodeCount` nodes.
    func grow(to nodeCount: Int) {
        let families: [() -> Void] = [
            growUnary, growUnary, growUnary, growBinary, growBinary, growBinary, growBinary,
            growCompare, growCompare, growSelect,
            growCast, growBroadcast, growReshape, growTranspose, growSlice, growPad,
            growConcatenate, growReverse, growReduce, growReduce, growArgReduce,
            growCumulativeSum, growMatmul, growMatmul, growConvolution, growConvolution,
            growPool, growPool, growSoftmax, growStandardize, growGather, growScatter, growOneHot,
            growRandom, growIota,
        ]
        while builder.graph.nodes.count < nodeCount { choose(families)() }
    }

    /// Gives most variables a new value of their type and within their bounds.
    func assignVariables() {
        for (name, type, value) in builder.graph.variables where flip(0.8) {
            let room = bounds[value.index]
            let fitting = pick { other in
                let candidate = self.bounds[other.index]
                return self.type(other) == type
                    && self.isFlat[value.index] == self.isFlat[other.index]
                    && candidate.low >= room.low
                    && candidate.high <= room.high && candidate.error <= room.error
            }
            var next = fitting ?? value
            if next == value, type.dtype == .float32 {
                next = add(.reverse(Array(0..<type.rank)), [value], room) ?? value
            }
            builder.graph.assignments.append(.init(name, next))
        }
    }

    /// Makes outputs of most values that nothing else uses, and of a few others.
    func chooseOutputs() {
        var used = Set(builder.graph.nodes.flatMap(\.inputs))
        used.formUnion(builder.graph.assignments.map(\.value))
        var outputs: [Value] = []
        for index in builder.graph.nodes.indices {
            let value = Value(index)
            if flip(used.contains(value) ? 0.15 : 0.9) { outputs.append(value) }
        }
        if outputs.isEmpty { outputs = [Value(builder.graph.nodes.count - 1)] }
        if flip(0.1) { outputs.append(choose(outputs)) }
        builder.graph.outputs = outputs.enumerated().map { .init("out\($0.offset)", $0.element) }
    }
}
