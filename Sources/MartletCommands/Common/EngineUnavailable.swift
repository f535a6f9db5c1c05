import Martlet

/// The engine that was asked for is not on this machine.
struct EngineUnavailable: Error, CustomStringConvertible {
    let reason: String

    var description: String { reason }

    /// The engine in force, or this error with the reason.
    static func check() throws(EngineUnavailable) -> any Engine {
        do {
            return try Engines.current()
        } catch {
            throw EngineUnavailable(reason: String(describing: error))
        }
    }
}
