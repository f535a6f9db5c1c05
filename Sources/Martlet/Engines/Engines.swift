import MartletCompiler
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
        case .oneDNN: return try loadOneDNN()
        case .auto:
            do {
                return try loadOneDNN()
            } catch {
                Log.write("oneDNN is absent (\(error.problem)); using the slow reference engine")
                return ReferenceEngine()
            }
        }
    }

    private static func loadOneDNN() throws(EngineError) -> any Engine {
        throw EngineError("it is not part of this build")
    }
}
