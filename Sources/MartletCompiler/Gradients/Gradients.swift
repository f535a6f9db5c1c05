import MartletGraph

extension GraphBuilder {
    /// Appends the gradients of `loss` with respect to `values`, by reverse-mode differentiation.
    ///
    /// The result holds one value per entry of `values`, of the same type, or `nil` where `loss` does
    /// not depend on it through differentiable operations. A value in the middle of the graph may be
    /// asked for, too; the gradient of its own operands still flows through it. Since gradients are
    /// ordinary nodes, asking for the gradients of a gradient gives second derivatives.
    ///
    /// - Parameters:
    ///   - loss: A float value of any shape.
    ///   - seed: The factor of each element of `loss`; ones unless given.
    ///   - values: What to differentiate by.
    /// - Precondition: `seed` has the type of `loss`.
    /// - Source: Griewank & Walther, "Evaluating Derivatives", 2008, chapter 3.
    public mutating func gradients(
        of loss: Value, seed: Value? = nil, wrt values: [Value]
    ) -> [Value?] {
        partials(of: loss, seed: seed, wrt: values, since: 0)
    }

    /// The same for the part of the graph from node `first` on: values before it count as given, so
    /// that the result are partial derivatives even where one of `values` was computed from another.
    mutating func partials(
        of loss: Value, seed: Value?, wrt values: [Value], since first: Int
    ) -> [Value?] {
        precondition(
            seed.map { type($0) == type(loss) } ?? true,
            "gradients: the seed must have the type of the loss, \(type(loss))")
        let depends = nodesDepending(on: values, upTo: loss, since: first)
        guard depends[loss.index] else { return values.map { _ in nil } }

        let before = origin
        defer { origin = before }
        markGradient(of: loss)
        var gradients: [Value: Value] = [:]
        gradients[loss] = seed ?? constant(1, like: loss)
        for index in stride(from: loss.index, through: first, by: -1) where depends[index] {
            let output = Value(index)
            guard let dy = gradients[output] else { continue }
            let node = graph[output]
            let wanted = node.inputs.map { depends[$0.index] }
            guard wanted.contains(true) else { continue }
            markGradient(of: output)
            let rule = GradientRule(node: node, output: output, dy: dy, wanted: wanted)
            let parts = pullback(rule, in: &self)
            for (operand, part) in zip(node.inputs, parts) where depends[operand.index] {
                guard let part else { continue }
                if let sum = gradients[operand] {
                    markGradient(of: operand)
                    gradients[operand] = add(sum, part)
                } else {
                    gradients[operand] = part
                }
            }
        }
        return values.map { gradients[$0] }
    }

    /// Gives the nodes appended next the origin of a gradient of `forward`.
    mutating func markGradient(of forward: Value, _ suffix: String = "gradient") {
        let node = graph[forward]
        let path = node.origin.path.isEmpty ? node.op.name : node.origin.path
        origin = Origin(path: "\(path).\(suffix)", forward: forward)
    }

    /// For each node up to `loss`, whether it is one of `values` or made from them through floats.
    private func nodesDepending(
        on values: [Value], upTo loss: Value, since first: Int
    ) -> [Bool] {
        var depends = [Bool](repeating: false, count: loss.index + 1)
        for value in values where value <= loss {
            depends[value.index] = type(value).dtype.isFloatingPoint
        }
        for index in depends.indices.dropFirst(first) where !depends[index] {
            let node = graph.nodes[index]
            depends[index] =
                node.type.dtype.isFloatingPoint && node.inputs.contains { depends[$0.index] }
        }
        return depends
    }
}
