import MartletGraph

extension GradientRule {
    /// dy times the derivative of a function of one operand; relu'(0) and abs'(0) are 0.
    func unary(_ op: UnaryOp, in g: inout GraphBuilder) -> Value? {
        switch op {
        case .negate: return g.negate(dy)
        case .abs: return g.times(dy, g.emit(.unary(.sign), x))
        case .sign, .floor, .logicalNot: return nil
        case .exp: return g.times(dy, output)
        case .expm1: return g.times(dy, g.add(output, g.constant(1, like: output)))
        case .log: return g.divide(dy, x)
        case .log1p: return g.divide(dy, g.add(x, g.constant(1, like: x)))
        case .sqrt: return g.divide(dy, g.add(output, output))
        case .rsqrt:
            let cube = g.multiply(g.multiply(output, output), output)
            return g.times(dy, g.scale(cube, by: -0.5))
        case .reciprocal: return g.negate(g.times(dy, g.multiply(output, output)))
        case .sin: return g.times(dy, g.emit(.unary(.cos), x))
        case .cos: return g.negate(g.times(dy, g.emit(.unary(.sin), x)))
        case .erf:
            let bell = g.emit(.unary(.exp), g.negate(g.multiply(x, x)))
            let twoOverRootPi = 1.128379167095512573896158903121545172
            return g.times(dy, g.scale(bell, by: twoOverRootPi))
        case .tanh: return g.times(dy, oneMinus(g.multiply(output, output), in: &g))
        case .sigmoid: return g.times(dy, g.multiply(oneMinus(output, in: &g), output))
        case .relu: return g.keep(dy, where: g.compare(output, .greater, to: 0))
        }
    }

    /// The gradients of a function of two operands.
    func binary(_ op: BinaryOp, in g: inout GraphBuilder) -> [Value?] {
        switch op {
        case .add: [dy, dy]
        case .subtract: [dy, wanted[1] ? g.negate(dy) : nil]
        case .multiply:
            [wanted[0] ? g.times(dy, second) : nil, wanted[1] ? g.times(dy, x) : nil]
        case .divide: divide(in: &g)
        case .power:
            [wanted[0] ? powerBase(in: &g) : nil, wanted[1] ? powerExponent(in: &g) : nil]
        case .maximum: extremeOfTwo(.greater, .less, in: &g)
        case .minimum: extremeOfTwo(.less, .greater, in: &g)
        case .logicalAnd, .logicalOr: none
        }
    }

    /// Operands condition, a, b.
    func select(in g: inout GraphBuilder) -> [Value?] {
        let zero = g.constant(0, like: dy)
        return [
            nil, wanted[1] ? g.select(x, dy, zero) : nil,
            wanted[2] ? g.select(x, zero, dy) : nil,
        ]
    }

    /// Between floats the gradient is converted back.
    func cast(in g: inout GraphBuilder) -> Value? {
        let dtype = g.type(x).dtype
        return g.type(dy).dtype == dtype ? dy : g.emit(.cast(dtype), dy)
    }

    private func oneMinus(_ y: Value, in g: inout GraphBuilder) -> Value {
        g.subtract(g.constant(1, like: y), y)
    }

    private func divide(in g: inout GraphBuilder) -> [Value?] {
        let quotient = g.divide(dy, second)
        return [quotient, wanted[1] ? g.negate(g.multiply(quotient, output)) : nil]
    }

    /// dy · b · a^(b − 1), and 0 where a and b are 0.
    ///
    /// The exponent is replaced there before it is used, so that no gradient of this gradient meets
    /// 0 · ∞ either.
    private func powerBase(in g: inout GraphBuilder) -> Value {
        if let number = g.knownNumber(second) { return powerBase(number, in: &g) }
        let zeros = g.emit(
            .binary(.logicalAnd), g.compare(x, .equal, to: 0), g.compare(second, .equal, to: 0))
        let one = g.constant(1, like: second)
        let lowered = g.subtract(g.select(zeros, one, second), one)
        return g.times(dy, g.multiply(second, g.emit(.binary(.power), x, lowered)))
    }

    /// The same where the exponent is a number known while tracing.
    private func powerBase(_ number: Double, in g: inout GraphBuilder) -> Value {
        if number == 0 { return g.constant(0, like: x) }
        if number == 1 { return dy }
        if number == 2 { return g.times(dy, g.add(x, x)) }
        let power = g.emit(.binary(.power), x, g.constant(number - 1, like: x))
        return g.times(dy, g.scale(power, by: number))
    }

    /// dy · a^b · log a, and 0 where a is 0 and b is not negative.
    private func powerExponent(in g: inout GraphBuilder) -> Value {
        let flat = g.emit(
            .binary(.logicalAnd), g.compare(x, .equal, to: 0),
            g.compare(second, .greaterOrEqual, to: 0))
        let base = g.select(flat, g.constant(1, like: x), x)
        return g.times(dy, g.multiply(output, g.emit(.unary(.log), base)))
    }

    /// The larger (or smaller) operand gets dy; equal ones get half each.
    private func extremeOfTwo(
        _ first: Comparison, _ other: Comparison, in g: inout GraphBuilder
    ) -> [Value?] {
        let tie = g.emit(.compare(.equal), x, second)
        let shared = g.keep(g.scale(dy, by: 0.5), where: tie)
        return [
            wanted[0] ? g.select(g.emit(.compare(first), x, second), dy, shared) : nil,
            wanted[1] ? g.select(g.emit(.compare(other), x, second), dy, shared) : nil,
        ]
    }
}
