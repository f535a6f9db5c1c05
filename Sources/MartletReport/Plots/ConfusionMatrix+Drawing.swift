import Foundation

extension ConfusionMatrix {
    /// The matrix as coloured cells: right answers blue, mistakes red, stronger for a larger share
    /// of their row.
    func drawing(title: String, showsTitle: Bool = true) -> Drawing {
        let count = classNames.count
        let cell = min(44, max(5, (560 / Double(max(1, count))).rounded(.down)))
        let size = cell >= 30 ? 13.0 : cell >= 18 ? 10 : 9
        // Where cells are small, only some names have room.
        let every = max(1, Int((size * 1.3 / cell).rounded(.up)))
        let widest = classNames.map { StrokeFont.width($0, size: size) }.max() ?? 0
        let isTurned = widest > cell * Double(every) - 4
        let left = 44 + min(160, widest)
        // Letters of a page may be wider than those of the pixels.
        let top = (showsTitle ? 62.0 : 28) + (isTurned ? min(160, widest) * 1.15 : size)
        let side = cell * Double(count)
        var drawing = Drawing(title: title, width: left + side + 20, height: top + side + 20)
        if showsTitle { drawing.text(title, 16, 27, size: 16, .ink, isBold: true) }
        drawing.text(
            "prediction", left + side / 2, showsTitle ? 48 : 16, size: 12, anchor: .middle)
        drawing.text("truth", 18, top + side / 2, size: 12, anchor: .middle, isTurned: true)
        for (index, name) in classNames.enumerated() where index % every == 0 {
            let middle = (Double(index) + 0.5) * cell
            let name = Self.shortened(name, size: size, to: 160)
            drawing.text(name, left - 8, top + middle + size * 0.36, size: size, anchor: .end)
            if isTurned {
                drawing.text(
                    name, left + middle + size * 0.36, top - 8, size: size, isTurned: true)
            } else {
                drawing.text(name, left + middle, top - 8, size: size, anchor: .middle)
            }
        }
        for (truth, row) in counts.enumerated() {
            for (prediction, number) in row.enumerated() {
                let corner = DrawingPoint(
                    left + Double(prediction) * cell, top + Double(truth) * cell)
                add(number, truth, prediction, at: corner, cell, to: &drawing)
            }
        }
        return drawing
    }

    /// How strongly a cell is coloured, 0 … 1, by its share of the row.
    ///
    /// Mistakes go by the root of the share, so that few among many are still seen. The numbers in
    /// the cells can be read on every strength, on light and on dark ground.
    package static func strength(of share: Double, isRight: Bool) -> Double {
        isRight ? 0.14 + 0.36 * share : 0.07 + 0.5 * share.squareRoot()
    }

    private func add(
        _ number: Int, _ truth: Int, _ prediction: Int, at corner: DrawingPoint, _ cell: Double,
        to drawing: inout Drawing
    ) {
        let gap = cell >= 18 ? 2.0 : 0.5
        // Small cells have no numbers to be read, and need more colour to be seen.
        let boost = cell >= 18 ? 1.0 : 1.8
        let share = Double(number) / Double(max(1, counts[truth].reduce(0, +)))
        let colour: PlotColour =
            number == 0
            ? .line
            : truth == prediction
                ? .right(Self.strength(of: share, isRight: true) * boost)
                : .wrong(Self.strength(of: share, isRight: false) * boost)
        let hint = "\(number) × \(classNames[truth]) taken for \(classNames[prediction])"
        if number > 0 || cell >= 18 {
            drawing.shapes.append(
                .area(
                    DrawingPoint(corner.x + gap / 2, corner.y + gap / 2), width: cell - gap,
                    height: cell - gap, radius: cell >= 18 ? 4 : 0,
                    colour: number == 0 ? .wrong(0.03) : colour, hint: number == 0 ? nil : hint))
        }
        let size = cell >= 30 ? 12.0 : 9
        let text = String(number)
        guard number > 0, StrokeFont.width(text, size: size) < cell - 5 else { return }
        drawing.text(
            text, corner.x + cell / 2, corner.y + cell / 2 + size * 0.36, size: size,
            anchor: .middle, .ink)
    }

    private static func shortened(_ name: String, size: Double, to width: Double) -> String {
        var name = name
        guard StrokeFont.width(name, size: size) > width else { return name }
        while !name.isEmpty, StrokeFont.width(name + "..", size: size) > width { name.removeLast() }
        return name + ".."
    }
}
