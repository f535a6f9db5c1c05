import MartletCompiler
import MartletGraph
import Testing

@Suite struct PassReductionTests {
    @Test(arguments: Reduction.allCases)
    func axesOfSizeOneAreAReshape(kind: Reduction) throws {
        #expect(
            try simplifiedExpression(zeroSign: false) { g in
                g.emit(.reduce(kind, axes: [0, 2]), g.x("x", [1, 12, 1]))
            } == "reshape(x) to [12]")
        let partly = try simplifiedExpression(zeroSign: false) { g in
            g.emit(.reduce(kind, axes: [0, 1]), g.x("x", [1, 3, 4]))
        }
        #expect(partly.hasPrefix("reshape(reduce"))
    }

    @Test func sumsOfRepeatedElementsAreProducts() throws {
        #expect(
            try simplifiedExpression { g in
                g.sum(g.broadcast(g.x("x", []), to: [3, 4]), axes: [0, 1])
            } == "multiply(x, 12.0)")
        #expect(
            try simplifiedExpression(zeroSign: false) { g in
                g.sum(g.broadcast(g.x("x", [12, 1]), to: [5, 12, 2]), axes: [0, 2])
            } == "multiply(reshape(x) to [12], broadcast(10.0) to [12])")
        let partly = try simplifiedExpression(zeroSign: false) { g in
            g.sum(g.broadcast(g.x("x", [3, 4]), to: [5, 3, 4]), axes: [0, 1])
        }
        #expect(partly == "multiply(reduceSum(x) axes [0], broadcast(5.0) to [4])")
    }

    @Test func sumsOfNothingStayZero() throws {
        _ = try simplifiedExpression { g in
            g.sum(g.broadcast(g.x("x", [12]), to: [0, 12]), axes: [0])
        }
        _ = try simplifiedExpression { g in
            g.sum(g.broadcast(g.x("x", [0]), to: [3, 0]), axes: [0, 1])
        }
    }

    @Test func countsThatTheTypeCannotHoldStay() throws {
        let text = try simplifiedExpression { g in
            let x = g.input("x", TensorType(.uint8, []))
            return g.sum(g.broadcast(x, to: [300]), axes: [0])
        }
        #expect(text == "reduceSum(broadcast(x) to [300]) axes [0]")
    }

    @Test(arguments: [Reduction.max, .min])
    func extremesOfRepeatedElements(kind: Reduction) throws {
        let text = try simplifiedExpression { g in
            g.emit(.reduce(kind, axes: [0]), g.broadcast(g.x("x", [12]), to: [5, 12]))
        }
        #expect(text == "x")
    }

    @Test func extremesOfExtremes() throws {
        let text = try simplifiedExpression { g in
            let rows = g.emit(.reduce(.max, axes: [1]), g.x("x", [2, 2, 3]))
            return g.emit(.reduce(.max, axes: [1]), rows)
        }
        #expect(text == "reduceMax(x) axes [1,2]")
        let mixed = try simplifiedExpression { g in
            let rows = g.emit(.reduce(.max, axes: [1]), g.x("x", [2, 2, 3]))
            return g.emit(.reduce(.min, axes: [1]), rows)
        }
        #expect(mixed.hasPrefix("reduceMin(reduceMax("))
    }

    @Test func reductionsReadThroughTransposes() throws {
        let text = try simplifiedExpression(tolerance: 1e-6) { g in
            g.sum(g.transpose(g.x("x", [2, 3, 2]), [1, 0, 2]), axes: [0])
        }
        #expect(text == "reduceSum(x) axes [1]")
        let crossed = try simplifiedExpression { g in
            g.sum(g.transpose(g.x("x", [2, 3, 2]), [2, 1, 0]), axes: [1])
        }
        #expect(crossed.hasPrefix("reduceSum(transpose("))
    }

    @Test func productsReadTransposedOperands() throws {
        for (first, second) in [(false, false), (true, false), (false, true), (true, true)] {
            let text = try simplifiedExpression { g in
                let a = MatmulAttributes(transposeA: first, transposeB: second)
                let x = g.x("x", first ? [2, 3, 4] : [2, 4, 3])
                let y = g.x("y", second ? [2, 4, 5] : [2, 5, 4])
                return g.emit(.matmul(a), g.transpose(x, [0, 2, 1]), g.transpose(y, [0, 2, 1]))
            }
            #expect(text == "matmul(x, y) transposeA \(!first) transposeB \(!second)")
        }
        let other = try simplifiedExpression { g in
            let x = g.transpose(g.x("x", [4, 3, 2]), [2, 1, 0])
            return g.emit(.matmul(MatmulAttributes()), x, g.x("y", [2, 4, 5]))
        }
        #expect(other.hasPrefix("matmul(transpose("))
    }

    @Test func transposedProductsTurnAround() throws {
        let text = try simplifiedExpression { g in
            let product = g.emit(
                .matmul(MatmulAttributes(transposeA: true)), g.x("x", [3, 2]), g.x("y", [3, 5]))
            return g.transpose(product, [1, 0])
        }
        #expect(text == "matmul(y, x) transposeA true transposeB false")
        // With a second user the product would be computed twice.
        let before = graph { g in
            let product = g.emit(
                .matmul(MatmulAttributes()), g.x("x", [2, 3]), g.x("y", [3, 5]))
            g.graph.outputs.append(.init("product", product))
            return g.transpose(product, [1, 0])
        }
        let after = removeDeadNodes(simplify(before))
        #expect(after.opNames.count { $0 == "matmul" } == 1)
        try expectEqualResults(before, after)
    }
}
