import MartletGraph

/// The sizes of a convolution and which pixel each tap of the kernel meets.
struct ConvolutionGeometry {
    var attributes: Conv2DAttributes
    var batch: Int
    /// Channels of the input and output within one group.
    var channels: Int, filters: Int
    var height: Int, width: Int
    var kernel: [Int]
    var outputHeight: Int, outputWidth: Int
    private var runs: [Run] = []

    /// Neighbouring windows of one row in which a tap of the kernel meets pixels.
    private struct Run {
        var tap: Int, window: Int, pixel: Int, count: Int
    }

    /// Reads the sizes off the shapes of the input, the weight and the output.
    init(_ attributes: Conv2DAttributes, x: [Int], weight: [Int], y: [Int]) {
        self.attributes = attributes
        batch = x[0]
        channels = weight[1]
        filters = weight[0] / attributes.groups
        (height, width) = (x[2], x[3])
        kernel = [weight[2], weight[3]]
        (outputHeight, outputWidth) = (y[2], y[3])
        runs = makeRuns()
    }

    var plane: Int { height * width }
    var outputPlane: Int { outputHeight * outputWidth }

    /// Calls `body` for each pair of an output filter and an input channel that meet, counted over
    /// all groups, with the channel's number within its group.
    @inline(__always)
    func forEachPair(_ body: (_ filter: Int, _ channel: Int, _ channelInGroup: Int) -> Void) {
        for filter in 0..<filters * attributes.groups {
            for channel in 0..<channels {
                body(filter, filter / filters * channels + channel, channel)
            }
        }
    }

    /// Calls `body` for each tap of the kernel and each window in which the tap meets a pixel.
    @inline(__always)
    func forEachMeeting(_ body: (_ tap: Int, _ window: Int, _ pixel: Int) -> Void) {
        for run in runs {
            for step in 0..<run.count {
                body(run.tap, run.window + step, run.pixel + step * attributes.stride[1])
            }
        }
    }

    /// The runs of all taps; the rest of the windows see padding, which adds nothing.
    private func makeRuns() -> [Run] {
        var runs: [Run] = []
        for tapY in 0..<kernel[0] {
            let rows = windows(axis: 0, tap: tapY, size: height, count: outputHeight)
            for tapX in 0..<kernel[1] {
                let columns = windows(axis: 1, tap: tapX, size: width, count: outputWidth)
                for row in rows where !columns.isEmpty {
                    let y = pixel(axis: 0, window: row, tap: tapY)
                    let x = pixel(axis: 1, window: columns.lowerBound, tap: tapX)
                    runs.append(
                        Run(
                            tap: tapY * kernel[1] + tapX,
                            window: row * outputWidth + columns.lowerBound,
                            pixel: y * width + x, count: columns.count))
                }
            }
        }
        return runs
    }

    /// The pixel that a tap meets in a window; outside 0 ..< size it is padding.
    private func pixel(axis: Int, window: Int, tap: Int) -> Int {
        window * attributes.stride[axis] + tap * attributes.dilation[axis]
            - attributes.paddingLow[axis]
    }

    /// The windows in which a tap meets a pixel, not padding.
    private func windows(axis: Int, tap: Int, size: Int, count: Int) -> Range<Int> {
        let inside = (0..<count).filter { window in
            (0..<size).contains(pixel(axis: axis, window: window, tap: tap))
        }
        guard let first = inside.first, let last = inside.last else { return 0..<0 }
        return first..<last + 1
    }
}

extension Interpreter {
    /// y[n,o,i,j] = Σ x[n, c, i·s + u·d − p, j·s + v·d − p] · weight[o,c,u,v] over c, u, v.
    static func conv2D<Scalar: Real>(
        _ attributes: Conv2DAttributes, _ x: HostTensor, _ weight: HostTensor, _ type: TensorType,
        of: Scalar.Type
    ) -> HostTensor {
        let g = ConvolutionGeometry(
            attributes, x: x.type.shape, weight: weight.type.shape, y: type.shape)
        let (inputs, outputs) = (x.type.shape[1], type.shape[1])
        return sums(type, of: of) { y in
            HostTensor.read(x, weight, as: (Scalar.self, Scalar.self)) { x, weight in
                for n in 0..<g.batch {
                    g.forEachPair { filter, channel, inGroup in
                        let yStart = (n * outputs + filter) * g.outputPlane
                        let xStart = (n * inputs + channel) * g.plane
                        let start = (filter * g.channels + inGroup) * g.kernel[0] * g.kernel[1]
                        g.forEachMeeting { tap, window, pixel in
                            y[yStart + window] += x[xStart + pixel].wide * weight[start + tap].wide
                        }
                    }
                }
            }
        }
    }

    /// The transpose of `conv2D` in x: every product goes back to the pixel it came from.
    static func conv2DInputGradient<Scalar: Real>(
        _ attributes: Conv2DAttributes, _ dy: HostTensor, _ weight: HostTensor,
        _ type: TensorType, of: Scalar.Type
    ) -> HostTensor {
        let g = ConvolutionGeometry(
            attributes, x: type.shape, weight: weight.type.shape, y: dy.type.shape)
        let (inputs, outputs) = (type.shape[1], dy.type.shape[1])
        return sums(type, of: of) { dx in
            HostTensor.read(dy, weight, as: (Scalar.self, Scalar.self)) { dy, weight in
                for n in 0..<g.batch {
                    g.forEachPair { filter, channel, inGroup in
                        let yStart = (n * outputs + filter) * g.outputPlane
                        let xStart = (n * inputs + channel) * g.plane
                        let start = (filter * g.channels + inGroup) * g.kernel[0] * g.kernel[1]
                        g.forEachMeeting { tap, window, pixel in
                            dx[xStart + pixel] +=
                                dy[yStart + window].wide * weight[start + tap].wide
                        }
                    }
                }
            }
        }
    }

    /// The transpose of `conv2D` in the weight: every product goes back to its tap.
    static func conv2DWeightGradient<Scalar: Real>(
        _ attributes: Conv2DAttributes, _ dy: HostTensor, _ x: HostTensor, _ type: TensorType,
        of: Scalar.Type
    ) -> HostTensor {
        let g = ConvolutionGeometry(
            attributes, x: x.type.shape, weight: type.shape, y: dy.type.shape)
        let (inputs, outputs) = (x.type.shape[1], dy.type.shape[1])
        return sums(type, of: of) { dw in
            HostTensor.read(dy, x, as: (Scalar.self, Scalar.self)) { dy, x in
                for n in 0..<g.batch {
                    g.forEachPair { filter, channel, inGroup in
                        let yStart = (n * outputs + filter) * g.outputPlane
                        let xStart = (n * inputs + channel) * g.plane
                        let start = (filter * g.channels + inGroup) * g.kernel[0] * g.kernel[1]
                        g.forEachMeeting { tap, window, pixel in
                            dw[start + tap] += dy[yStart + window].wide * x[xStart + pixel].wide
                        }
                    }
                }
            }
        }
    }

    /// Makes a tensor from sums that `body` adds up in `Double`, each rounded once.
    @inline(__always)
    static func sums<Scalar: Real>(
        _ type: TensorType, of: Scalar.Type, _ body: (UnsafeMutableBufferPointer<Double>) -> Void
    ) -> HostTensor {
        var values = [Double](repeating: 0, count: type.elementCount)
        values.withUnsafeMutableBufferPointer { body($0) }
        return HostTensor(narrowing: values, type, of: Scalar.self)
    }
}
