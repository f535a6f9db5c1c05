import Martlet
import MartletTestSupport

/// Builds the outputs of a case from its inputs and settings.
typealias OpsBuilder = (OpsArguments) throws -> [String: Tensor]

/// Builds the only output of a case, the one called `out`.
typealias OpsExpression = (OpsArguments) throws -> Tensor

/// From the fixtures' name of an operation to the expression that computes it.
enum OpsTable {
    /// Every operation that the fixtures may name.
    static var builders: [String: OpsBuilder] {
        let families = [
            activations, elementwise, binary, convolutions, pools, products, softmaxes, losses,
            normalizations, reductions, shapes, indexing, composites, kerasLayers, kerasLosses,
        ]
        var builders: [String: OpsBuilder] = severalOutputs
        for family in families {
            for (name, expression) in family {
                builders[name] = { ["out": try expression($0)] }
            }
        }
        return builders
    }
}
