import MartletGraph

extension Dataset: CustomStringConvertible {
    /// The type of one picture as it is kept, `u8[1,28,28]`.
    public var imageType: TensorType { TensorType(pixelType, imageShape) }

    /// Name, size, type and classes: `mnist (train): 60000 pictures u8[1,28,28], 10 classes`.
    public var description: String {
        "\(name): \(count) pictures \(imageType), \(classNames.count) classes"
    }

    /// The size as a table: `Rows: 60000, columns: 784`.
    public var rowsAndColumns: String {
        "Rows: \(count), columns: \(imageShape.reduce(1, *))"
    }
}
