import MartletGraph

/// What each step of a plan costs, measured over several runs.
public struct PlanProfile: Sendable {
    /// One step of the plan.
    public struct Step: Sendable {
        /// What the step does, as in the plan's text.
        public var label: String
        /// The path of the layer that it belongs to.
        public var path: String
        /// Floating-point operations of convolutions and matrix products.
        public var flops: Double
        /// Bytes that the step reads and writes.
        public var bytes: Int
        /// The time of each run in microseconds.
        public var times: [Double]
        /// When the step of the last run began, in microseconds after its first step.
        public var start: Double

        /// Collects the numbers of a step.
        public init(
            label: String, path: String, flops: Double, bytes: Int, times: [Double], start: Double
        ) {
            (self.label, self.path, self.flops) = (label, path, flops)
            (self.bytes, self.times, self.start) = (bytes, times, start)
        }

        /// The shortest time in microseconds.
        public var minimum: Double { times.min() ?? 0 }

        /// The middle of all times in microseconds.
        public var median: Double { PlanProfile.median(times) }
    }

    /// The steps in the order in which they run.
    public var steps: [Step]

    /// The examples that the steps were measured with, on one thread, where each thread takes portions
    /// of a batch; `nil` when all threads take the whole batch.
    public var portion: (examples: Int, batch: Int)?

    /// Wraps steps.
    public init(steps: [Step]) { self.steps = steps }

    /// Floating-point operations of a whole run.
    public var flops: Double { steps.reduce(0) { $0 + $1.flops } }

    /// The middle of some numbers, 0 when there are none.
    public static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

extension Graph {
    /// The floating-point operations of a convolution, a matrix product or a gradient of either; 0 for
    /// everything else.
    ///
    /// A multiplication with its addition counts as two. Products with padding count as any other.
    public func flops(of value: Value) -> Double {
        let node = self[value]
        func count(_ value: Value) -> Double { Double(self[value].type.elementCount) }
        func windows(_ weight: [Int]) -> Double { Double(weight.dropFirst().reduce(1, *)) }
        switch node.op {
        case .conv2D:
            return 2 * Double(node.type.elementCount) * windows(self[node.inputs[1]].type.shape)
        case .conv2DInputGradient:
            return 2 * count(node.inputs[0]) * windows(self[node.inputs[1]].type.shape)
        case .conv2DWeightGradient:
            return 2 * count(node.inputs[0]) * windows(node.type.shape)
        case .matmul(let a):
            let left = self[node.inputs[0]].type.shape
            let inner = left[left.count - (a.transposeA ? 2 : 1)]
            return 2 * Double(node.type.elementCount) * Double(inner)
        default: return 0
        }
    }
}
