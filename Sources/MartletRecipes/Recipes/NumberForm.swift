import Foundation

/// Numbers as tables and lines show them.
enum NumberForm {
    /// `98.37 %`.
    static func percent(_ share: Double) -> String {
        share.isFinite ? String(format: "%.2f %%", 100 * share) : "-"
    }

    /// `8.3 s`, `4 min 10 s`.
    static func seconds(_ seconds: Double) -> String {
        if seconds < 60 { return String(format: "%.1f s", seconds) }
        let whole = Int(seconds.rounded())
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole % 3600 / 60) min"
    }
}
