import Foundation

/// A font of 5 × 7 pixels for captions in pictures, with two more rows for what hangs below.
///
/// It has the printable characters of ASCII. Letters with marks lose them, a few signs have a
/// stand-in, and everything else is an empty box.
enum BitmapFont {
    /// Pixels from one character to the next.
    static let advance = 6
    /// Rows of a line: seven, and two below the baseline.
    static let height = 9

    /// The rows of each character from the space on, one digit of base 32 a row, most significant bit
    /// at the left; two rows below the baseline may follow.
    private static let glyphs = [
        "0000000", "4444404", "AAA0000", "AAVAVAA", "4FKE5U4", "OP248J3", "CIK8LID", "4480000",
        "2488842", "8422248", "04LEL40", "044V440", "00000CC48", "000V000", "00000CC", "01248G0",
        "EHJLPHE", "4C4444E", "EH1248V", "V2421HE", "26AIV22", "VGU11HE", "68GUHHE", "V124888",
        "EHHEHHE", "EHHF12C", "0CC0CC0", "0CC00CC48", "248G842", "00V0V00", "8421248", "EH12404",
        "EH1DLLE", "EHHVHHH", "UHHUHHU", "EHGGGHE", "SIHHHIS", "VGGUGGV", "VGGUGGG", "EHGNHHF",
        "HHHVHHH", "E44444E", "72222IC", "HIKOKIH", "GGGGGGV", "HRLLHHH", "HHPLJHH", "EHHHHHE",
        "UHHUGGG", "EHHHLID", "UHHUKIH", "FGGE11U", "V444444", "HHHHHHE", "HHHHHA4", "HHHLLLA",
        "HHA4AHH", "HHHA444", "V1248GV", "E88888E", "0G84210", "E22222E", "4AH0000", "000000V",
        "8420000", "00E1FHF", "GGMPHHU", "00EGGHE", "11DJHHF", "00EHVGE", "698S888", "00FHHHF1E",
        "GGMPHHH", "40C444E", "2062222IC", "GGIKOKI", "C44444E", "00QLLHH", "00MPHHH", "00EHHHE",
        "00UHHHUGG", "00DJHHF11", "00MPGGG", "00EGE1U", "88S8896", "00HHHJD", "00HHHA4", "00HHLLA",
        "00HA4AH", "00HHHJD1E", "00V248V", "2448442", "4444444", "8442448", "008L200",
    ]
    private static let box = "VHHHHHV"
    private static let standIns: [Character: String] = [
        "−": "-", "–": "-", "—": "-", "…": "...", "’": "'", "‘": "'", "“": "\"", "”": "\"",
        "×": "x", "·": ".", "→": "->", "\u{A0}": " ",
    ]

    /// The rows of every character of a text, top to bottom, five bits each.
    static func rows(_ text: String) -> [[UInt8]] {
        text.flatMap { character -> [[UInt8]] in
            if let glyph = glyph(character) { return [bits(glyph)] }
            let plain =
                standIns[character]
                ?? String(character).folding(options: .diacriticInsensitive, locale: nil)
            return plain.map { bits(glyph($0) ?? box) }
        }
    }

    /// The width of a text in pixels, at the size of the font.
    static func width(_ text: String) -> Int { max(0, rows(text).count * advance - 1) }

    private static func glyph(_ character: Character) -> String? {
        guard let code = character.asciiValue, code >= 32, code < 127 else { return nil }
        return glyphs[Int(code) - 32]
    }

    private static func bits(_ glyph: String) -> [UInt8] {
        let rows = glyph.utf8.map { digit in
            digit <= UInt8(ascii: "9") ? digit - UInt8(ascii: "0") : digit - UInt8(ascii: "A") + 10
        }
        return rows + [UInt8](repeating: 0, count: height - rows.count)
    }
}
