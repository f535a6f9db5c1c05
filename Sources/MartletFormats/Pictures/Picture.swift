import MartletGraph

/// A picture of 8-bit samples, grey or RGB.
///
/// Rows run from the top, pixels from the left, and the samples of a pixel stand together
/// (height, width, channel). 0 is black and 255 is white.
public struct Picture: Hashable, Sendable {
    /// The number of pixels in a row.
    public let width: Int
    /// The number of rows.
    public let height: Int
    /// 1 for grey, 3 for red, green and blue.
    public let channels: Int
    /// The samples, `height * width * channels` of them.
    public let samples: [UInt8]

    /// Makes a picture of samples in memory.
    ///
    /// - Precondition: the sizes are positive, and there are as many samples as they say.
    public init(width: Int, height: Int, channels: Int, samples: [UInt8]) {
        precondition(
            width > 0 && height > 0 && (channels == 1 || channels == 3),
            "Picture: \(width) x \(height) x \(channels) is no size of a picture")
        precondition(
            samples.count == width * height * channels,
            "Picture: \(width) x \(height) x \(channels) pixels, but \(samples.count) samples")
        (self.width, self.height, self.channels) = (width, height, channels)
        self.samples = samples
    }

    /// A picture of one colour; `colour` has one value for each channel.
    public init(width: Int, height: Int, filledWith colour: [UInt8]) {
        var samples: [UInt8] = []
        samples.reserveCapacity(width * height * colour.count)
        for _ in 0..<width * height { samples += colour }
        self.init(width: width, height: height, channels: colour.count, samples: samples)
    }

    /// The picture in grey: 0.299 red + 0.587 green + 0.114 blue, rounded.
    ///
    /// - Source: ITU-R BT.601, in 16-bit fixed point as Pillow's `convert("L")`.
    public func grey() -> Picture {
        if channels == 1 { return self }
        let grey = [UInt8](unsafeUninitializedCapacity: width * height) { target, count in
            samples.withUnsafeBufferPointer { source in
                for pixel in 0..<width * height {
                    let red = UInt32(source[3 * pixel]) * 19_595
                    let green = UInt32(source[3 * pixel + 1]) * 38_470
                    let blue = UInt32(source[3 * pixel + 2]) * 7471
                    target[pixel] = UInt8(truncatingIfNeeded: (red + green + blue + 32_768) >> 16)
                }
            }
            count = width * height
        }
        return Picture(width: width, height: height, channels: 1, samples: grey)
    }

    /// The picture in three channels; grey is repeated.
    public func rgb() -> Picture {
        if channels == 3 { return self }
        var colours = [UInt8](repeating: 0, count: 3 * samples.count)
        for (pixel, value) in samples.enumerated() {
            colours[3 * pixel] = value
            colours[3 * pixel + 1] = value
            colours[3 * pixel + 2] = value
        }
        return Picture(width: width, height: height, channels: 3, samples: colours)
    }

    /// The picture in `count` channels, 1 or 3.
    public func converted(toChannels count: Int) -> Picture { count == 1 ? grey() : rgb() }

    /// Dark for light and light for dark, as for ink on paper when a net learned light on dark.
    public func inverted() -> Picture {
        Picture(width: width, height: height, channels: channels, samples: samples.map { 255 - $0 })
    }

    /// The samples as `uint8` `[channels, height, width]`, the order in which nets take images.
    public var tensor: HostTensor {
        HostTensor(type: TensorType(.uint8, [channels, height, width]), bytes: planes)
    }

    /// The samples plane by plane.
    private var planes: [UInt8] {
        if channels == 1 { return samples }
        var planes = [UInt8](repeating: 0, count: samples.count)
        let size = width * height
        for pixel in 0..<size {
            for channel in 0..<channels {
                planes[channel * size + pixel] = samples[channels * pixel + channel]
            }
        }
        return planes
    }

    /// Writes the samples plane by plane, as `tensor` has them.
    ///
    /// - Precondition: `target` has as many bytes as there are samples.
    package func writePlanes(to target: UnsafeMutableRawBufferPointer) {
        precondition(target.count == samples.count, "Picture: \(target.count) bytes of planes")
        samples.withUnsafeBytes { source in
            if channels == 1 {
                target.copyMemory(from: source)
                return
            }
            let size = width * height
            for pixel in 0..<size {
                target[pixel] = source[3 * pixel]
                target[size + pixel] = source[3 * pixel + 1]
                target[2 * size + pixel] = source[3 * pixel + 2]
            }
        }
    }

    /// The picture of a `uint8` array `[height, width]` or `[1 or 3, height, width]`.
    ///
    /// - Precondition: the array has such a type, and no axis of size 0.
    public init(_ tensor: HostTensor) {
        let shape = tensor.type.rank == 2 ? [1] + tensor.type.shape : tensor.type.shape
        precondition(
            shape.count == 3 && tensor.type.dtype == .uint8,
            "Picture: needs u8[height,width] or u8[channels,height,width], got \(tensor.type)")
        let (channels, size) = (shape[0], shape[1] * shape[2])
        var samples = tensor.bytes
        if channels > 1 {
            for pixel in 0..<size {
                for channel in 0..<channels {
                    samples[channels * pixel + channel] = tensor.bytes[channel * size + pixel]
                }
            }
        }
        self.init(width: shape[2], height: shape[1], channels: channels, samples: samples)
    }
}
