import MartletGraph

/// The text of a graph for any number of examples.
///
/// Graphs have fixed shapes, and a model file must serve without the model's source. So the graph is
/// traced for two numbers of examples; where the texts differ they must differ in whole numbers that
/// grow evenly, such as `f32[2,10]` and `f32[3,10]`, and these become `f32[{1n+0},10]`.
struct GraphTemplate: Hashable, Sendable {
    /// Text and growing numbers in turn.
    private enum Piece: Hashable, Sendable {
        case text(Substring)
        case number(slope: Int, start: Int)
    }

    private let pieces: [Piece]

    /// Compares the graphs for 2 and 3 examples, and proves the result on one for 7.
    ///
    /// - Returns: `nil` when there are no such graphs, or they differ in more than even growth; such a
    ///   model works for a fixed number of examples only.
    init?(_ graph: (_ examples: Int) throws -> Graph) {
        guard let second = try? graph(2), let third = try? graph(3), let proof = try? graph(7)
        else { return nil }
        let (two, three) = (Self.tokens(second.text), Self.tokens(third.text))
        guard two.count == three.count else { return nil }
        var pieces: [Piece] = []
        for (a, b) in zip(two, three) {
            if a == b {
                pieces.append(.text(a))
            } else if let first = Int(a), let second = Int(b) {
                let slope = second - first
                pieces.append(.number(slope: slope, start: first - 2 * slope))
            } else {
                return nil
            }
        }
        self.pieces = pieces
        guard let made = try? Graph(parsing: filled(7)), made.text == proof.text
        else { return nil }
    }

    /// The text for a number of examples.
    func filled(_ examples: Int) -> String {
        var text = ""
        for piece in pieces {
            switch piece {
            case .text(let part): text += part
            case .number(let slope, let start): text += String(slope * examples + start)
            }
        }
        return text
    }

    /// The graph for a number of examples.
    func graph(_ examples: Int) throws -> Graph { try Graph(parsing: filled(examples)) }

    // MARK: Text

    /// The template as one text; growing numbers stand in braces, `{10n+0}`, and braces are doubled.
    var text: String {
        var text = ""
        for piece in pieces {
            switch piece {
            case .text(let part):
                for character in part {
                    text.append(character)
                    if character == "{" { text.append(character) }
                }
            case .number(let slope, let start): text += "{\(slope)n+\(start)}"
            }
        }
        return text
    }

    /// Reads what `text` gives; `nil` for anything else.
    init?(parsing text: String) {
        var pieces: [Piece] = []
        var rest = Substring(text)
        while let brace = rest.firstIndex(of: "{") {
            pieces.append(.text(rest[..<brace]))
            rest = rest[rest.index(after: brace)...]
            if rest.first == "{" {
                pieces.append(.text("{"))
                rest = rest.dropFirst()
                continue
            }
            guard let end = rest.firstIndex(of: "}"), let middle = rest.firstIndex(of: "n"),
                middle < end, let slope = Int(rest[..<middle])
            else { return nil }
            let sum = rest[rest.index(after: middle)..<end]
            // A pair that could overflow for a million examples is no shape.
            guard sum.first == "+", let start = Int(sum.dropFirst()),
                slope.magnitude < 1 << 40, start.magnitude < 1 << 40
            else { return nil }
            pieces.append(.number(slope: slope, start: start))
            rest = rest[rest.index(after: end)...]
        }
        pieces.append(.text(rest))
        self.pieces = pieces
    }

    /// Cuts text into whole numbers and what is between; outside of quotes, spaces become one.
    private static func tokens(_ text: String) -> [Substring] {
        var clean = ""
        var isQuoted = false
        var isEscaped = false
        for character in text {
            if character == "\"", !isEscaped { isQuoted.toggle() }
            isEscaped = isQuoted && character == "\\" && !isEscaped
            if character == " ", !isQuoted, clean.last == " " { continue }
            clean.append(character)
        }
        var tokens: [Substring] = []
        var rest = Substring(clean)
        while let first = rest.first {
            let isDigit = first.isASCII && first.isNumber
            let token = rest.prefix { ($0.isASCII && $0.isNumber) == isDigit }
            tokens.append(token)
            rest = rest.dropFirst(token.count)
        }
        return tokens
    }
}
