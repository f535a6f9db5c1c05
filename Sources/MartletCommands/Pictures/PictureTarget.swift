import ArgumentParser
import Foundation
import MartletFormats

/// A file that a picture is written to.
enum PictureTarget {
    /// Throws for a name whose ending is none of a picture that can be written.
    static func check(_ file: String) throws {
        let ending = (file as NSString).pathExtension.lowercased()
        guard ["png", "jpg", "jpeg"].contains(ending) else {
            throw ValidationError("\(file) must end in .png, .jpg or .jpeg")
        }
    }

    /// Writes a picture; the name decides about PNG or JPEG.
    static func write(_ picture: Picture, to file: String) throws {
        let isPNG = (file as NSString).pathExtension.lowercased() == "png"
        guard isPNG || max(picture.width, picture.height) <= 65_500 else {
            throw CommandFailure(
                .cannotCreate,
                "\(picture.width) x \(picture.height) pixels are too many for a JPEG\n"
                    + "  fix        write a PNG, or fewer pictures")
        }
        try picture.write(to: URL(fileURLWithPath: file))
    }
}
