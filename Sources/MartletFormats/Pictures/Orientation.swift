/// How a stored picture must be turned to stand upright; the numbers are those of EXIF.
///
/// - Source: CIPA DC-008 (Exif 2.32), tag 0x0112 Orientation.
public enum Orientation: Int, Sendable, CaseIterable {
    case upright = 1
    case mirrored
    case upsideDown
    case mirroredUpsideDown
    case mirroredOnItsLeft
    case onItsLeft
    case mirroredOnItsRight
    case onItsRight

    /// True when turning exchanges width and height.
    public var exchangesSides: Bool { rawValue >= 5 }

    /// The orientation in the EXIF segment of a JPEG file, `nil` without one.
    ///
    /// What is damaged there counts as absent, for the picture does not depend on it.
    init?(exifOf file: FileContents) {
        guard let segment = Self.exifSegment(file.bytes) else { return nil }
        self.init(tiff: file.bytes[segment])
    }

    /// The contents of the first segment APP1 that begins with "Exif".
    private static func exifSegment(_ bytes: [UInt8]) -> Range<Int>? {
        var position = 2
        while position + 4 <= bytes.count, bytes[position] == 0xFF {
            let marker = bytes[position + 1]
            if marker == 0xFF {
                position += 1
                continue
            }
            // The scan begins; nothing of interest follows.
            if marker == 0xDA || marker == 0xD9 { return nil }
            let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
            let end = position + 2 + length
            guard length >= 2, end <= bytes.count else { return nil }
            let begin = position + 4 + 6
            if marker == 0xE1, bytes.holds(Array("Exif\0\0".utf8), at: position + 4), begin <= end {
                return begin..<end
            }
            position = end
        }
        return nil
    }

    /// Looks up the tag in the first directory of the TIFF structure that EXIF is.
    private init?(tiff: ArraySlice<UInt8>) {
        let bytes = Array(tiff)
        let isBigEndian = bytes.holds(Array("MM".utf8))
        guard isBigEndian || bytes.holds(Array("II".utf8)) else { return nil }
        func number(_ offset: Int, _ count: Int) -> Int? {
            guard offset >= 0, offset + count <= bytes.count else { return nil }
            let part = bytes[offset..<offset + count]
            return (isBigEndian ? Array(part) : part.reversed()).reduce(0) { $0 << 8 | Int($1) }
        }
        guard let directory = number(4, 4), let count = number(directory, 2) else { return nil }
        for entry in 0..<count {
            let offset = directory + 2 + 12 * entry
            guard let tag = number(offset, 2) else { return nil }
            if tag == 0x0112 {
                self.init(rawValue: number(offset + 8, 2) ?? 0)
                return
            }
        }
        return nil
    }
}

extension Picture {
    /// The picture turned and mirrored so that one stored in `orientation` stands upright.
    public func turned(_ orientation: Orientation) -> Picture {
        if orientation == .upright { return self }
        let (newWidth, newHeight) = orientation.exchangesSides ? (height, width) : (width, height)
        var turned = [UInt8](repeating: 0, count: samples.count)
        for y in 0..<newHeight {
            for x in 0..<newWidth {
                let (column, row) =
                    switch orientation {
                    case .upright: (x, y)
                    case .mirrored: (width - 1 - x, y)
                    case .upsideDown: (width - 1 - x, height - 1 - y)
                    case .mirroredUpsideDown: (x, height - 1 - y)
                    case .mirroredOnItsLeft: (y, x)
                    case .onItsLeft: (y, height - 1 - x)
                    case .mirroredOnItsRight: (width - 1 - y, height - 1 - x)
                    case .onItsRight: (width - 1 - y, x)
                    }
                let source = (row * width + column) * channels
                let target = (y * newWidth + x) * channels
                for channel in 0..<channels { turned[target + channel] = samples[source + channel] }
            }
        }
        return Picture(width: newWidth, height: newHeight, channels: channels, samples: turned)
    }
}
