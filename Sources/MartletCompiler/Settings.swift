import Foundation

/// Which engine `MARTLET_ENGINE` asks for.
public enum EngineChoice: String, Hashable, Sendable, CaseIterable {
    /// The fastest engine that this machine has.
    case auto
    /// The plain interpreter.
    case reference
    /// oneDNN.
    case oneDNN = "onednn"
}

/// The switches for developers that come from environment variables; read once.
///
/// A wrong value never stops a program: the default holds and `warnings` says what was wrong.
public struct Settings: Hashable, Sendable {
    /// `MARTLET_DEBUG`, 0 to 4: how much is written to standard error.
    public var debugLevel = 0
    /// `MARTLET_DUMP`: the folder that takes graphs and plans as files; `nil` for none.
    public var dumpDirectory: String?
    /// `MARTLET_VERIFY`: check the graph after each pass, and memory and numbers at every run.
    public var verifies = false
    /// `MARTLET_ENGINE`: the engine to use.
    public var engine = EngineChoice.auto
    /// `MARTLET_THREADS`: how many threads to compute with; `nil` for the engine's choice.
    public var threadCount: Int?
    /// `MARTLET_OWN_CONVOLUTIONS`: 0 leaves all convolutions to the engine's library.
    public var usesOwnConvolutions = true
    /// `MARTLET_WINOGRAD`: 0 computes convolutions of 3×3 directly, as they are written.
    public var usesWinograd = true
    /// `MARTLET_OWN_PRODUCTS`: 0 leaves products of small matrices to the engine's library, too.
    public var usesOwnProducts = true
    /// One sentence for each variable whose value could not be used.
    public private(set) var warnings: [String] = []

    /// The names of the variables that are read.
    public static let variableNames = [
        "MARTLET_DEBUG", "MARTLET_DUMP", "MARTLET_VERIFY", "MARTLET_ENGINE", "MARTLET_THREADS",
        "MARTLET_OWN_CONVOLUTIONS", "MARTLET_WINOGRAD", "MARTLET_OWN_PRODUCTS",
    ]

    /// The settings of this process; the first reader prints the warnings.
    public static let current: Settings = {
        let settings = Settings(environment: ProcessInfo.processInfo.environment)
        for warning in settings.warnings { Log.write("warning: " + warning) }
        return settings
    }()

    /// The defaults.
    public init() {}

    /// Reads settings from `environment`; a variable that is missing or empty counts as unset.
    public init(environment: [String: String]) {
        if let text = Settings.value("MARTLET_DEBUG", environment) {
            if let level = Int(text), (0...4).contains(level) {
                debugLevel = level
            } else {
                warn("MARTLET_DEBUG", text, expected: "a number from 0 to 4", using: "0")
            }
        }
        dumpDirectory = Settings.value("MARTLET_DUMP", environment)
        verifies = flag("MARTLET_VERIFY", environment, unless: false)
        usesOwnConvolutions = flag("MARTLET_OWN_CONVOLUTIONS", environment, unless: true)
        usesWinograd = flag("MARTLET_WINOGRAD", environment, unless: true)
        usesOwnProducts = flag("MARTLET_OWN_PRODUCTS", environment, unless: true)
        if let text = Settings.value("MARTLET_ENGINE", environment) {
            if let choice = EngineChoice(rawValue: text.lowercased()) {
                engine = choice
            } else {
                let names = EngineChoice.allCases.map(\.rawValue).joined(separator: ", ")
                warn("MARTLET_ENGINE", text, expected: "one of \(names)", using: "auto")
            }
        }
        if let text = Settings.value("MARTLET_THREADS", environment) {
            if let count = Int(text), (1...4096).contains(count) {
                threadCount = count
            } else {
                warn(
                    "MARTLET_THREADS", text, expected: "a number from 1 to 4096",
                    using: "the engine's own choice")
            }
        }
    }

    private static func value(_ name: String, _ environment: [String: String]) -> String? {
        guard let text = environment[name], !text.isEmpty else { return nil }
        return text
    }

    /// A switch that is on or off, `standard` when it is neither.
    private mutating func flag(
        _ name: String, _ environment: [String: String], unless standard: Bool
    ) -> Bool {
        guard let text = Settings.value(name, environment) else { return standard }
        switch text.lowercased() {
        case "1", "true", "yes", "on": return true
        case "0", "false", "no", "off": return false
        default:
            warn(name, text, expected: "0 or 1", using: standard ? "1" : "0")
            return standard
        }
    }

    private mutating func warn(
        _ name: String, _ text: String, expected: String, using fallback: String
    ) {
        warnings.append("\(name) is \"\(text)\", expected \(expected); using \(fallback)")
    }
}
