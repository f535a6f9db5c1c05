import MartletGraph

/// A walk through the elements of a box in row-major order, with a place in memory for each.
///
/// Broadcasts have strides of 0, reversals negative ones, and reductions walk over the operand
/// with strides of the result.
struct StridedWalk {
    var shape: [Int]
    var strides: [Int]
    /// The place of the first element.
    var offset = 0

    /// Calls `body` with the row-major number of each element and its place.
    @inline(__always)
    func forEach(_ body: (_ index: Int, _ place: Int) -> Void) {
        if shape.contains(0) { return }
        guard let inner = shape.last, let innerStride = strides.last else { return body(0, offset) }
        var counters = [Int](repeating: 0, count: shape.count)
        var (index, start) = (0, offset)
        while true {
            var place = start
            for _ in 0..<inner {
                body(index, place)
                index += 1
                place += innerStride
            }
            var axis = shape.count - 2
            while axis >= 0 {
                counters[axis] += 1
                start += strides[axis]
                if counters[axis] < shape[axis] { break }
                start -= strides[axis] * shape[axis]
                counters[axis] = 0
                axis -= 1
            }
            if axis < 0 { return }
        }
    }

    /// Walks over `shape`; the places are those of a tensor in which `axes` are folded away.
    init(over shape: [Int], folding axes: [Int]) {
        let kept = shape.indices.map { axes.contains($0) ? 1 : shape[$0] }
        var strides = TensorType(.uint8, kept).strides
        for axis in axes { strides[axis] = 0 }
        self.init(shape: shape, strides: strides)
    }

    init(shape: [Int], strides: [Int], offset: Int = 0) {
        (self.shape, self.strides, self.offset) = (shape, strides, offset)
    }
}

/// A shape seen from one axis: element (o, k, i) stands at (o · length + k) · inner + i.
struct AxisView {
    /// The number of elements over the axes before.
    var outer: Int
    /// The size of the axis, or of the axes where there are several.
    var length: Int
    /// The number of elements over the axes after.
    var inner: Int

    /// Splits `shape` around `axis`, or around `count` axes from there on.
    init(_ shape: [Int], axis: Int, count: Int = 1) {
        outer = shape[..<axis].reduce(1, *)
        length = shape[axis..<axis + count].reduce(1, *)
        inner = shape[(axis + count)...].reduce(1, *)
    }
}

extension HostTensor {
    /// Makes a tensor of zeros and lets `fill` write its elements.
    init<Scalar: TensorScalar>(
        _ type: TensorType, of: Scalar.Type = Scalar.self,
        _ fill: (UnsafeMutableBufferPointer<Scalar>) -> Void
    ) {
        self.init(zeros: type)
        withUnsafeMutableScalars(as: Scalar.self, fill)
    }

    /// Rounds every element of a long sum.
    init<Scalar: Number>(narrowing values: [Scalar.Wide], _ type: TensorType, of: Scalar.Type) {
        self.init(type, of: Scalar.self) { target in
            for index in target.indices { target[index] = Scalar(narrowing: values[index]) }
        }
    }

    /// Reads the elements of two tensors in place.
    @inline(__always)
    static func read<A: TensorScalar, B: TensorScalar>(
        _ a: HostTensor, _ b: HostTensor, as: (A.Type, B.Type),
        _ body: (UnsafeBufferPointer<A>, UnsafeBufferPointer<B>) -> Void
    ) {
        a.withUnsafeScalars(as: A.self) { a in
            b.withUnsafeScalars(as: B.self) { b in body(a, b) }
        }
    }
}
