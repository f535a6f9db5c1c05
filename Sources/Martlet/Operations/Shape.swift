import MartletGraph

extension Tensor {
    /// The same elements, in row-major order, under another shape; one size may be −1 (inferred).
    ///
    /// - Errors: the element counts differ, or −1 stands twice or does not come out even.
    public func reshaped(
        _ shape: [Int], file: StaticString = #fileID, line: UInt = #line
    ) -> Tensor {
        if isPoisoned { return self }
        return named("reshaped", file, line) {
            var shape = shape
            let unknown = shape.indices.filter { shape[$0] == -1 }
            if unknown.count == 1 {
                let others = TensorType(dtype, shape.filter { $0 != -1 })
                guard others.isRepresentable, others.elementCount > 0,
                    type.elementCount % others.elementCount == 0
                else {
                    return mistake(
                        "reshaped(\(type), \(shape))", like: self,
                        expected: "sizes whose product divides \(type.elementCount) elements",
                        received: "\(others.shape) beside the -1")
                }
                shape[unknown[0]] = type.elementCount / others.elementCount
            }
            return shape == self.shape ? self : apply(.reshape(shape), self)
        }
    }

    /// Joins the axes from `axis` on into one; images `[N, C, H, W]` become `[N, C·H·W]`.
    public func flattened(
        from axis: Int = 1, file: StaticString = #fileID, line: UInt = #line
    ) -> Tensor {
        if rank == 0, axis == 0 { return reshaped([1], file: file, line: line) }
        return withAxis("flattened", axis, file, line) { axis in
            let size = shape[axis...].reduce(1, *)
            return reshaped(Array(shape[..<axis]) + [size])
        }
    }

    /// Adds an axis of size 1 at position `axis` of the result.
    public func expandingShape(
        at axis: Int, file: StaticString = #fileID, line: UInt = #line
    ) -> Tensor {
        withAxis("expandingShape", axis, file, line, rank: rank + 1) { axis in
            var shape = shape
            shape.insert(1, at: axis)
            return reshaped(shape)
        }
    }

    /// Removes an axis of size 1.
    public func squeezed(
        axis: Int, file: StaticString = #fileID, line: UInt = #line
    ) -> Tensor {
        withAxis("squeezed", axis, file, line) { axis in
            guard shape[axis] == 1 else {
                return mistake(
                    "squeezed(\(type)) axis \(axis)", like: self,
                    expected: "size 1 on axis \(axis)", received: "\(shape[axis])")
            }
            var shape = shape
            shape.remove(at: axis)
            return reshaped(shape)
        }
    }

    /// The last two axes exchanged.
    public var transposed: Tensor {
        if isPoisoned { return self }
        guard rank >= 2 else {
            return mistake(
                "transposed(\(type))", like: self, expected: "a tensor with two axes or more",
                received: "\(rank)")
        }
        return apply(.transpose(Array(0..<rank - 2) + [rank - 1, rank - 2]), self)
    }

    /// The axes in another order: axis i of the result is axis `permutation[i]` of this tensor.
    public func transposed(
        _ permutation: [Int], file: StaticString = #fileID, line: UInt = #line
    ) -> Tensor {
        if isPoisoned { return self }
        return named("transposed", file, line) {
            let axes = permutation.map { resolved($0) ?? $0 }
            return axes == Array(0..<rank) ? self : apply(.transpose(axes), self)
        }
    }

    /// The tensor repeated `repeats[a]` times along each axis; more counts than axes add axes.
    public func tiled(
        _ repeats: [Int], file: StaticString = #fileID, line: UInt = #line
    ) -> Tensor {
        if isPoisoned { return self }
        return named("tiled", file, line) {
            guard repeats.count >= rank, repeats.allSatisfy({ $0 >= 0 }) else {
                return mistake(
                    "tiled(\(type), \(repeats))", like: self,
                    expected: "a count of 0 or more for each of \(rank) axes",
                    received: "\(repeats)")
            }
            let sizes = [Int](repeating: 1, count: repeats.count - rank) + shape
            guard TensorType(dtype, repeats).isRepresentable else {
                return mistake(
                    "tiled(\(type), \(repeats))", like: self, expected: "smaller counts",
                    received: "\(repeats)")
            }
            let split = reshaped(sizes.flatMap { [1, $0] })
            let wide = split.broadcast(to: zip(repeats, sizes).flatMap { [$0, $1] })
            return wide.reshaped(zip(repeats, sizes).map { $0 * $1 })
        }
    }

    /// The order of elements turned round along `axes`.
    public func reversed(
        axes: [Int], file: StaticString = #fileID, line: UInt = #line
    ) -> Tensor {
        withAxes("reversed", axes, file, line) { $0.isEmpty ? self : apply(.reverse($0), self) }
    }
}
