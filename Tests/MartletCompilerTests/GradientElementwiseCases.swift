import MartletGraph
import MartletTestSupport

extension GradientCase {
    static let elementwise: [GradientCase] =
        [
            GradientCase("input", build: { $0.multiply($1[0], $1[0]) }),
            GradientCase(.unary(.negate)),
            GradientCase(.unary(.abs)),
            GradientCase(.unary(.exp)),
            GradientCase(.unary(.expm1)),
            GradientCase(.unary(.log), sampler: positive),
            GradientCase(.unary(.log1p), sampler: .uniform(-0.5...2)),
            GradientCase(.unary(.sqrt), sampler: positive),
            GradientCase(.unary(.rsqrt), sampler: positive),
            GradientCase(.unary(.reciprocal)),
            GradientCase(.unary(.sin)),
            GradientCase(.unary(.cos)),
            GradientCase(.unary(.erf)),
            GradientCase(.unary(.tanh)),
            GradientCase(.unary(.sigmoid)),
            GradientCase(.unary(.relu)),
            GradientCase(.binary(.add), "", pair),
            GradientCase(.binary(.subtract), "", pair),
            GradientCase(.binary(.multiply), "", pair),
            GradientCase(.binary(.divide), "", pair),
            GradientCase(.binary(.power), "", pair, sampler: positive),
            GradientCase(.binary(.maximum), "", pair, sampler: .distinct),
            GradientCase(.binary(.minimum), "", pair, sampler: .distinct),
            GradientCase("multiply", "by itself") { g, x in
                g.multiply(x[0], g.multiply(x[0], x[0]))
            },
            GradientCase("multiply", "scalars", [[], []]) { g, x in g.multiply(x[0], x[1]) },
            GradientCase("multiply", "no elements", [[0, 3], [0, 3]]) { g, x in
                g.multiply(x[0], x[1])
            },
            GradientCase("divide", "of a value by its square") { g, x in
                g.divide(x[0], g.multiply(x[0], x[0]))
            },
            GradientCase("select", "", pair) { g, x in
                let condition = g.constant(
                    HostTensor([true, false, false, true, true, false], shape: [2, 3]))
                return g.select(condition, g.multiply(x[0], x[0]), x[1])
            },
            // Rounding to f32 shows at a small step; the function is linear, so take a large one.
            GradientCase("cast", "f64 to f32 and back", order: 1, tolerance: 1e-4, step: 0.5) {
                let narrow = $0.emit(.cast(.float32), $1[0])
                return $0.emit(.cast(.float64), narrow)
            },
        ]
        + [0, 1, 2, 3, 0.5, -1].map { exponent in
            GradientCase("power", "\(exponent)", sampler: positive) { g, x in
                g.emit(.binary(.power), x[0], g.constant(exponent, like: x[0]))
            }
        }
        + [-2, 3].map { exponent in
            GradientCase("power", "of either sign to \(exponent)") { g, x in
                g.emit(.binary(.power), x[0], g.constant(exponent, like: x[0]))
            }
        }

    private static let pair = [[2, 3], [2, 3]]
    private static let positive = GradientSampler.uniform(0.3...2)
}
