import Martlet

extension Recipe {
    /// The name of the recipe for a folder of one's own pictures.
    public static let imagesName = "images"

    /// The recipe for a folder of pictures, with settings that suit small sets.
    ///
    /// - Parameters:
    ///   - path: The folder, with one folder for each class.
    ///   - size: The side of the pictures as the network sees them, in pixels; see
    ///     `PictureFolder.suitableSize` for one that suits a folder.
    public static func images(_ path: String, size: Int, isGrey: Bool = false) -> Recipe {
        var settings = RunSettings(
            recipe: imagesName, data: path, epochs: 20, batchSize: 32, learningRate: 0.002)
        (settings.optimizer, settings.schedule) = (.adam, .oneCycle)
        (settings.augmentation, settings.range) = (.photos, .unit)
        (settings.imageSize, settings.isGrey) = (size, isGrey)
        return Recipe(
            settings, title: "your own pictures", loss: .crossEntropy,
            inputShape: [isGrey ? 1 : 3, size, size], ink: .any
        ) { FolderCNN(classCount: $0, size: size) }
    }
}
