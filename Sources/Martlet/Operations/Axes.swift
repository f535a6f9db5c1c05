import MartletGraph

extension Tensor {
    /// An axis counted from the front, `nil` when there is no such axis; negative ones count back.
    func resolved(_ axis: Int, rank: Int? = nil) -> Int? {
        let rank = rank ?? self.rank
        return (-rank..<rank).contains(axis) ? (axis + rank) % Swift.max(rank, 1) : nil
    }

    /// Ascending axes without repeats; all axes for `nil`; `nil` when one does not exist.
    func resolved(axes: [Int]?) -> [Int]? {
        guard let axes else { return Array(0..<rank) }
        let all = axes.compactMap { resolved($0) }
        guard all.count == axes.count, Set(all).count == all.count else { return nil }
        return all.sorted()
    }

    /// The poisoned tensor for an axis that does not exist.
    func badAxes(_ function: String, _ axes: [Int], rank: Int? = nil) -> Tensor {
        let rank = rank ?? self.rank
        let received = axes.count == 1 ? "axis \(axes[0])" : "axes \(axes)"
        return mistake(
            "\(function)(\(type))", like: self,
            expected: rank == 0
                ? "a tensor with axes"
                : "axes from \(-rank) to \(rank - 1), each once",
            received: received)
    }

    /// Runs `body` with the axis counted from the front, or reports it.
    func withAxis(
        _ function: String, _ axis: Int, _ file: StaticString, _ line: UInt, rank: Int? = nil,
        _ body: (Int) -> Tensor
    ) -> Tensor {
        if isPoisoned { return self }
        return named(function, file, line) {
            guard let axis = resolved(axis, rank: rank) else {
                return badAxes(function, [axis], rank: rank)
            }
            return body(axis)
        }
    }

    /// Runs `body` with ascending axes, or reports them.
    func withAxes(
        _ function: String, _ axes: [Int]?, _ file: StaticString, _ line: UInt,
        _ body: ([Int]) -> Tensor
    ) -> Tensor {
        if isPoisoned { return self }
        return named(function, file, line) {
            guard let known = resolved(axes: axes) else { return badAxes(function, axes ?? []) }
            return body(known)
        }
    }
}
