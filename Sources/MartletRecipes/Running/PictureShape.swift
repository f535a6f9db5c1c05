/// The shape of pictures in words, for messages.
package enum PictureShape {
    /// `grey pictures of 28 x 28 pixels` for channels, height and width.
    package static func words(_ shape: [Int]) -> String {
        guard shape.count == 3 else { return "pictures \(shape)" }
        let colour = shape[0] == 1 ? "grey" : "colour"
        return "\(colour) pictures of \(shape[2]) x \(shape[1]) pixels"
    }
}
