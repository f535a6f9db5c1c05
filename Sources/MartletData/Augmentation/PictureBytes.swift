import CKernels

/// The bytes of one picture that is being changed, plane by plane.
struct PictureBytes {
    let pixels: UnsafeMutableBufferPointer<UInt8>
    let channels: Int
    let height: Int
    let width: Int

    /// Bytes of one plane.
    var area: Int { width * height }

    func plane(_ channel: Int) -> UnsafeMutableBufferPointer<UInt8> {
        UnsafeMutableBufferPointer(rebasing: pixels[channel * area..<(channel + 1) * area])
    }

    // MARK: Moving pixels

    func flipHorizontally() {
        for start in stride(from: 0, to: channels * area, by: width) {
            var (left, right) = (start, start + width - 1)
            while left < right {
                (pixels[left], pixels[right]) = (pixels[right], pixels[left])
                left += 1
                right -= 1
            }
        }
    }

    func flipVertically() {
        for channel in 0..<channels {
            var (top, bottom) = (channel * area, channel * area + (height - 1) * width)
            while top < bottom {
                for column in 0..<width {
                    let byte = pixels[top + column]
                    pixels[top + column] = pixels[bottom + column]
                    pixels[bottom + column] = byte
                }
                top += width
                bottom -= width
            }
        }
    }

    /// Pixel (x, y) becomes what lay at (x + right, y + down).
    func shift(right: Int, down: Int, border: Border, scratch: inout AugmentationScratch) {
        guard right != 0 || down != 0 else { return }
        scratch.reserve(bytes: area)
        scratch.bytes.withUnsafeMutableBufferPointer { copy in
            for channel in 0..<channels {
                let plane = plane(channel)
                guard let target = plane.baseAddress, let source = copy.baseAddress else { return }
                source.update(from: target, count: area)
                for y in 0..<height {
                    shiftRow(
                        target + y * width, from: source, row: y + down, by: right, border: border)
                }
            }
        }
    }

    private func shiftRow(
        _ target: UnsafeMutablePointer<UInt8>, from source: UnsafeMutablePointer<UInt8>,
        row: Int, by right: Int, border: Border
    ) {
        guard let row = place(row, in: height, border) else {
            if case .constant(let value) = border { target.update(repeating: value, count: width) }
            return
        }
        let line = source + row * width
        // Columns first ..< end lie inside of the source.
        let first = min(width, max(0, -right))
        let end = max(first, min(width, width - right))
        if end > first { (target + first).update(from: line + first + right, count: end - first) }
        for x in 0..<first { target[x] = byte(line, x + right, border) }
        for x in end..<width { target[x] = byte(line, x + right, border) }
    }

    private func byte(_ line: UnsafeMutablePointer<UInt8>, _ x: Int, _ border: Border) -> UInt8 {
        if let x = place(x, in: width, border) { return line[x] }
        if case .constant(let value) = border { return value }
        return 0
    }

    /// Where a place inside or outside is taken from; nil for outside of a constant border.
    private func place(_ index: Int, in size: Int, _ border: Border) -> Int? {
        if index >= 0 && index < size { return index }
        switch border {
        case .constant: return nil
        case .edge: return index < 0 ? 0 : size - 1
        case .mirror:
            if size == 1 { return 0 }
            let turned = abs(index) % (2 * size - 2)
            return turned < size ? turned : 2 * size - 2 - turned
        }
    }

    // MARK: Changing values

    func scale(by factor: Double, shift: Double) {
        ck_scale_bytes(pixels.baseAddress, Int64(pixels.count), Float(factor), Float(shift))
    }

    /// The mean of the grey picture, rounded to a grey level as PIL's `ImageEnhance.Contrast` does.
    var meanGrey: Int {
        var sum = 0
        if channels == 3 {
            for index in 0..<area { sum += grey(index) }
            return Int((Double(sum) / Double(area)).rounded())
        }
        for byte in pixels { sum += Int(byte) }
        return Int((Double(sum) / Double(pixels.count)).rounded())
    }

    /// The grey of a pixel of three channels: 0.299 red + 0.587 green + 0.114 blue, rounded.
    private func grey(_ index: Int) -> Int {
        let red = Int(pixels[index]) * 19_595
        let green = Int(pixels[area + index]) * 38_470
        let blue = Int(pixels[2 * area + index]) * 7471
        return (red + green + blue + 32_768) >> 16
    }

    func saturate(by factor: Double) {
        guard channels == 3 else { return }
        let factor = Float(factor)
        for index in 0..<area {
            let grey = Float(grey(index))
            for place in stride(from: index, to: 3 * area, by: area) {
                let value = grey + (Float(pixels[place]) - grey) * factor
                pixels[place] = UInt8(Int32(max(0, min(255, value)) + 0.5))
            }
        }
    }

    func addNoise(standardDeviation: Double, _ stream: inout RandomStream) {
        let deviation = Float(standardDeviation)
        NormalTable.values.withUnsafeBufferPointer { table in
            var bits: UInt64 = 0
            for index in pixels.indices {
                // 24 bits for each number, two numbers from a word.
                bits = index & 1 == 0 ? stream.next() : bits >> 24
                let normal = table[Int(bits & 4095)] + table[Int(bits >> 12 & 4095)]
                let value = Float(pixels[index]) + deviation * normal
                pixels[index] = UInt8(Int32(max(0, min(255, value)) + 0.5))
            }
        }
    }

    /// Fills a rectangle; the ranges lie inside of the picture.
    func fill(
        columns: Range<Int>, rows: Range<Int>, with fill: ErasedFill, _ stream: inout RandomStream
    ) {
        for channel in 0..<channels {
            for y in rows {
                let start = channel * area + y * width
                switch fill {
                case .constant(let value):
                    for x in columns { pixels[start + x] = value }
                case .noise:
                    var bits: UInt64 = 0
                    for (number, x) in columns.enumerated() {
                        bits = number & 7 == 0 ? stream.next() : bits >> 8
                        pixels[start + x] = UInt8(truncatingIfNeeded: bits)
                    }
                }
            }
        }
    }
}
