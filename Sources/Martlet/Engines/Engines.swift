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
    /// - Throws: `EngineError` when `onednn` was asked for and is absent.
    public static func current() throws -> any Engine {
        try chosen.withLock { known in
            if let known { return known }
            let engine = try make(Settings.current.engine)
            known = engine
            return engine
        }
    }

    /// A new engine of the given kind.
    ///
    /// - Throws: `EngineError` when `onednn` was asked for and is absent.
    public static func make(_ choice: EngineChoice) throws -> any Engine {
        switch choice {
        case .reference: return ReferenceEngine()
        case .oneDNN: return try OneDNNEngine.load()
        case .auto:
            do {
                return try OneDNNEngine.load()
            } catch {
                Log.write("\(error.problem); using the slow reference engine")
                return ReferenceEngine()
            }
        }
    }
}
