import Foundation
import Martlet
import MartletData
import MartletFormats
import MartletReport

/// A picture that was read, and what the model makes of it.
struct Subject {
    let picture: Picture
    let prediction: Prediction
    private let fit: PicturePreparation.Fit?

    /// Reads and judges a picture.
    init(
        _ path: String, _ classifier: Classifier, fit: PicturePreparation.Fit?,
        _ inverting: Classifier.Inverting
    ) throws {
        let reading = PictureReading(isUpright: classifier.description.preparation.isUpright)
        picture = try Picture(contentsOf: URL(fileURLWithPath: path), reading)
        prediction = try classifier.predict(picture, fit: fit, inverting: inverting)
        self.fit = fit
    }

    /// The picture as the model sees it, for the terminal.
    var drawing: String {
        TerminalPicture(prediction.input, style: .current()).lines.joined(separator: "\n")
    }

    /// How the picture became the model's input, and what may be wrong with it.
    func explanation(_ model: ModelDescription) -> String {
        let seen = prediction.input
        var steps: [String] = []
        if prediction.isInverted { steps.append("light and dark exchanged") }
        if seen.channels != picture.channels {
            steps.append(seen.channels == 1 ? "grey for colour" : "grey in three channels")
        }
        if (seen.width, seen.height) != (picture.width, picture.height) {
            let fit = fit ?? model.preparation.fit
            steps.append(
                "\(Self.words(fit)) \(seen.width) x \(seen.height), \(model.preparation.filter)")
        }
        if model.brightest != 255 { steps.append("0 … 255 as 0 … \(model.brightest)") }
        let values = seen.samples
        let mean = values.reduce(0) { $0 + Int($1) } / max(1, values.count)
        let rows = [
            (
                "read",
                "\(picture.width) x \(picture.height), "
                    + (picture.channels == 1 ? "grey" : "red, green and blue")
            ),
            ("prepared", steps.isEmpty ? "as it is" : steps.joined(separator: "; ")),
            (
                "seen",
                "darkest \(values.min() ?? 0), lightest \(values.max() ?? 0), mean \(mean)"
            ),
        ]
        return (rows + doubts(model).map { ("look at", $0) })
            .map { "  " + $0 + String(repeating: " ", count: 10 - $0.count) + $1 }
            .joined(separator: "\n")
    }

    private static func words(_ fit: PicturePreparation.Fit) -> String {
        switch fit {
        case .squash: "squashed to"
        case .pad: "fitted and padded to"
        case .crop: "filled and cropped to"
        }
    }

    /// What often makes a good model fail.
    private func doubts(_ model: ModelDescription) -> [String] {
        let seen = prediction.input
        var doubts: [String] = []
        let spread = Int(seen.samples.max() ?? 0) - Int(seen.samples.min() ?? 0)
        if spread < 64 { doubts.append("the contrast: only \(spread) of 255 grey levels are used") }
        if min(picture.width, picture.height) * 2 < min(seen.width, seen.height) {
            doubts.append("the size: the picture is less than half as large as the model's")
        }
        let aspect =
            Double(picture.width) * Double(seen.height)
            / (Double(picture.height) * Double(seen.width))
        if (fit ?? model.preparation.fit) == .squash, aspect > 1.5 || aspect < 1 / 1.5 {
            doubts.append("the shape: it was squashed much; try --fit pad")
        }
        if seen.channels == 1, model.ink != .any {
            doubts += placementDoubts(model)
        }
        return doubts
    }

    /// Strokes far from the middle, or of the wrong brightness.
    private func placementDoubts(_ model: ModelDescription) -> [String] {
        let seen = prediction.input
        var (mass, x, y) = (0.0, 0.0, 0.0)
        for (index, value) in seen.samples.enumerated() {
            let ink = Double(model.ink == .lightOnDark ? value : 255 - value)
            mass += ink
            x += ink * (Double(index % seen.width) + 0.5)
            y += ink * (Double(index / seen.width) + 0.5)
        }
        guard mass > 0 else { return ["the strokes: there are none"] }
        var doubts: [String] = []
        if mass > 255 * 0.5 * Double(seen.samples.count) {
            doubts.append(
                "light and dark: more than half is ink to the model; try the other --invert")
        }
        let (right, down) = (
            x / mass / Double(seen.width) - 0.5, y / mass / Double(seen.height) - 0.5
        )
        if abs(right) > 0.15 || abs(down) > 0.15 {
            doubts.append("the place: the strokes are far from the middle")
        }
        return doubts
    }
}
