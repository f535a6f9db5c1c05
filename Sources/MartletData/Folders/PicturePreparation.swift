import Foundation
import MartletFormats

/// How the picture of a file becomes the bytes that a model takes.
///
/// The same value serves training and, stored with the model, prediction.
public struct PicturePreparation: Hashable, Sendable, Codable {
    /// What happens when the sides of a picture have another ratio than those wanted.
    public enum Fit: String, Sendable, Codable, CaseIterable {
        /// The sides are stretched or squashed on their own.
        case squash
        /// The whole picture is shown; the rest is filled with `padding`.
        case pad
        /// The middle of the picture fills the size; what stands out is cut off.
        case crop
    }

    /// The width of the prepared picture in pixels.
    public var width: Int
    /// The height of the prepared picture in pixels.
    public var height: Int
    /// 1 for grey, 3 for red, green and blue.
    public var channels: Int
    /// What happens when the sides have another ratio.
    public var fit: Fit
    /// The value of the pixels that `pad` adds, in all channels.
    public var padding: UInt8
    /// How new pixels are made from old ones; antialiased.
    public var filter: ResizeFilter
    /// Whether the turn that a camera noted (EXIF) is carried out.
    public var isUpright: Bool

    /// Collects the choices.
    ///
    /// - Precondition: the sizes are positive, and `channels` is 1 or 3.
    public init(
        width: Int, height: Int, channels: Int, fit: Fit = .squash, padding: UInt8 = 0,
        filter: ResizeFilter = .bilinear, isUpright: Bool = true
    ) {
        precondition(
            Self.isPossible(width, height, channels),
            "PicturePreparation: \(width) x \(height) x \(channels) is no size of a picture")
        (self.width, self.height, self.channels) = (width, height, channels)
        (self.fit, self.padding, self.filter) = (fit, padding, filter)
        self.isUpright = isUpright
    }

    private enum CodingKeys: String, CodingKey {
        case width, height, channels, fit, padding, filter, isUpright = "upright"
    }

    /// Reads the choices; all but the sizes may be absent.
    ///
    /// - Errors: `DecodingError` for sizes that are no size of a picture.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let width = try values.decode(Int.self, forKey: .width)
        let height = try values.decode(Int.self, forKey: .height)
        let channels = try values.decode(Int.self, forKey: .channels)
        guard Self.isPossible(width, height, channels) else {
            throw DecodingError.dataCorruptedError(
                forKey: .width, in: values,
                debugDescription: "\(width) x \(height) x \(channels) is no size of a picture")
        }
        self.init(
            width: width, height: height, channels: channels,
            fit: try values.decodeIfPresent(Fit.self, forKey: .fit) ?? .squash,
            padding: try values.decodeIfPresent(UInt8.self, forKey: .padding) ?? 0,
            filter: try values.decodeIfPresent(ResizeFilter.self, forKey: .filter) ?? .bilinear,
            isUpright: try values.decodeIfPresent(Bool.self, forKey: .isUpright) ?? true)
    }

    /// The most pixels that a side can have.
    static let largestSide = 65_535

    private static func isPossible(_ width: Int, _ height: Int, _ channels: Int) -> Bool {
        (1...largestSide).contains(width) && (1...largestSide).contains(height)
            && (channels == 1 || channels == 3)
    }

    /// Whether channels, height and width are those of a picture that can be prepared.
    public static func isPossible(imageShape: [Int]) -> Bool {
        imageShape.count == 3 && isPossible(imageShape[2], imageShape[1], imageShape[0])
    }

    /// Channels, height and width.
    public var imageShape: [Int] { [channels, height, width] }

    /// The number of bytes of a prepared picture.
    public var imageSize: Int { channels * height * width }

    /// A picture brought to the size and the channels.
    public func prepared(_ picture: Picture) -> Picture {
        // Grey first or colour last: fewer samples to resize, and as `convert("L").resize(…)`.
        let source = channels == 1 ? picture.grey() : picture
        if source.width == width, source.height == height {
            return source.converted(toChannels: channels)
        }
        let fitted =
            switch fit {
            case .squash: source.resized(width: width, height: height, filter)
            case .pad: source.fitted(width: width, height: height, padding: padding, filter)
            case .crop: source.filled(width: width, height: height, filter)
            }
        return fitted.converted(toChannels: channels)
    }

    /// Reads a file, PNG, JPEG, BMP or GIF, and prepares its picture.
    ///
    /// - Errors: `FormatError` that names the file.
    public func picture(contentsOf url: URL) throws(FormatError) -> Picture {
        prepared(try Picture(contentsOf: url, PictureReading(isUpright: isUpright)))
    }

    /// Reads a file and writes its prepared picture plane by plane.
    func write(path: String, into target: UnsafeMutableRawBufferPointer) throws(FormatError) {
        let file = try FileContents(path: path, limit: 1 << 30)
        let picture = try Picture(file, PictureReading(isUpright: isUpright))
        prepared(picture).writePlanes(to: target)
    }
}
