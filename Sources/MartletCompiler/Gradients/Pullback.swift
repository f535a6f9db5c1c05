import MartletGraph

/// What a gradient rule works with: one forward node and the gradient that arrives at its result.
///
/// The methods, by family, are the rules. A rule appends nodes and returns one gradient per operand,
/// of the operand's type; `nil` stands for none. Operands that are not `wanted` may be left `nil`.
struct GradientRule {
    /// The forward node.
    var node: Node
    /// Its result; rules prefer it to the operands where that lets the operands' memory go.
    var output: Value
    /// The gradient of the loss with respect to `output`.
    var dy: Value
    /// For each operand, whether its gradient will be used.
    var wanted: [Bool]

    /// The first operand.
    var x: Value { node.inputs[0] }

    /// The second operand.
    var second: Value { node.inputs[1] }

    /// One entry per operand: no gradient for any.
    var none: [Value?] { node.inputs.map { _ in nil } }
}

/// The gradients of a node's operands: the one place that knows the rule of every operation.
func pullback(_ rule: GradientRule, in g: inout GraphBuilder) -> [Value?] {
    switch rule.node.op {
    case .input, .variable, .constant, .iota, .random: rule.none
    case .unary(let op): [rule.unary(op, in: &g)]
    case .binary(let op): rule.binary(op, in: &g)
    case .compare: rule.none
    case .select: rule.select(in: &g)
    case .cast: [rule.cast(in: &g)]
    case .broadcast: [g.unbroadcast(rule.dy, to: g.type(rule.x).shape)]
    case .reshape: [g.reshape(rule.dy, to: g.type(rule.x).shape)]
    case .transpose(let permutation): [rule.transpose(permutation, in: &g)]
    case .slice(let box): [rule.slice(box, in: &g)]
    case .pad(let padding): [rule.pad(padding, in: &g)]
    case .concatenate(let axis): rule.concatenate(axis, in: &g)
    case .reverse(let axes): [g.emit(.reverse(axes), rule.dy)]
    case .reduce(.sum, let axes): [g.expand(rule.dy, over: axes, to: g.type(rule.x).shape)]
    case .reduce(.product, let axes): [rule.product(axes, in: &g)]
    case .reduce(.max, let axes), .reduce(.min, let axes): [rule.extreme(axes, in: &g)]
    case .argReduce: rule.none
    case .cumulativeSum(let axis, let reverse):
        [g.emit(.cumulativeSum(axis: axis, reverse: !reverse), rule.dy)]
    case .matmul(let a): rule.matmul(a, in: &g)
    case .conv2D(let a): rule.conv2D(a, in: &g)
    case .conv2DInputGradient(let a, _): rule.conv2DInputGradient(a, in: &g)
    case .conv2DWeightGradient(let a, _): rule.conv2DWeightGradient(a, in: &g)
    case .maxPool2D(let a): [g.emit(.maxPool2DGradient(a), rule.x, rule.dy)]
    case .maxPool2DGradient(let a): [nil, g.emit(.maxPool2DTangent(a), rule.x, rule.dy)]
    case .maxPool2DTangent(let a): [nil, g.emit(.maxPool2DGradient(a), rule.x, rule.dy)]
    case .averagePool2D(let a): [rule.averagePool2D(a, in: &g)]
    case .averagePool2DGradient(let a, _): [g.emit(.averagePool2D(a), rule.dy)]
    case .softmax(let axis): [rule.softmax(axis, in: &g)]
    case .logSoftmax(let axis): [rule.logSoftmax(axis, in: &g)]
    case .standardize(let axes, let epsilon):
        [g.emit(.standardizeGradient(axes: axes, epsilon: epsilon), rule.x, rule.dy)]
    case .standardizeGradient(let axes, let epsilon):
        rule.standardizeGradient(axes, epsilon, in: &g)
    case .gather(let axis): [rule.gather(axis, in: &g), nil]
    case .scatterAdd(let axis, _): [g.emit(.gather(axis: axis), rule.dy, rule.second), nil]
    case .gatherAlong(let axis): [rule.gatherAlong(axis, in: &g), nil]
    case .scatterAddAlong(let axis, _):
        [g.emit(.gatherAlong(axis: axis), rule.dy, rule.second), nil]
    case .oneHot: rule.none
    }
}
