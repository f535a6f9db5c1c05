/// Draws grey pictures with block characters, two columns a pixel, bright as full.
public struct TerminalPicture: Sendable {
    /// The picture's lines, each `2 · width` characters wide.
    public let lines: [String]

    /// Shades each pixel by its share of `brightest`.
    ///
    /// - Precondition: `pixels.count == width * height`, row-major.
    public init(pixels: [UInt8], width: Int, height: Int, brightest: UInt8) {
        precondition(
            pixels.count == width * height,
            "TerminalPicture: \(pixels.count) pixels for \(width)×\(height)")
        let shades: [Character] = [" ", "░", "▒", "▓", "█"]
        lines = (0..<height).map { row in
            let characters = (0..<width).flatMap { column in
                let share = Double(pixels[row * width + column]) / Double(max(1, brightest))
                let shade = shades[min(shades.count - 1, Int(share * Double(shades.count)))]
                return [shade, shade]
            }
            return String(characters)
        }
    }

    /// Puts pictures with a caption each side by side, as many in a row as fit into `columns`.
    public static func grid(
        _ pictures: [(picture: TerminalPicture, caption: String)], columns: Int = 80
    ) -> String {
        guard let first = pictures.first else { return "" }
        let width = max(
            first.picture.lines.first?.count ?? 0, pictures.map(\.caption.count).max() ?? 0)
        let perRow = max(1, (columns + 2) / (width + 2))
        func padded(_ line: String) -> String {
            line + String(repeating: " ", count: max(0, width - line.count))
        }
        let rows = stride(from: 0, to: pictures.count, by: perRow).map { start in
            let row = pictures[start..<min(start + perRow, pictures.count)]
            let height = row.map(\.picture.lines.count).max() ?? 0
            var lines = (0..<height).map { index in
                row.map { $0.picture.lines.indices.contains(index) ? $0.picture.lines[index] : "" }
            }
            lines.append(row.map(\.caption))
            return lines.map { line in
                let text = line.map(padded).joined(separator: "  ")
                let end = text.lastIndex { $0 != " " }
                return end.map { String(text[...$0]) } ?? ""
            }.joined(separator: "\n")
        }
        return rows.joined(separator: "\n\n")
    }
}
