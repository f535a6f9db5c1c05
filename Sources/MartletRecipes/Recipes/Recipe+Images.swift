import Martlet

extension Recipe {
    /// The name of the recipe for a folder of one's own pictures.
    public static let imagesName = "images"

    /// The recipe for a folder of pictures, with settings that suit small sets.
    ///
    /// `PictureFolder.suitableSettings` tells which size and number of epochs suit a folder.
    ///
    /// - Parameters:
    ///   - path: The folder, with one folder for each class.
    ///   - size: The side of the pictures as the network sees them, in pixels.
    ///   - epochs: The number of passes over them.
    ///   - isGrey: Whether they are taken in grey.
    public static func images(
        _ path: String, size: Int, epochs: Int = 20, isGrey: Bool = false
    ) -> Recipe {
        var settings = RunSettings(
            recipe: imagesName, data: path, epochs: epochs, batchSize: 16, learningRate: 0.002)
        (settings.optimizer, settings.schedule) = (.adam, .oneCycle)
        (settings.augmentation, settings.range) = (.photos, .unit)
        (settings.imageSize, settings.isGrey) = (size, isGrey)
        return Recipe(
            settings, title: "your own pictures", loss: .crossEntropy,
            inputShape: [isGrey ? 1 : 3, size, size], ink: .any
        ) { FolderCNN(classCount: $0, size: size) }
    }
}
