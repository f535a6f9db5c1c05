import MartletGraph

extension Interpreter {
    /// Counts 0, 1, 2 … along `axis`.
    static func iota<Scalar: Number>(_ type: TensorType, axis: Int, of: Scalar.Type) -> HostTensor {
        var walk = StridedWalk(shape: type.shape, strides: type.shape.map { _ in 0 })
        walk.strides[axis] = 1
        return HostTensor(type, of: Scalar.self) { y in
            walk.forEach { y[$0] = Scalar(converting: Int64($1)) }
        }
    }

    /// Repeats along new leading axes and axes of size 1.
    static func broadcast(_ x: HostTensor, to shape: [Int]) -> HostTensor {
        let lead = shape.count - x.type.rank
        let strides = shape.indices.map { axis in
            axis < lead || x.type.shape[axis - lead] == 1 ? 0 : x.type.strides[axis - lead]
        }
        return read(x, StridedWalk(shape: shape, strides: strides))
    }

    /// Result axis i is operand axis `permutation[i]`.
    static func transpose(_ x: HostTensor, _ permutation: [Int]) -> HostTensor {
        read(
            x,
            StridedWalk(
                shape: permutation.map { x.type.shape[$0] },
                strides: permutation.map { x.type.strides[$0] }))
    }

    /// A strided box of `x`.
    static func slice(_ x: HostTensor, _ box: SliceAttributes, _ type: TensorType) -> HostTensor {
        let (axes, strides) = (x.type.shape.indices, x.type.strides)
        return read(
            x,
            StridedWalk(
                shape: type.shape, strides: axes.map { strides[$0] * box.strides[$0] },
                offset: axes.reduce(0) { $0 + strides[$1] * box.starts[$1] }))
    }

    /// Turns the order of elements round along `axes`.
    static func reverse(_ x: HostTensor, _ axes: [Int]) -> HostTensor {
        var walk = StridedWalk(shape: x.type.shape, strides: x.type.strides)
        for axis in axes {
            walk.offset += (walk.shape[axis] - 1) * walk.strides[axis]
            walk.strides[axis] = -walk.strides[axis]
        }
        return read(x, walk)
    }

    /// Borders, and gaps between elements, filled with a value.
    static func pad(_ x: HostTensor, _ padding: PadAttributes, _ type: TensorType) -> HostTensor {
        let (axes, strides) = (x.type.shape.indices, type.strides)
        var result = HostTensor(repeating: padding.value, type)
        let walk = StridedWalk(
            shape: x.type.shape, strides: axes.map { strides[$0] * (padding.interior[$0] + 1) },
            offset: axes.reduce(0) { $0 + strides[$1] * padding.low[$1] })
        write(x, into: &result, walk)
        return result
    }

    /// Joins tensors along `axis`.
    static func concatenate(_ inputs: [HostTensor], axis: Int, _ type: TensorType) -> HostTensor {
        var result = HostTensor(zeros: type)
        var start = 0
        for x in inputs {
            let walk = StridedWalk(
                shape: x.type.shape, strides: type.strides, offset: start * type.strides[axis])
            write(x, into: &result, walk)
            start += x.type.shape[axis]
        }
        return result
    }

    /// a where the condition holds, else b.
    static func select(_ condition: HostTensor, _ a: HostTensor, _ b: HostTensor) -> HostTensor {
        var result = b
        let width = a.type.dtype.byteCount
        result.withUnsafeMutableBytes { target in
            a.bytes.withUnsafeBytes { a in
                for (index, truth) in condition.bytes.enumerated() where truth != 0 {
                    for byte in index * width..<(index + 1) * width { target[byte] = a[byte] }
                }
            }
        }
        return result
    }

    /// The elements of `x` at the places of a walk.
    private static func read(_ x: HostTensor, _ walk: StridedWalk) -> HostTensor {
        var result = HostTensor(zeros: x.type.with(shape: walk.shape))
        result.withUnsafeMutableBytes { target in
            x.bytes.withUnsafeBytes { source in
                switch x.type.dtype.byteCount {
                case 1: read(source, into: target, walk, as: UInt8.self)
                case 4: read(source, into: target, walk, as: UInt32.self)
                default: read(source, into: target, walk, as: UInt64.self)
                }
            }
        }
        return result
    }

    private static func read<Word>(
        _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer,
        _ walk: StridedWalk, as: Word.Type
    ) {
        let (source, target) = (source.bindMemory(to: Word.self), target.bindMemory(to: Word.self))
        walk.forEach { target[$0] = source[$1] }
    }

    /// Puts the elements of `x` at the places of a walk.
    private static func write(_ x: HostTensor, into result: inout HostTensor, _ walk: StridedWalk) {
        result.withUnsafeMutableBytes { target in
            x.bytes.withUnsafeBytes { source in
                switch x.type.dtype.byteCount {
                case 1: write(source, into: target, walk, as: UInt8.self)
                case 4: write(source, into: target, walk, as: UInt32.self)
                default: write(source, into: target, walk, as: UInt64.self)
                }
            }
        }
    }

    private static func write<Word>(
        _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer,
        _ walk: StridedWalk, as: Word.Type
    ) {
        let (source, target) = (source.bindMemory(to: Word.self), target.bindMemory(to: Word.self))
        walk.forEach { target[$1] = source[$0] }
    }
}
