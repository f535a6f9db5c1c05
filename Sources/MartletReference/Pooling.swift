import MartletGraph

/// The cells of each pooling window.
struct PoolGeometry {
    var attributes: PoolAttributes
    /// The number of pictures: batch times channels.
    var pictures: Int
    var height: Int, width: Int
    var outputHeight: Int, outputWidth: Int

    /// Reads the sizes off the shapes of the input and the output.
    init(_ attributes: PoolAttributes, x: [Int], y: [Int]) {
        self.attributes = attributes
        pictures = x[0] * x[1]
        (height, width) = (x[2], x[3])
        (outputHeight, outputWidth) = (y[2], y[3])
    }

    /// Calls `body` for each window of each picture: the window's place in the output, the place
    /// of its picture in the input, and its row and column.
    @inline(__always)
    func forEachWindow(_ body: (_ window: Int, _ picture: Int, _ row: Int, _ column: Int) -> Void) {
        var window = 0
        for picture in 0..<pictures {
            for row in 0..<outputHeight {
                for column in 0..<outputWidth {
                    body(window, picture * height * width, row, column)
                    window += 1
                }
            }
        }
    }

    /// Calls `body` with the pixel at each cell of a window, row by row, leaving out padding.
    @inline(__always)
    func forEachCell(row: Int, column: Int, _ body: (_ pixel: Int) -> Void) {
        for cellY in 0..<attributes.kernel[0] {
            let y = place(0, row, cellY)
            if y < 0 || y >= height { continue }
            for cellX in 0..<attributes.kernel[1] {
                let x = place(1, column, cellX)
                if x < 0 || x >= width { continue }
                body(y * width + x)
            }
        }
    }

    /// The number of cells that the sum of a window is divided by.
    func divisor(row: Int, column: Int) -> Int {
        count(0, row, size: height) * count(1, column, size: width)
    }

    /// The cells along one axis inside the input, or inside the padding that was asked for.
    private func count(_ axis: Int, _ window: Int, size: Int) -> Int {
        let counts = attributes.countsPadding
        let first = counts ? -attributes.paddingLow[axis] : 0
        let end =
            counts ? size + attributes.paddingHigh[axis] - attributes.ceilExtra[axis] : size
        return (0..<attributes.kernel[axis]).reduce(0) { sum, cell in
            let place = place(axis, window, cell)
            return place >= first && place < end ? sum + 1 : sum
        }
    }

    @inline(__always)
    private func place(_ axis: Int, _ window: Int, _ cell: Int) -> Int {
        window * attributes.stride[axis] + cell * attributes.dilation[axis]
            - attributes.paddingLow[axis]
    }

    /// The first largest pixel of a window, where NaN counts as larger; `nil` in padding only.
    @inline(__always)
    func largest<Scalar: Real>(
        _ x: UnsafeBufferPointer<Scalar>, picture: Int, row: Int, column: Int
    ) -> Int? {
        var best: Int?
        forEachCell(row: row, column: column) { pixel in
            let new = x[picture + pixel]
            guard let place = best else { return best = picture + pixel }
            if new > x[place] || (new.isNaN && !x[place].isNaN) { best = picture + pixel }
        }
        return best
    }
}

extension Interpreter {
    /// The largest pixel of each window; minus infinity where a window sees padding only.
    static func maxPool2D<Scalar: Real>(
        _ a: PoolAttributes, _ x: HostTensor, _ type: TensorType, of: Scalar.Type
    ) -> HostTensor {
        let g = PoolGeometry(a, x: x.type.shape, y: type.shape)
        return HostTensor(type, of: of) { y in
            x.withUnsafeScalars(as: of) { x in
                g.forEachWindow { window, picture, row, column in
                    let place = g.largest(x, picture: picture, row: row, column: column)
                    y[window] = place.map { x[$0] } ?? -.infinity
                }
            }
        }
    }

    /// Adds the gradient of each window to its first largest pixel.
    static func maxPool2DGradient<Scalar: Real>(
        _ a: PoolAttributes, _ x: HostTensor, _ dy: HostTensor, of: Scalar.Type
    ) -> HostTensor {
        let g = PoolGeometry(a, x: x.type.shape, y: dy.type.shape)
        return sums(x.type, of: of) { dx in
            HostTensor.read(x, dy, as: (of, of)) { x, dy in
                g.forEachWindow { window, picture, row, column in
                    if let place = g.largest(x, picture: picture, row: row, column: column) {
                        dx[place] += dy[window].wide
                    }
                }
            }
        }
    }

    /// Picks from t the pixel at the first largest place of x; 0 where there is padding only.
    static func maxPool2DTangent<Scalar: Real>(
        _ a: PoolAttributes, _ x: HostTensor, _ t: HostTensor, _ type: TensorType, of: Scalar.Type
    ) -> HostTensor {
        let g = PoolGeometry(a, x: x.type.shape, y: type.shape)
        return HostTensor(type, of: of) { y in
            HostTensor.read(x, t, as: (of, of)) { x, t in
                g.forEachWindow { window, picture, row, column in
                    let place = g.largest(x, picture: picture, row: row, column: column)
                    y[window] = place.map { t[$0] } ?? 0
                }
            }
        }
    }

    /// The mean of each window; 0 where no cell counts.
    static func averagePool2D<Scalar: Real>(
        _ a: PoolAttributes, _ x: HostTensor, _ type: TensorType, of: Scalar.Type
    ) -> HostTensor {
        let g = PoolGeometry(a, x: x.type.shape, y: type.shape)
        return HostTensor(type, of: of) { y in
            x.withUnsafeScalars(as: of) { x in
                g.forEachWindow { window, picture, row, column in
                    var sum = 0.0
                    g.forEachCell(row: row, column: column) { sum += x[picture + $0].wide }
                    let divisor = max(1, g.divisor(row: row, column: column))
                    y[window] = Scalar(narrowing: sum / Double(divisor))
                }
            }
        }
    }

    /// Shares the gradient of each window out among its pixels.
    static func averagePool2DGradient<Scalar: Real>(
        _ a: PoolAttributes, _ dy: HostTensor, _ type: TensorType, of: Scalar.Type
    ) -> HostTensor {
        let g = PoolGeometry(a, x: type.shape, y: dy.type.shape)
        return sums(type, of: of) { dx in
            dy.withUnsafeScalars(as: of) { dy in
                g.forEachWindow { window, picture, row, column in
                    let divisor = max(1, g.divisor(row: row, column: column))
                    let share = dy[window].wide / Double(divisor)
                    g.forEachCell(row: row, column: column) { dx[picture + $0] += share }
                }
            }
        }
    }
}
