import MartletGraph

extension Interpreter {
    /// Folds `axes` away; sums and products are kept in the wide type and rounded once.
    static func reduce<Scalar: Number>(
        _ kind: Reduction, _ x: HostTensor, axes: [Int], _ type: TensorType, of: Scalar.Type
    ) -> HostTensor {
        let walk = StridedWalk(over: x.type.shape, folding: axes)
        return switch kind {
        case .sum: fold(x, walk, type, of, from: Scalar.Wide.zero) { .add($0, $1.wide) }
        case .product: fold(x, walk, type, of, from: Scalar.Wide.one) { .multiply($0, $1.wide) }
        case .max: fold(x, walk, type, of, from: Scalar.lowest.wide) { .larger($0, $1.wide) }
        case .min: fold(x, walk, type, of, from: Scalar.highest.wide) { .smaller($0, $1.wide) }
        }
    }

    /// The index of the first extreme element along `axis`; NaN counts as the extreme.
    static func argReduce<Scalar: Number>(
        _ kind: ArgReduction, _ x: HostTensor, axis: Int, _ type: TensorType, of: Scalar.Type
    ) -> HostTensor {
        let view = AxisView(x.type.shape, axis: axis)
        return HostTensor(type, of: Int64.self) { y in
            x.withUnsafeScalars(as: Scalar.self) { x in
                for outer in 0..<view.outer {
                    for inner in 0..<view.inner {
                        let start = outer * view.length * view.inner + inner
                        var best = 0
                        for k in 1..<max(1, view.length) {
                            let (old, new) = (
                                x[start + best * view.inner], x[start + k * view.inner]
                            )
                            if old.isNotANumber { break }
                            let wins = kind == .max ? new > old : new < old
                            if wins || new.isNotANumber { best = k }
                        }
                        y[outer * view.inner + inner] = Int64(best)
                    }
                }
            }
        }
    }

    /// Running sums along `axis`, from the end when `reverse`; kept in the wide type.
    static func cumulativeSum<Scalar: Number>(
        _ x: HostTensor, axis: Int, reverse: Bool, of: Scalar.Type
    ) -> HostTensor {
        let view = AxisView(x.type.shape, axis: axis)
        return HostTensor(x.type, of: Scalar.self) { y in
            x.withUnsafeScalars(as: Scalar.self) { x in
                for outer in 0..<view.outer {
                    for inner in 0..<view.inner {
                        var sum = Scalar.Wide.zero
                        for step in 0..<view.length {
                            let k = reverse ? view.length - 1 - step : step
                            let place = (outer * view.length + k) * view.inner + inner
                            sum = .add(sum, x[place].wide)
                            y[place] = Scalar(narrowing: sum)
                        }
                    }
                }
            }
        }
    }

    /// Folds every element into the accumulator at its place.
    @inline(__always)
    private static func fold<Scalar: Number>(
        _ x: HostTensor, _ walk: StridedWalk, _ type: TensorType, _: Scalar.Type,
        from start: Scalar.Wide, _ combine: (Scalar.Wide, Scalar) -> Scalar.Wide
    ) -> HostTensor {
        var results = [Scalar.Wide](repeating: start, count: type.elementCount)
        results.withUnsafeMutableBufferPointer { results in
            x.withUnsafeScalars(as: Scalar.self) { x in
                walk.forEach { results[$1] = combine(results[$1], x[$0]) }
            }
        }
        return HostTensor(narrowing: results, type, of: Scalar.self)
    }
}
