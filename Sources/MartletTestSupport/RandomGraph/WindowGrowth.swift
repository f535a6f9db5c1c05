import MartletGraph

extension GraphGrower {
    func growMatmul() {
        guard let x = tame(float { shape($0).count >= 2 }, 2), shape(x).count >= 2 else { return }
        let rank = shape(x).count
        let attributes = MatmulAttributes(transposeA: flip(0.3), transposeB: flip(0.3))
        let inner = shape(x)[rank - (attributes.transposeA ? 2 : 1)]
        let columns = integer(1...17)
        let matrix = attributes.transposeB ? [columns, inner] : [inner, columns]
        let fresh = type(x).with(shape: shape(x).dropLast(2) + matrix)
        let partner = pick {
            let other = shape($0)
            return type($0).dtype == type(x).dtype && other.count == rank
                && other.dropLast(2) == shape(x).dropLast(2)
                && other[rank - (attributes.transposeB ? 1 : 2)] == inner
        }
        let right = flip(0.5) ? partner : nil
        guard let y = tame(right ?? source(fresh, -1...1), 2) else { return }
        _ = add(.matmul(attributes), [x, y], products(x, y, count: inner))
    }

    /// Bounds of sums of `count` products of elements of `x` and `y`; errors count as independent.
    private func products(_ x: Value, _ y: Value, count: Int) -> Bounds {
        let (a, b) = (bounds[x.index], bounds[y.index])
        let root = Double(count).squareRoot()
        return Bounds.symmetric(
            a.magnitude * b.magnitude * Double(count),
            error: root * (a.error * b.magnitude + b.error * a.magnitude))
    }

    /// A picture batch that is there already, or a new one with channels of many kinds.
    private func images(_ fits: (Value) -> Bool = { _ in true }) -> Value {
        let found = pick {
            type($0).dtype.isFloatingPoint && shape($0).count == 4 && shape($0)[1] <= 17
                && shape($0)[2] <= 12 && shape($0)[3] <= 12 && fits($0)
        }
        if let found, flip(0.7) { return found }
        let size = flip(0.2) ? 1...3 : 4...9
        return source(
            TensorType(
                floatType(),
                [integer(1...3), choose([1, 3, 5, 8, 16, 17]), integer(size), integer(size)]))
    }

    /// The number of windows along one axis, or `nil` when there is none.
    private func windows(
        _ size: Int, _ kernel: Int, _ stride: Int, _ padding: Int, _ dilation: Int
    ) -> Int? {
        let room = size + padding - dilation * (kernel - 1) - 1
        return room < 0 ? nil : room / stride + 1
    }

    func growConvolution() {
        guard let x = tame(images(), 2) else { return }
        let (size, channels, dtype) = (shape(x), shape(x)[1], type(x).dtype)
        let groups = flip(0.6) ? 1 : choose((1...channels).filter { channels % $0 == 0 })
        let outputs =
            groups == 1 ? choose([1, 3, 5, 8, 16, 17]) : groups * integer(1...max(1, 17 / groups))
        var a = Conv2DAttributes(groups: groups)
        let isPlain = flip(0.3)
        let kernel = [choose([1, 2, 3, 3, 5]), choose([1, 2, 3, 3, 5])]
        if !isPlain {
            a.stride = [choose([1, 1, 2, 3]), choose([1, 1, 2, 3])]
            a.paddingLow = [integer(0...2), integer(0...2)]
            a.paddingHigh = flip(0.5) ? a.paddingLow : [integer(0...2), integer(0...2)]
            a.dilation = [choose([1, 1, 2]), choose([1, 1, 2])]
        }
        var result: [Int] = []
        for axis in 0..<2 {
            let count = windows(
                size[axis + 2], kernel[axis], a.stride[axis],
                a.paddingLow[axis] + a.paddingHigh[axis], a.dilation[axis])
            guard let count else { return }
            result.append(count)
        }
        let gradientType = TensorType(dtype, [size[0], outputs] + result)
        guard gradientType.elementCount <= 5000 else { return }
        let weightType = TensorType(dtype, [outputs, channels / groups] + kernel)
        let taps = kernel[0] * kernel[1]
        switch integer(0...2) {
        case 0:
            let weight = source(weightType, -0.5...0.5)
            _ = add(.conv2D(a), [x, weight], products(x, weight, count: channels / groups * taps))
        case 1:
            guard let dy = gradient(gradientType) else { return }
            let weight = source(weightType, -0.5...0.5)
            _ = add(
                .conv2DInputGradient(a, size: Array(size[2...])), [dy, weight],
                products(dy, weight, count: outputs / groups * taps))
        default:
            guard let dy = gradient(gradientType) else { return }
            _ = add(
                .conv2DWeightGradient(a, kernel: kernel), [dy, x],
                products(dy, x, count: size[0] * result[0] * result[1]))
        }
    }

    /// A value of `type` that may stand for a gradient, or a new source.
    private func gradient(_ type: TensorType) -> Value? {
        tame(pick { self.type($0) == type } ?? source(type, -1...1), 2)
    }

    /// A pooling geometry in which every window touches the picture, if one is found.
    private func pool(_ size: [Int]) -> PoolAttributes? {
        var a = PoolAttributes(kernel: [integer(1...3), integer(1...3)])
        if flip(0.5) { a.stride = [integer(1...3), integer(1...3)] }
        if flip(0.2) { a.dilation = [integer(1...2), integer(1...2)] }
        a.countsPadding = flip(0.5)
        for axis in 0..<2 {
            let reach = a.dilation[axis] * (a.kernel[axis] - 1) + 1
            if flip(0.4) { a.paddingLow[axis] = integer(0...reach - 1) }
            if flip(0.4) { a.paddingHigh[axis] = integer(0...reach - 1) }
            let room = size[axis] + a.paddingLow[axis] + a.paddingHigh[axis] - reach
            guard room >= 0 else { return nil }
            if flip(0.4), room % a.stride[axis] != 0 {
                a.ceilExtra[axis] = a.stride[axis] - room % a.stride[axis]
                a.paddingHigh[axis] += a.ceilExtra[axis]
            }
            let windows = (room + a.ceilExtra[axis]) / a.stride[axis] + 1
            for window in 0..<windows {
                let start = window * a.stride[axis] - a.paddingLow[axis]
                let taps = (0..<a.kernel[axis]).map { start + $0 * a.dilation[axis] }
                guard taps.contains(where: { (0..<size[axis]).contains($0) }) else { return nil }
            }
        }
        return a
    }

    func growPool() {
        let kind = integer(0...4)
        let choosesPlaces = kind == 1 || kind == 2
        let x = images { !choosesPlaces || bounds[$0.index].isExact }
        guard !choosesPlaces || bounds[x.index].isExact,
            let a = pool(Array(shape(x)[2...]))
        else { return }
        let known = bounds[x.index]
        let pooled = try? Op.maxPool2D(a).resultType([type(x)])
        guard let pooled else { return }
        let overlap = Double(a.kernel[0] * a.kernel[1])
        switch kind {
        case 0: _ = add(.maxPool2D(a), [x], known)
        case 1:
            guard let dy = gradient(pooled) else { return }
            _ = add(.maxPool2DGradient(a), [x, dy], spreading(bounds[dy.index], overlap))
        case 2:
            guard let t = pick({ type($0) == type(x) }) else { return }
            _ = add(.maxPool2DTangent(a), [x, t], bounds[t.index])
        case 3:
            _ = add(
                .averagePool2D(a), [x],
                Bounds(
                    min(0, known.low) * 1.001, max(0, known.high) * 1.001,
                    error: known.error + 2e-7 * min(known.magnitude, 10)))
        default:
            guard let dy = gradient(pooled) else { return }
            _ = add(
                .averagePool2DGradient(a, size: Array(shape(x)[2...])), [dy],
                spreading(bounds[dy.index], overlap))
        }
    }

    private func spreading(_ dy: Bounds, _ overlap: Double) -> Bounds {
        Bounds.symmetric(dy.magnitude * overlap, error: dy.error * overlap.squareRoot())
    }
}
