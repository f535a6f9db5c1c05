import MartletCompiler
import MartletGraph
import Testing

@Suite struct PassArithmeticTests {
    @Test(arguments: [
        (BinaryOp.multiply, 1.0), (.divide, 1.0), (.subtract, 0.0), (.add, -0.0), (.power, 1.0),
    ])
    func neutralNumbersGo(op: BinaryOp, number: Double) throws {
        #expect(try simplifiedExpression { g in g.binary(op, g.x(), number) } == "x")
    }

    @Test func neutralNumbersOnTheLeftGo() throws {
        #expect(
            try simplifiedExpression { g in
                let x = g.x()
                return g.multiply(g.constant(1, like: x), x)
            } == "x")
        #expect(
            try simplifiedExpression { g in
                let x = g.input("x", TensorType(.int32, [3]))
                return g.add(g.constant(0, like: x), x)
            } == "x")
    }

    @Test func whatNaNOrInfinityNeedsStays() throws {
        for op in [BinaryOp.subtract, .divide] {
            let text = try simplifiedExpression { g in
                let x = g.x()
                return g.binary(op, x, x)
            }
            #expect(text == "\(op.rawValue)(x, x)")
        }
        #expect(
            try simplifiedExpression { g in g.binary(.multiply, g.x(), 0) }
                == "multiply(x, broadcast(0.0) to [2,6])")
        #expect(
            try simplifiedExpression { g in
                let x = g.x()
                return g.unary(.logicalNot, g.emit(.compare(.less), x, g.constant(0, like: x)))
            } == "logicalNot(less(x, broadcast(0.0) to [2,6]))")
    }

    @Test func zeroIsAddedWhereTheSignOfZeroMatters() throws {
        // 1 / (−0 + 0) is +∞ and 1 / −0 is −∞.
        #expect(
            try simplifiedExpression { g in g.unary(.reciprocal, g.binary(.add, g.x(), 0)) }
                == "reciprocal(add(x, broadcast(0.0) to [2,6]))")
        #expect(
            try simplifiedExpression { g in g.binary(.subtract, g.x(), -0.0) }
                == "subtract(x, broadcast(-0.0) to [2,6])")
        #expect(
            try simplifiedExpression { g in g.binary(.add, g.unary(.exp, g.x()), 0) } == "exp(x)")
        #expect(
            try simplifiedExpression { g in
                let x = g.x()
                return g.binary(.add, g.multiply(x, x), 0)
            } == "multiply(x, x)")
    }

    @Test func signsMove() throws {
        #expect(try simplifiedExpression { g in g.negate(g.negate(g.x())) } == "x")
        #expect(try simplifiedExpression { g in g.binary(.multiply, g.x(), -1) } == "negate(x)")
        let pair: [(BinaryOp, Bool, String)] = [
            (.add, true, "subtract(a, b)"), (.subtract, true, "add(a, b)"),
            (.add, false, "subtract(b, a)"),
        ]
        for (op, right, expected) in pair {
            let text = try simplifiedExpression { g in
                let (a, b) = (g.x("a"), g.x("b"))
                return right ? g.binary(op, a, g.negate(b)) : g.binary(op, g.negate(a), b)
            }
            #expect(text == expected)
        }
        #expect(
            try simplifiedExpression { g in g.negate(g.binary(.multiply, g.x(), 3)) }
                == "multiply(x, broadcast(-3.0) to [2,6])")
        #expect(
            try simplifiedExpression { g in g.binary(.multiply, g.negate(g.x()), 3) }
                == "multiply(x, broadcast(-3.0) to [2,6])")
        #expect(
            try simplifiedExpression { g in
                let (a, b) = (g.x("a"), g.x("b"))
                return g.multiply(g.negate(a), g.negate(b))
            } == "multiply(a, b)")
    }

    @Test(arguments: [
        (0.5, 0.25, true), (0.3, 0.7, true), (-0.5, 0.3, true), (2, 3, true), (1024, 8, true),
        // Overflow in one order only, or a product that vanishes.
        (1e30, 1e-30, false), (3, 5, false), (1e-30, 1e-30, false), (2, 0.25, false), (0, 0, false),
    ])
    func factorsJoinWhereItIsSafe(first: Double, second: Double, joins: Bool) throws {
        let text = try simplifiedExpression(tolerance: 1e-6) { g in
            g.binary(.multiply, g.binary(.multiply, g.x(), first), second)
        }
        let product = Float(first) * Float(second)
        #expect(
            (text == "multiply(x, broadcast(\(Double(product))) to [2,6])") == joins, "\(text)")
    }

    @Test(arguments: [(4.0, true), (-0.5, true), (3, false), (0, false), (1e-38, false)])
    func divisionBecomesMultiplicationWhereExact(number: Double, changes: Bool) throws {
        let text = try simplifiedExpression { g in g.binary(.divide, g.x(), number) }
        #expect((text == "multiply(x, broadcast(\(1 / number)) to [2,6])") == changes, "\(text)")
    }

    @Test func divisionByHugePowersOfTwoStays() throws {
        // 1 / 2^127 is subnormal, which some engines take for zero.
        let number = Double(sign: .plus, exponent: 127, significand: 1)
        let text = try simplifiedExpression { g in g.binary(.divide, g.x(), number) }
        #expect(text.hasPrefix("divide("))
    }

    @Test func powersBecomeProducts() throws {
        #expect(try simplifiedExpression { g in g.binary(.power, g.x(), 2) } == "multiply(x, x)")
        #expect(try simplifiedExpression { g in g.binary(.power, g.x(), -1) } == "reciprocal(x)")
        #expect(
            try simplifiedExpression { g in g.binary(.power, g.x(), 0) }
                == "broadcast(1.0) to [2,6]")
        #expect(
            try simplifiedExpression { g in g.binary(.power, g.x(), 0.5) }
                == "power(x, broadcast(0.5) to [2,6])")
        #expect(
            try simplifiedExpression { g in g.binary(.power, g.unary(.abs, g.x()), 0.5) }
                == "sqrt(abs(x))")
    }

    @Test func truthValues() throws {
        func text(_ op: BinaryOp, _ number: Double) throws -> String {
            try simplifiedExpression { g in
                g.binary(op, g.input("x", TensorType(.bool, [2, 6])), number)
            }
        }
        #expect(try text(.logicalAnd, 1) == "x")
        #expect(try text(.logicalOr, 0) == "x")
        #expect(try text(.logicalAnd, 0) == "broadcast(0.0) to [2,6]")
        #expect(try text(.logicalOr, 1) == "broadcast(1.0) to [2,6]")
        #expect(
            try simplifiedExpression { g in
                let x = g.x()
                return g.unary(.logicalNot, g.emit(.compare(.equal), x, g.constant(1, like: x)))
            } == "notEqual(x, broadcast(1.0) to [2,6])")
    }

    @Test func repeatedOperandsAreComputedOnce() throws {
        let text = try simplifiedExpression { g in
            let rate = g.broadcast(g.x("rate", []), to: [2, 6])
            return g.multiply(g.x(), g.divide(rate, g.unary(.sqrt, rate)))
        }
        #expect(text == "multiply(x, broadcast(divide(rate, sqrt(rate))) to [2,6])")
        let rows = try simplifiedExpression { g in
            let a = g.broadcast(g.x("a", [6]), to: [2, 6])
            let b = g.broadcast(g.x("b", []), to: [2, 6])
            return g.binary(.maximum, g.add(a, b), 2)
        }
        #expect(
            rows
                == "broadcast(maximum(add(a, broadcast(b) to [6]), broadcast(2.0) to [6])) to [2,6]"
        )
    }

    @Test func integersKeepTheirArithmetic() throws {
        let text = try simplifiedExpression { g in
            let x = g.input("x", TensorType(.int32, [4]))
            return g.binary(.divide, g.binary(.multiply, g.binary(.multiply, x, 2), 2), 2)
        }
        #expect(
            text == "divide(multiply(multiply(x, broadcast(2.0) to [4]), broadcast(2.0) to [4]),"
                + " broadcast(2.0) to [4])")
    }
}
