import CKernels

extension PictureBytes {
    /// Moves the pixels as the map says, with as little work as that takes.
    func move(_ placement: Placement, _ border: Border, scratch: inout AugmentationScratch) {
        if let flips = placement.flips {
            if flips.horizontally { flipHorizontally() }
            if flips.vertically { flipVertically() }
            return
        }
        resample(placement, border, displacements: nil, scratch: &scratch)
    }

    /// Moves the pixels as the map says, then by a smooth random field.
    func distort(
        _ placement: Placement, _ border: Border, amplitude: Double, sigma: Double, state: UInt64,
        scratch: inout AugmentationScratch
    ) {
        let radius = scratch.prepareGaussian(sigma: sigma)
        let (w, h, r) = (Int64(width), Int64(height), Int64(radius))
        let size = Int(ck_padded_width(w)) * height
        scratch.reserve(floats: 2 * size + Int(ck_displacement_scratch(w, h, r)))
        // The second field starts where the numbers of the first end.
        let words = UInt64(height * ((width + 3) / 4))
        let second = state &+ words &* 0x9E37_79B9_7F4A_7C15
        scratch.floats.withUnsafeMutableBufferPointer { floats in
            scratch.taps.withUnsafeBufferPointer { taps in
                guard let field = floats.baseAddress else { return }
                let work = field + 2 * size
                ck_displacements(
                    field, work, w, h, taps.baseAddress, r, Float(amplitude), state)
                ck_displacements(
                    field + size, work, w, h, taps.baseAddress, r, Float(amplitude), second)
            }
        }
        resample(placement, border, displacements: size, scratch: &scratch)
    }

    /// - Parameter displacements: the distance of the two fields in `scratch.floats`, or nil.
    private func resample(
        _ placement: Placement, _ border: Border, displacements: Int?,
        scratch: inout AugmentationScratch
    ) {
        scratch.reserve(
            bytes: (width + 3) * (height + 3), quads: (width + 2) * (height + 2))
        var resampling = ck_resampling()
        (resampling.width, resampling.height) = (Int64(width), Int64(height))
        resampling.matrix = placement.matrix(width: width, height: height)
        resampling.mirrors = border == .mirror
        scratch.floats.withUnsafeBufferPointer { floats in
            if let displacements, let field = floats.baseAddress {
                (resampling.dx, resampling.dy) = (field, field + displacements)
            }
            scratch.bytes.withUnsafeMutableBufferPointer { padded in
                scratch.quads.withUnsafeMutableBufferPointer { quads in
                    resampling.quads = UnsafePointer(quads.baseAddress)
                    for channel in 0..<channels {
                        let plane = plane(channel)
                        guard let source = plane.baseAddress, let target = padded.baseAddress
                        else { return }
                        pad(source, into: target, border)
                        ck_pack_quads(
                            quads.baseAddress, target, resampling.width, resampling.height)
                        ck_resample(source, &resampling)
                    }
                }
            }
        }
    }

    /// Copies a plane and puts a ring of pixels around it, with one more at the right and below.
    private func pad(
        _ source: UnsafeMutablePointer<UInt8>, into target: UnsafeMutablePointer<UInt8>,
        _ border: Border
    ) {
        let row = width + 3
        for y in 0..<height {
            let line = target + (y + 1) * row
            (line + 1).update(from: source + y * width, count: width)
            let (left, right) =
                if case .constant(let value) = border {
                    (value, value)
                } else {
                    (source[y * width], source[y * width + width - 1])
                }
            line[0] = left
            line[width + 1] = right
            line[width + 2] = right
        }
        func ring(_ y: Int, like inner: Int) {
            if case .constant(let value) = border {
                (target + y * row).update(repeating: value, count: row)
            } else {
                (target + y * row).update(from: target + inner * row, count: row)
            }
        }
        ring(0, like: 1)
        ring(height + 1, like: height)
        ring(height + 2, like: height)
    }
}
