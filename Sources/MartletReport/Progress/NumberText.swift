import Foundation
import Martlet

/// Numbers as people read them, and as other programs write them.
package enum NumberText {
    /// With `digits` decimals as C and Python write it, also `nan`, `inf` and `-inf`.
    package static func fixed(_ value: Double, _ digits: Int) -> String {
        notFinite(value) ?? String(format: "%.\(digits)f", value)
    }

    /// Four decimals, or a power of ten when that would lose the number.
    package static func loss(_ value: Double) -> String {
        if let text = notFinite(value) { return text }
        let size = abs(value)
        let format = size == 0 || (size >= 0.001 && size < 100_000) ? "%.4f" : "%.3e"
        return String(format: format, value)
    }

    /// A metric by its name: accuracies as percentages, others like a loss.
    package static func metric(_ name: String, _ value: Double) -> String {
        guard value.isFinite, name.lowercased().contains("accuracy") else { return loss(value) }
        return percent(value)
    }

    /// A share 0 … 1 as readers see it, `97.50%`.
    package static func percent(_ share: Double, _ digits: Int = 2) -> String {
        notFinite(share) ?? String(format: "%.\(digits)f%%", share * 100)
    }

    /// Minutes and seconds, `1:23`, with hours when there are some, `1:02:03`.
    package static func clock(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e9 else { return "?" }
        let whole = Int(max(0, seconds))
        let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
        return hours > 0
            ? "\(hours):" + String(format: "%02d:%02d", minutes, rest)
            : "\(minutes):" + String(format: "%02d", rest)
    }

    /// A time that passed: `4.2 s`, `17 s`, `1:23`.
    package static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite else { return "?" }
        if seconds < 9.95 { return String(format: "%.1f s", max(0, seconds)) }
        return seconds < 59.5 ? String(format: "%.0f s", seconds) : clock(seconds.rounded())
    }

    /// A time that passed, with its units: `8.3 s`, `4 min 10 s`, `2 h 5 min`.
    package static func words(seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e9 else { return "?" }
        if seconds < 59.95 { return String(format: "%.1f s", seconds) }
        let whole = Int(seconds.rounded())
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole % 3600 / 60) min"
    }

    /// A rate: whole numbers from 10 on, otherwise one decimal.
    package static func rate(_ value: Double) -> String {
        guard value.isFinite, value < 1e15 else { return "?" }
        return value < 9.95 ? String(format: "%.1f", value) : Int(value.rounded()).grouped
    }

    /// The columns that text takes on a terminal; Chinese, Japanese and Korean characters take two.
    package static func columns(of text: String) -> Int {
        text.unicodeScalars.reduce(0) { sum, scalar in
            if scalar.properties.generalCategory == .nonspacingMark { return sum }
            let isWide =
                switch scalar.value {
                case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
                    0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
                    true
                default: false
                }
            return sum + (isWide ? 2 : 1)
        }
    }

    /// The beginning of `text` that takes at most `columns` columns.
    package static func clipped(_ text: String, to columns: Int) -> String {
        var result = ""
        var used = 0
        for character in text {
            used += self.columns(of: String(character))
            if used > columns { break }
            result.append(character)
        }
        return result
    }

    private static func notFinite(_ value: Double) -> String? {
        value.isNaN ? "nan" : value.isInfinite ? (value < 0 ? "-inf" : "inf") : nil
    }
}
