/// A line made of pieces, of which the less important go when there is no room.
struct ProgressPieces {
    /// How a piece looks where colours are allowed.
    enum Tone: String {
        case plain = ""
        case heading = "1"
        case soft = "2"
        case accent = "36"
        case warning = "31"
    }

    /// Some text that is shown whole or not at all.
    struct Piece {
        var text: String
        /// 0 stays longest.
        var rank: Int
        var tone = Tone.plain
    }

    /// The pieces from left to right.
    var pieces: [Piece] = []
    /// Where the bar goes among the pieces, and how full it is, 0 … 1.
    var bar: (place: Int, share: Double)?

    private static let leastBar = 8
    private static let longestBar = 30
    private static let gap = "  "

    mutating func add(_ text: String, rank: Int, tone: Tone = .plain) {
        pieces.append(Piece(text: text, rank: rank, tone: tone))
    }

    /// The line in at most `settings.columns - 1` columns: in the last some terminals wrap.
    func text(_ settings: ProgressSettings) -> String {
        let room = settings.columns.map { max(1, $0 - 1) } ?? .max
        var kept = pieces
        var hasBar = bar != nil
        func used() -> Int {
            let texts = kept.reduce(0) { $0 + NumberText.columns(of: $1.text) }
            return texts + (kept.count - 1 + (hasBar ? 1 : 0)) * Self.gap.count
                + (hasBar ? Self.leastBar : 0)
        }
        var place = bar?.place ?? 0
        while used() > room, kept.count > 1 {
            let worst = kept.indices.max { kept[$0].rank < kept[$1].rank } ?? 0
            // The bar itself goes before the numbers of the first ranks.
            if hasBar, kept[worst].rank < 4 {
                hasBar = false
            } else {
                kept.remove(at: worst)
                if worst < place { place -= 1 }
            }
        }
        let spare = room == .max ? Self.longestBar : room - used()
        var texts = kept.map { piece in
            Self.painted(NumberText.clipped(piece.text, to: room), piece.tone, settings)
        }
        if hasBar, let bar {
            let width = min(Self.longestBar, Self.leastBar + max(0, spare))
            texts.insert(
                Self.barText(bar.share, width: width, settings), at: min(place, texts.count))
        }
        return texts.joined(separator: Self.gap)
    }

    private static func barText(
        _ share: Double, width: Int, _ settings: ProgressSettings
    ) -> String {
        let share = min(1, max(0, share.isFinite ? share : 0))
        guard settings.usesUnicode else {
            let full = Int(share * Double(width - 2))
            return "[" + String(repeating: "=", count: full)
                + String(repeating: ".", count: width - 2 - full) + "]"
        }
        let halves = Int(share * Double(width * 2))
        let full = String(repeating: "━", count: halves / 2) + (halves % 2 == 1 ? "╸" : "")
        let rest = String(repeating: "─", count: width - halves / 2 - halves % 2)
        return painted(full, .accent, settings) + painted(rest, .soft, settings)
    }

    private static func painted(
        _ text: String, _ tone: Tone, _ settings: ProgressSettings
    ) -> String {
        guard settings.usesColour, tone != .plain, !text.isEmpty else { return text }
        return "\u{1B}[\(tone.rawValue)m\(text)\u{1B}[0m"
    }
}
