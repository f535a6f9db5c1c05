import MartletData
import MartletFormats

/// How grey values are shown; pictures in colour stay as they are.
public enum GreyMap: String, Sendable, CaseIterable {
    /// 0 is black.
    case grey
    /// 0 is white: dark ink on paper, matplotlib's `binary`.
    case inverted

    func callAsFunction(_ picture: Picture) -> Picture {
        self == .inverted && picture.channels == 1 ? picture.inverted() : picture
    }
}

/// A picture with what is said about it.
public struct LabelledPicture: Hashable, Sendable {
    /// The picture.
    public var picture: Picture
    /// A short text, such as the name of a class.
    public var caption: String
    /// A second line below the caption, such as the true class of a mistake.
    public var detail: String
    /// Whether a prediction was right; nil where nothing was predicted.
    public var isRight: Bool?

    /// Collects the parts.
    public init(
        _ picture: Picture, caption: String = "", detail: String = "", isRight: Bool? = nil
    ) {
        (self.picture, self.caption, self.detail) = (picture, caption, detail)
        self.isRight = isRight
    }

    /// A picture with a prediction: `cat` when it is right, `dog (cat)` for a cat taken for a dog.
    public init(_ picture: Picture, label: String, prediction: String) {
        self.init(
            picture, caption: label == prediction ? label : "\(prediction) (\(label))",
            isRight: label == prediction)
    }
}

extension Picture {
    /// A picture from bytes plane by plane, as data sets keep them.
    ///
    /// - Parameters:
    ///   - shape: channels, height and width; of other than three channels the first is shown in
    ///     grey.
    ///   - brightest: the byte that becomes white.
    /// - Precondition: `shape` has three positive sizes and as many bytes as there are.
    public init(planes: some Collection<UInt8>, shape: [Int], brightest: UInt8 = 255) {
        precondition(
            shape.count == 3 && shape.allSatisfy { $0 > 0 }
                && planes.count == shape[0] * shape[1] * shape[2],
            "Picture: \(planes.count) bytes do not have the shape \(shape)")
        let area = shape[1] * shape[2]
        let channels = shape[0] == 3 ? 3 : 1
        let table = (0...255).map { byte in
            UInt8(min(255, (byte * 255 + Int(brightest) / 2) / max(1, Int(brightest))))
        }
        var samples = [UInt8](repeating: 0, count: channels * area)
        for (index, byte) in planes.prefix(channels * area).enumerated() {
            samples[index % area * channels + index / area] = table[Int(byte)]
        }
        self.init(width: shape[2], height: shape[1], channels: channels, samples: samples)
    }
}

extension Dataset {
    /// One picture of the data set, with its brightest value as white.
    ///
    /// `Picture.write(to:)` makes a PNG or JPEG file of it.
    ///
    /// - Errors: of the source, `FormatError` for a picture file that cannot be read.
    /// - Precondition: `index` is in `0 ..< count`.
    public func picture(_ index: Int) throws -> Picture {
        Picture(planes: try image(index), shape: imageShape, brightest: brightest)
    }

    /// One picture with the name of its class.
    ///
    /// - Errors: as `picture(_:)`.
    /// - Precondition: `index` is in `0 ..< count`.
    public func labelledPicture(_ index: Int) throws -> LabelledPicture {
        LabelledPicture(try picture(index), caption: classNames[Int(labels[index])])
    }
}
