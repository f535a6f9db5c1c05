import MartletCompiler
import MartletGraph
import MartletTestSupport
import Testing

@Suite struct GradientTests {
    @Test(arguments: GradientCase.all)
    func agreesWithDifferences(_ line: GradientCase) throws {
        for seed in [1, 2] as [UInt64] {
            try checkGradient(
                line.testDescription, inputs: line.inputs, sampler: line.sampler,
                order: line.order, tolerance: line.tolerance, step: line.step, seed: seed,
                build: line.build)
        }
    }

    @Test(arguments: GradientCase.withoutGradient)
    func isNilWhereThereIsNone(_ line: GradientCase) {
        var g = GraphBuilder(name: "none")
        let inputs = line.inputs.enumerated().map { g.input("x\($0.offset)", $0.element) }
        let result = line.build(&g, inputs)
        #expect(g.type(result).dtype.isFloatingPoint)
        let count = g.graph.nodes.count
        let gradients = g.gradients(of: result, wrt: inputs)
        #expect(gradients.allSatisfy { $0 == nil })
        #expect(g.graph.nodes.count <= count + 2, "no more than a seed may be appended")
    }

    @Test func everyOperationIsInOneTable() {
        // A variable is a leaf like an input; GradientWalkTests differentiate by one.
        let with = Set(GradientCase.all.map(\.op)).union(["variable"])
        let without = Set(GradientCase.withoutGradient.map(\.op))
        #expect(with.intersection(without).isEmpty)
        #expect(with.union(without).subtracting(Op.allNames) == [])
        #expect(Set(Op.allNames).subtracting(with.union(without)) == [])
    }

    /// The table's lines use the operation that they name.
    @Test(arguments: GradientCase.all + GradientCase.withoutGradient)
    func usesItsOperation(_ line: GradientCase) {
        var g = GraphBuilder(name: "names")
        let inputs = line.inputs.enumerated().map { g.input("x\($0.offset)", $0.element) }
        _ = line.build(&g, inputs)
        #expect(g.graph.nodes.contains { $0.op.name == line.op })
    }

    /// A check that cannot fail is none: rounding down to 1e-9 makes a function whose slope the
    /// gradient does not see.
    @Test func aWrongGradientIsFound() {
        #expect(throws: GradientMismatch.self) {
            try checkGradient(
                "sin x + x with the gradient cos x", inputs: [TensorType(.float64, [3])]
            ) {
                g, x in
                let hidden = g.emit(.unary(.floor), g.scale(x[0], by: 1e9))
                return g.add(g.emit(.unary(.sin), x[0]), g.scale(hidden, by: 1e-9))
            }
        }
    }
}

extension GradientCase {
    /// Every operation without a gradient, on the way from an input to a float.
    static let withoutGradient: [GradientCase] =
        [
            GradientCase("constant") { g, x in g.constant(2, like: x[0]) },
            GradientCase("iota") { g, x in g.emit(.iota(TensorType(.float64, [3]), axis: 0)) },
            GradientCase(.unary(.sign)),
            GradientCase(.unary(.floor)),
            GradientCase("logicalNot") { g, x in
                let positive = g.emit(.compare(.greater), x[0], g.constant(0, like: x[0]))
                return g.emit(.cast(.float64), g.emit(.unary(.logicalNot), positive))
            },
            GradientCase("oneHot") { g, x in
                g.emit(.oneHot(classes: 3, .float64), g.emit(.cast(.int64), x[0]))
            },
        ]
        + RandomDistribution.allCases.map { distribution in
            let op = Op.random(distribution, TensorType(.float64, [3]), stream: 1)
            return GradientCase(op.name, "", [[2]]) { g, x in
                g.applying(op, [g.emit(.cast(.int64), x[0])])
            }
        }
        + [BinaryOp.logicalAnd, .logicalOr].map { op in
            GradientCase(op.rawValue) { g, x in
                let positive = g.emit(.compare(.greater), x[0], g.constant(0, like: x[0]))
                return g.emit(.cast(.float64), g.emit(.binary(op), positive, positive))
            }
        }
        + Comparison.allCases.map { comparison in
            GradientCase(comparison.rawValue) { g, x in
                let truth = g.emit(.compare(comparison), x[0], g.constant(0.1, like: x[0]))
                return g.emit(.cast(.float64), truth)
            }
        }
        + [ArgReduction.max, .min].map { kind in
            let op = Op.argReduce(kind, axis: 1)
            return GradientCase(op.name) { g, x in
                g.emit(.cast(.float64), g.applying(op, x))
            }
        }
}
