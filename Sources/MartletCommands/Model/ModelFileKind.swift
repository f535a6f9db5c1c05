import Foundation
import MartletFormats

extension WeightFile {
    /// Opens what a user named as a model or as weights.
    ///
    /// - Throws: `CommandFailure` for a file of another kind, with what it seems to be; `FormatError`
    ///   for one that is damaged.
    static func named(_ path: String) throws -> WeightFile {
        do {
            return try open(URL(fileURLWithPath: path))
        } catch {
            guard error.kind == .unrecognized else { throw error }
            throw CommandFailure(
                .badData,
                """
                \(path) is not a model file, and no file of weights
                  expected   a model (.martlet, .onnx, .keras) or weights (.safetensors, .pth, .npz, …)
                  found      \(error.found)
                """)
        }
    }
}
