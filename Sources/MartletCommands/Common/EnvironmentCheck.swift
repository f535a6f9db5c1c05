import Foundation
import Martlet

/// Finds variables of the environment that look like ours and are not read.
enum EnvironmentCheck {
    /// The variables that Martlet reads.
    static let ours =
        Settings.variableNames + [
            "MARTLET_DATA", "MARTLET_MIRROR", "MARTLET_OFFLINE", "MARTLET_ONEDNN_LIBRARY",
        ]
    /// Those that only tests and measurements read.
    static let forDevelopers = [
        "MARTLET_FIXTURES", "MARTLET_INTERCHANGE", "MARTLET_LONG", "MARTLET_PEER_PYTHON",
        "MARTLET_SEED",
    ]
    /// Those of others, of which misspellings are common.
    static let others = ["CUDA_VISIBLE_DEVICES", "OMP_NUM_THREADS", "XDG_CACHE_HOME"]

    /// One sentence for each variable that is probably misspelt.
    static func warnings(
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> [String] {
        let known = ours + forDevelopers
        return environment.keys.sorted().compactMap { name in
            if name.hasPrefix("MARTLET_") {
                if known.contains(name) { return nil }
                // The common beginning would make everything look alike.
                let start = "MARTLET_".count
                let nearest = NearestName.find(
                    String(name.dropFirst(start)), in: known.map { String($0.dropFirst(start)) })
                return "the variable \(name) is not read here; "
                    + (nearest.map { "did you mean MARTLET_\($0)?" }
                        ?? "known are \(ours.joined(separator: ", "))")
            }
            // Short detours only: a variable of somebody else may be meant as it is.
            let slip = others.first { (1...2).contains(NearestName.distance(name, $0)) }
            return slip.map { "the variable \(name) is not read here; did you mean \($0)?" }
        }
    }
}
