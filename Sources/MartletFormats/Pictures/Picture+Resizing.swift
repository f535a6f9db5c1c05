import MartletGraph

extension Picture {
    /// The picture squashed or stretched to a size, with antialiasing.
    ///
    /// Two passes, one along each axis, each rounded to 8 bits; the same numbers as Pillow's
    /// `resize`, bit for bit. Like Pillow 13 it runs the vertical pass first when only that one
    /// shrinks the picture, or when the picture is more than 100 times as high as wide.
    ///
    /// - Precondition: both sizes are positive.
    public func resized(
        width newWidth: Int, height newHeight: Int, _ filter: ResizeFilter = .bilinear
    ) -> Picture {
        precondition(
            newWidth > 0 && newHeight > 0, "resized: \(newWidth) x \(newHeight) is no size")
        let shrinks = newHeight < height
        if shrinks && (newWidth > width || height > 100 * width) {
            return resizedVertically(newHeight, filter).resizedHorizontally(newWidth, filter)
        }
        return resizedHorizontally(newWidth, filter).resizedVertically(newHeight, filter)
    }

    private func resizedHorizontally(_ newWidth: Int, _ filter: ResizeFilter) -> Picture {
        if newWidth == width { return self }
        let plan = ResizeWeights(from: width, to: newWidth, filter)
        let samples = resample(
            lines: height, lineStride: width * channels, step: channels, lanes: channels,
            newLineStride: newWidth * channels, newStep: channels, plan)
        return Picture(width: newWidth, height: height, channels: channels, samples: samples)
    }

    private func resizedVertically(_ newHeight: Int, _ filter: ResizeFilter) -> Picture {
        if newHeight == height { return self }
        let plan = ResizeWeights(from: height, to: newHeight, filter)
        let row = width * channels
        let samples = resample(
            lines: 1, lineStride: 0, step: row, lanes: row, newLineStride: 0, newStep: row, plan)
        return Picture(width: width, height: newHeight, channels: channels, samples: samples)
    }

    /// Makes new pixels along one axis; `step` apart, each of `lanes` neighbouring samples.
    private func resample(
        lines: Int, lineStride: Int, step: Int, lanes: Int, newLineStride: Int, newStep: Int,
        _ plan: ResizeWeights
    ) -> [UInt8] {
        let weights = plan.fixed
        let total = lines * plan.starts.count * lanes
        return [UInt8](unsafeUninitializedCapacity: total) { target, count in
            samples.withUnsafeBufferPointer { source in
                weights.withUnsafeBufferPointer { weights in
                    for line in 0..<lines {
                        for position in plan.starts.indices {
                            let first = line * lineStride + plan.starts[position] * step
                            let result = line * newLineStride + position * newStep
                            let row = position * plan.stride
                            for lane in 0..<lanes {
                                var sum: Int32 = 1 << 21
                                var at = first + lane
                                for tap in 0..<plan.counts[position] {
                                    sum &+= Int32(source[at]) &* weights[row + tap]
                                    at += step
                                }
                                target[result + lane] = UInt8(clamping: sum >> 22)
                            }
                        }
                    }
                }
            }
            count = total
        }
    }

    /// The part of a size that begins at a column and row.
    ///
    /// - Precondition: it lies in the picture.
    public func cropped(x: Int, y: Int, width newWidth: Int, height newHeight: Int) -> Picture {
        precondition(
            x >= 0 && y >= 0 && newWidth > 0 && newHeight > 0 && newWidth <= width - x
                && newHeight <= height - y,
            "cropped: \(newWidth) x \(newHeight) at \(x), \(y) is not inside \(width) x \(height)")
        var part: [UInt8] = []
        part.reserveCapacity(newWidth * newHeight * channels)
        for row in y..<y + newHeight {
            let start = (row * width + x) * channels
            part += samples[start..<start + newWidth * channels]
        }
        return Picture(width: newWidth, height: newHeight, channels: channels, samples: part)
    }

    /// The whole picture, its sides in proportion, in the middle of a size; the rest is `padding`.
    public func fitted(
        width newWidth: Int, height newHeight: Int, padding: UInt8,
        _ filter: ResizeFilter = .bilinear
    ) -> Picture {
        let scale = min(Double(newWidth) / Double(width), Double(newHeight) / Double(height))
        let inner = resized(
            width: min(newWidth, max(1, Int((Double(width) * scale).rounded()))),
            height: min(newHeight, max(1, Int((Double(height) * scale).rounded()))), filter)
        let (left, top) = ((newWidth - inner.width) / 2, (newHeight - inner.height) / 2)
        var result = [UInt8](repeating: padding, count: newWidth * newHeight * channels)
        for row in 0..<inner.height {
            let source = row * inner.width * channels
            let target = ((top + row) * newWidth + left) * channels
            result.replaceSubrange(
                target..<target + inner.width * channels,
                with: inner.samples[source..<source + inner.width * channels])
        }
        return Picture(width: newWidth, height: newHeight, channels: channels, samples: result)
    }

    /// The middle of the picture, its sides in proportion, cropped so that it fills a size.
    public func filled(
        width newWidth: Int, height newHeight: Int, _ filter: ResizeFilter = .bilinear
    ) -> Picture {
        let scale = max(Double(newWidth) / Double(width), Double(newHeight) / Double(height))
        let outerWidth = max(newWidth, Int((Double(width) * scale).rounded()))
        let outerHeight = max(newHeight, Int((Double(height) * scale).rounded()))
        if outerWidth / newWidth > 64 || outerHeight / newHeight > 64 {
            // Of so thin a picture nearly everything would be enlarged in vain.
            let keptWidth = min(width, max(1, Int((Double(newWidth) / scale).rounded())))
            let keptHeight = min(height, max(1, Int((Double(newHeight) / scale).rounded())))
            return cropped(
                x: (width - keptWidth) / 2, y: (height - keptHeight) / 2, width: keptWidth,
                height: keptHeight
            ).resized(width: newWidth, height: newHeight, filter)
        }
        let outer = resized(width: outerWidth, height: outerHeight, filter)
        return outer.cropped(
            x: (outer.width - newWidth) / 2, y: (outer.height - newHeight) / 2, width: newWidth,
            height: newHeight)
    }
}

/// A `float32` tensor `[channels, height, width]` resized with antialiasing, not rounded or clipped.
///
/// - Same as: torchvision's `Resize((height, width), antialias=True)` on a float tensor.
/// - Precondition: the tensor has such a type, and all sizes are positive.
public func resized(
    _ tensor: HostTensor, width: Int, height: Int, _ filter: ResizeFilter = .bilinear
) -> HostTensor {
    let shape = tensor.type.shape
    precondition(
        shape.count == 3 && tensor.type.dtype == .float32 && !shape.contains(0) && width > 0
            && height > 0, "resized: needs f32[channels,height,width], got \(tensor.type)")
    let (oldHeight, oldWidth) = (shape[1], shape[2])
    let columns = ResizeWeights(from: oldWidth, to: width, filter)
    let rows = ResizeWeights(from: oldHeight, to: height, filter)
    let source = tensor.withUnsafeScalars(as: Float.self) { Array($0) }
    let lines = shape[0] * oldHeight
    var middle = [Float](repeating: 0, count: lines * width)
    for line in 0..<lines {
        for x in 0..<width {
            var sum = 0.0
            for tap in 0..<columns.counts[x] {
                let value = source[line * oldWidth + columns.starts[x] + tap]
                sum += Double(value) * columns.weights[x * columns.stride + tap]
            }
            middle[line * width + x] = Float(sum)
        }
    }
    var result = [Float](repeating: 0, count: shape[0] * height * width)
    for channel in 0..<shape[0] {
        for y in 0..<height {
            for x in 0..<width {
                var sum = 0.0
                for tap in 0..<rows.counts[y] {
                    let line = channel * oldHeight + rows.starts[y] + tap
                    sum += Double(middle[line * width + x]) * rows.weights[y * rows.stride + tap]
                }
                result[(channel * height + y) * width + x] = Float(sum)
            }
        }
    }
    return HostTensor(result, shape: [shape[0], height, width])
}
