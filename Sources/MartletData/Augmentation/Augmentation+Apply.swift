import CKernels
import Foundation

extension Augmentation {
    /// Changes one picture in place.
    ///
    /// - Parameters:
    ///   - pixels: the bytes, channels × height × width.
    ///   - shape: channels, height and width, in pixels.
    ///   - key: what the random choices depend on.
    ///   - scratch: memory for the work; nothing is allocated once it has seen such a picture.
    /// - Precondition: `shape` has three positive sizes, and as many pixels as `pixels`, below 2³⁰.
    public func apply(
        to pixels: UnsafeMutableBufferPointer<UInt8>, shape: [Int], key: SampleKey,
        scratch: inout AugmentationScratch
    ) {
        precondition(
            shape.count == 3 && shape.allSatisfy { $0 > 0 && $0 < 1 << 20 }
                && shape[0] * shape[1] * shape[2] == pixels.count && pixels.count < 1 << 30,
            "Augmentation: a picture of \(pixels.count) bytes does not have the shape \(shape)")
        let picture = PictureBytes(
            pixels: pixels, channels: shape[0], height: shape[1], width: shape[2])
        var placement = Placement.identity
        for (number, step) in steps.enumerated() {
            var stream = RandomStream(key, step: number)
            if case .elastic(let alpha, let sigma) = step {
                picture.distort(
                    placement, border, amplitude: alpha, sigma: sigma, state: stream.next(),
                    scratch: &scratch)
                placement = .identity
            } else if let moved = picture.placement(of: step, &stream) {
                placement = placement.after(moved)
            } else {
                picture.move(placement, border, scratch: &scratch)
                placement = .identity
                picture.change(step, &stream, scratch: &scratch)
            }
        }
        picture.move(placement, border, scratch: &scratch)
    }

    /// A changed copy of one picture, for a look at it.
    ///
    /// - Precondition: as for `apply(to:shape:key:scratch:)`.
    public func applied(to pixels: [UInt8], shape: [Int], key: SampleKey) -> [UInt8] {
        var result = pixels
        var scratch = AugmentationScratch()
        result.withUnsafeMutableBufferPointer {
            apply(to: $0, shape: shape, key: key, scratch: &scratch)
        }
        return result
    }
}

extension PictureBytes {
    /// Where a step that moves pixels takes them from; nil for other steps.
    fileprivate func placement(
        of step: AugmentationStep, _ stream: inout RandomStream
    ) -> Placement? {
        switch step {
        case .flipHorizontally(let probability):
            return stream.happens(probability) ? .flip(horizontally: true) : .identity
        case .flipVertically(let probability):
            return stream.happens(probability) ? .flip(horizontally: false) : .identity
        case .rotate(let degrees): return .rotation(degrees: stream.number(in: degrees))
        case .shift(let x, let y, let unit):
            let (x, y) = (stream.number(in: x), stream.number(in: y))
            return switch unit {
            case .pixels: .shift(x: x, y: y)
            case .wholePixels: .shift(x: x.rounded(), y: y.rounded())
            case .fraction: .shift(x: x * Double(width), y: y * Double(height))
            }
        case .scale(let factor):
            let factor = stream.number(in: factor)
            return .scale(x: factor, y: factor)
        case .stretch(let x, let y):
            return .scale(x: stream.number(in: x), y: stream.number(in: y))
        case .shear(let x, let y):
            return .shear(x: stream.number(in: x), y: stream.number(in: y))
        case .elastic, .crop, .brightness, .contrast, .saturation, .noise, .invert, .erase, .cutout:
            return nil
        }
    }

    /// Carries out a step that changes values or moves whole rows.
    fileprivate func change(
        _ step: AugmentationStep, _ stream: inout RandomStream, scratch: inout AugmentationScratch
    ) {
        switch step {
        case .crop(let padding, let border):
            let right = stream.whole(below: 2 * padding + 1) - padding
            let down = stream.whole(below: 2 * padding + 1) - padding
            shift(right: right, down: down, border: border, scratch: &scratch)
        case .brightness(let factor): scale(by: stream.number(in: factor), shift: 0)
        case .contrast(let factor):
            let factor = stream.number(in: factor)
            scale(by: factor, shift: Double(meanGrey) * (1 - factor))
        case .saturation(let factor): saturate(by: stream.number(in: factor))
        case .noise(let deviation):
            addNoise(standardDeviation: stream.number(in: deviation), &stream)
        case .invert(let probability):
            if stream.happens(probability) { scale(by: -1, shift: 255) }
        case .erase(let probability, let area, let aspect, let fill):
            if stream.happens(probability) { erase(area, aspect, fill, &stream) }
        case .cutout(let size, let fill):
            let (left, top) = (
                stream.whole(below: width) - size / 2, stream.whole(below: height) - size / 2
            )
            self.fill(
                columns: max(0, left)..<max(0, min(width, left + size)),
                rows: max(0, top)..<max(0, min(height, top + size)), with: fill, &stream)
        case .flipHorizontally, .flipVertically, .rotate, .shift, .scale, .stretch, .shear,
            .elastic:
            break  // Moved by `placement(of:)` or `distort`.
        }
    }

    private func erase(
        _ area: ClosedRange<Double>, _ aspect: ClosedRange<Double>, _ fill: ErasedFill,
        _ stream: inout RandomStream
    ) {
        for _ in 0..<10 {
            let pixels = stream.number(in: area) * Double(self.area)
            let ratio = stream.ratio(in: aspect)
            let rows = Int((pixels * ratio).squareRoot().rounded())
            let columns = Int((pixels / ratio).squareRoot().rounded())
            guard rows > 0, columns > 0, rows < height, columns < width else { continue }
            let top = stream.whole(below: height - rows + 1)
            let left = stream.whole(below: width - columns + 1)
            self.fill(
                columns: left..<left + columns, rows: top..<top + rows, with: fill, &stream)
            return
        }
    }
}
