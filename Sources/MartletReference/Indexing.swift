import MartletGraph

extension Interpreter {
    /// Rows of `axis` by number; an index outside the axis selects zeros.
    static func gather(
        _ x: HostTensor, _ indices: HostTensor, axis: Int, _ type: TensorType
    ) -> HostTensor {
        let (view, numbers) = (AxisView(x.type.shape, axis: axis), indexNumbers(indices))
        let row = view.inner * x.type.dtype.byteCount
        var result = HostTensor(zeros: type)
        result.withUnsafeMutableBytes { target in
            x.bytes.withUnsafeBytes { source in
                for outer in 0..<view.outer {
                    for (place, k) in numbers.enumerated() where k >= 0 && k < view.length {
                        let from = (outer * view.length + k) * row
                        let to = (outer * numbers.count + place) * row
                        for byte in 0..<row { target[to + byte] = source[from + byte] }
                    }
                }
            }
        }
        return result
    }

    /// The transpose of `gather`: adds rows of the updates up; an index outside is skipped.
    static func scatterAdd<Scalar: Number>(
        _ updates: HostTensor, _ indices: HostTensor, axis: Int, _ type: TensorType,
        of: Scalar.Type
    ) -> HostTensor {
        let view = AxisView(type.shape, axis: axis)
        let numbers = indexNumbers(indices)
        var sums = [Scalar.Wide](repeating: .zero, count: type.elementCount)
        updates.withUnsafeScalars(as: of) { updates in
            for outer in 0..<view.outer {
                for (place, k) in numbers.enumerated() where k >= 0 && k < view.length {
                    let from = (outer * numbers.count + place) * view.inner
                    let to = (outer * view.length + k) * view.inner
                    for inner in 0..<view.inner {
                        sums[to + inner] = .add(sums[to + inner], updates[from + inner].wide)
                    }
                }
            }
        }
        return HostTensor(narrowing: sums, type, of: of)
    }

    /// result[.., i, ..] = x[.., indices[.., i, ..], ..]; an index outside selects zero.
    static func gatherAlong(
        _ x: HostTensor, _ indices: HostTensor, axis: Int, _ type: TensorType
    ) -> HostTensor {
        let numbers = indexNumbers(indices)
        let (source, chosen) = (
            AxisView(x.type.shape, axis: axis), AxisView(type.shape, axis: axis)
        )
        let width = x.type.dtype.byteCount
        var result = HostTensor(zeros: type)
        result.withUnsafeMutableBytes { target in
            x.bytes.withUnsafeBytes { bytes in
                forEachElement(chosen) { place, outer, inner in
                    let k = numbers[place]
                    guard k >= 0, k < source.length else { return }
                    let from = ((outer * source.length + k) * source.inner + inner) * width
                    for byte in 0..<width { target[place * width + byte] = bytes[from + byte] }
                }
            }
        }
        return result
    }

    /// The transpose of `gatherAlong`; an index outside is skipped.
    static func scatterAddAlong<Scalar: Number>(
        _ updates: HostTensor, _ indices: HostTensor, axis: Int, _ type: TensorType,
        of: Scalar.Type
    ) -> HostTensor {
        let numbers = indexNumbers(indices)
        let (chosen, result) = (
            AxisView(updates.type.shape, axis: axis), AxisView(type.shape, axis: axis)
        )
        var sums = [Scalar.Wide](repeating: .zero, count: type.elementCount)
        updates.withUnsafeScalars(as: of) { updates in
            forEachElement(chosen) { place, outer, inner in
                let k = numbers[place]
                guard k >= 0, k < result.length else { return }
                let to = (outer * result.length + k) * result.inner + inner
                sums[to] = .add(sums[to], updates[place].wide)
            }
        }
        return HostTensor(narrowing: sums, type, of: of)
    }

    /// 1 at the index along a new last axis, else 0; an index outside gives zeros.
    static func oneHot(_ indices: HostTensor, classes: Int, _ type: TensorType) -> HostTensor {
        var truths = HostTensor(zeros: type.with(dtype: .bool))
        let numbers = indexNumbers(indices)
        truths.withUnsafeMutableBytes { target in
            for (row, k) in numbers.enumerated() where k >= 0 && k < classes {
                target[row * classes + k] = 1
            }
        }
        return cast(truths, to: type.dtype)
    }

    /// Calls `body` for every element in row-major order with its position beside the axis.
    @inline(__always)
    private static func forEachElement(
        _ view: AxisView, _ body: (_ place: Int, _ outer: Int, _ inner: Int) -> Void
    ) {
        var place = 0
        for outer in 0..<view.outer {
            for _ in 0..<view.length {
                for inner in 0..<view.inner {
                    body(place, outer, inner)
                    place += 1
                }
            }
        }
    }

    /// The elements of an i32 or i64 tensor.
    private static func indexNumbers(_ indices: HostTensor) -> [Int] {
        if indices.type.dtype == .int32 {
            return indices.withUnsafeScalars(as: Int32.self) { $0.map { Int($0) } }
        }
        return indices.withUnsafeScalars(as: Int64.self) { $0.map { Int($0) } }
    }
}
