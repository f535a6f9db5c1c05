import MartletGraph

/// Tensors joined along an axis they have; the other sizes must agree.
public func concatenated(
    _ tensors: [Tensor], axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    guard let first = tensors.first else { return nothing("concatenated", file, line) }
    return first.withAxis("concatenated", axis, file, line) {
        apply(.concatenate(axis: $0), tensors)
    }
}

/// Tensors of one shape joined along a new axis at position `axis` of the result.
public func stacked(
    _ tensors: [Tensor], axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    guard let first = tensors.first else { return nothing("stacked", file, line) }
    return first.withAxis("stacked", axis, file, line, rank: first.rank + 1) { axis in
        if let other = tensors.first(where: { !$0.isPoisoned && $0.type != first.type }) {
            return mistake(
                "stacked(\(tensors.map(\.type.description).joined(separator: ", ")))",
                like: first, expected: "tensors of one type", received: "\(other.type)")
        }
        return apply(
            .concatenate(axis: axis), tensors.map { $0.expandingShape(at: axis) })
    }
}

private func nothing(_ name: String, _ file: StaticString, _ line: UInt) -> Tensor {
    named(name, file, line) {
        mistake(
            "\(name)()", like: .zeros([0]), expected: "at least one tensor", received: "none")
    }
}

extension Tensor {
    /// Consecutive parts of the given sizes along `axis`; the sizes must add up to the axis.
    public func split(
        sizes: [Int], axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
    ) -> [Tensor] {
        var parts: [Tensor] = []
        var start = 0
        let total = sizes.reduce(0, +)
        for size in sizes {
            parts.append(
                withAxis("split", axis, file, line) { axis in
                    guard total == shape[axis], sizes.allSatisfy({ $0 >= 0 }) else {
                        return mistake(
                            "split(\(type), sizes \(sizes)) axis \(axis)", like: self,
                            expected: "sizes of 0 or more that add up to \(shape[axis])",
                            received: "\(total)")
                    }
                    return part(axis: axis, from: start, to: start + size)
                })
            start += size
        }
        return parts
    }

    /// As many equal parts along `axis`; the axis must divide evenly.
    public func split(
        count: Int, axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
    ) -> [Tensor] {
        let size = resolved(axis).map { shape[$0] } ?? 0
        guard count > 0 else { return [] }
        return split(
            sizes: [Int](repeating: size / count, count: count), axis: axis, file: file,
            line: line)
    }

    /// The elements `start ..< end` along an axis.
    func part(axis: Int, from start: Int, to end: Int) -> Tensor {
        var box = SliceAttributes(
            starts: shape.map { _ in 0 }, limits: shape, strides: shape.map { _ in 1 })
        (box.starts[axis], box.limits[axis]) = (start, end)
        return apply(.slice(box), self)
    }
}
