import Foundation
import MartletCompiler
import MartletOneDNN
import MartletReference
import Synchronization

/// The engines of this machine.
public enum Engines {
    private static let chosen = Mutex<(any Engine)?>(nil)

    /// The engine that `MARTLET_ENGINE` names: `auto` (the default), `onednn` or `reference`.
    ///
    /// `auto` takes oneDNN; where that is absent it says so once and takes the reference engine.
    ///
    /// - Throws: `EngineError` for another name, or when `onednn` was asked for and is absent.
    public static func current() throws -> any Engine {
        try chosen.withLock { known in
            if let known { return known }
            let engine = try named(ProcessInfo.processInfo.environment["MARTLET_ENGINE"] ?? "auto")
            known = engine
            return engine
        }
    }

    /// The engine of a name, as `MARTLET_ENGINE` spells it.
    ///
    /// - Throws: `EngineError` for another name, or when `onednn` was asked for and is absent.
    public static func named(_ name: String) throws -> any Engine {
        switch name {
        case "reference": return ReferenceEngine()
        case "onednn": return try OneDNNEngine.load()
        case "auto", "":
            do {
                return try OneDNNEngine.load()
            } catch {
                let text = "martlet: no oneDNN (\(error.problem)); using the slow reference engine\n"
                FileHandle.standardError.write(Data(text.utf8))
                return ReferenceEngine()
            }
        default:
            throw EngineError(
                "MARTLET_ENGINE names an unknown engine", expected: "auto, onednn or reference",
                received: name)
        }
    }
}
