import Foundation
import MartletGraph

extension GraphGrower {
    func growUnary() {
        let op = choose(UnaryOp.allCases)
        switch op {
        case .logicalNot:
            let x = pick { type($0).dtype == .bool } ?? source(TensorType(.bool, shape()))
            _ = add(.unary(op), [x], Bounds(0, 1))
        case .negate, .abs, .sign, .relu, .floor: growSimpleUnary(op)
        case .exp, .expm1:
            guard let x = tame(float(), 3) else { return }
            let known = bounds[x.index]
            let shift = op == .exp ? 0.0 : 1
            let high = Foundation.exp(known.high) + 1e-3
            _ = add(
                .unary(op), [x],
                Bounds(
                    Foundation.exp(known.low) * 0.999 - shift, high - shift,
                    error: (known.error + 1e-6) * high))
        case .log, .log1p, .sqrt, .rsqrt, .reciprocal:
            guard let x = positive(float()) else { return }
            let known = bounds[x.index]
            // No derivative of these exceeds 1 / low² or 1 / low^1.5 on the allowed range.
            let slope = max(1 / known.low, 1 / (known.low * known.low))
            let ends = [known.low, known.high].map { value(of: op, at: $0) }
            _ = add(
                .unary(op), [x],
                Bounds(
                    (ends.min() ?? 0) - 1e-3, (ends.max() ?? 0) + 1e-3,
                    error: known.error * slope + 1e-6 * max(1, ends.map(abs).max() ?? 1)))
        case .sin, .cos, .erf, .tanh, .sigmoid:
            guard let x = tame(float(), 30) else { return }
            _ = add(
                .unary(op), [x],
                Bounds(op == .sigmoid ? 0 : -1, 1, error: bounds[x.index].error * 1.2 + 1e-6))
        }
    }

    private func value(of op: UnaryOp, at x: Double) -> Double {
        switch op {
        case .log: Foundation.log(x)
        case .log1p: Foundation.log1p(x)
        case .sqrt: x.squareRoot()
        case .rsqrt: 1 / x.squareRoot()
        default: 1 / x
        }
    }

    /// Operations that keep exactness; two of them jump and need it.
    private func growSimpleUnary(_ op: UnaryOp) {
        let jumps = op == .sign || op == .floor
        let picked = pick {
            let dtype = type($0).dtype
            return (dtype.isFloatingPoint || (dtype.isInteger && op != .floor))
                && (!jumps || bounds[$0.index].isExact)
        }
        guard let x = picked else { return }
        let known = bounds[x.index]
        let result: Bounds =
            switch op {
            case .negate: Bounds(-known.high, -known.low, error: known.error)
            case .abs: Bounds(0, known.magnitude, error: known.error)
            case .sign: Bounds(known.low < 0 ? -1 : 0, 1)
            case .relu: Bounds(max(0, known.low), max(0, known.high), error: known.error)
            default: Bounds(known.low.rounded(.down), known.high.rounded(.down))
            }
        _ = add(.unary(op), [x], result)
    }

    func growBinary() {
        let op = choose(BinaryOp.allCases)
        if op == .logicalAnd || op == .logicalOr {
            let x = pick { type($0).dtype == .bool } ?? source(TensorType(.bool, shape()))
            guard let (a, b) = pair(x) else { return }
            _ = add(.binary(op), [a, b], Bounds(0, 1))
            return
        }
        let isInteger = op != .power && flip(0.3)
        let first =
            isInteger
            ? pick { type($0).dtype.isInteger }
                ?? source(TensorType(choose([.int32, .int64, .uint8]), shape()), -9...9)
            : float()
        guard let (left, right) = pair(first) else { return }
        switch op {
        case .divide: growDivide(left, right)
        case .power:
            guard let base = positive(left), let exponent = tame(right, 2) else { return }
            let (b, e) = (bounds[base.index], bounds[exponent.index])
            let edges = [b.low, b.high].flatMap { x in
                [pow(x, e.low), pow(x, e.high)]
            }
            let high = (edges.max() ?? 1) * 1.001
            let slope = 2 / b.low * b.error + 3 * e.error
            _ = add(
                .binary(.power), [base, exponent],
                Bounds((edges.min() ?? 0) * 0.999, high, error: (slope + 3e-6) * high))
        default:
            guard let result = combined(op, bounds[left.index], bounds[right.index]) else { return }
            let isExact = isInteger || op == .maximum || op == .minimum
            let rounding = isExact ? 0 : 1e-7 * min(result.magnitude, 10)
            _ = add(
                .binary(op), [left, right],
                Bounds(result.low, result.high, error: result.error + rounding))
        }
    }

    private func growDivide(_ left: Value, _ right: Value) {
        guard type(left).dtype.isInteger else {
            guard let divisor = positive(right) else { return }
            let (a, b) = (bounds[left.index], bounds[divisor.index])
            let high = a.magnitude / b.low
            _ = add(
                .binary(.divide), [left, divisor],
                Bounds(
                    -high, high,
                    error: a.error / b.low + high / b.low * b.error + 1e-7 * min(high, 10)))
            return
        }
        guard let one = number(1, like: right),
            let divisor = add(
                .binary(.maximum), [right, one], Bounds(1, max(1, bounds[right.index].high)))
        else { return }
        let known = bounds[left.index]
        _ = add(
            .binary(.divide), [left, divisor], Bounds(min(0, known.low), max(0, known.high)))
    }

    /// The bounds of an exact calculation on two ranges.
    private func combined(_ op: BinaryOp, _ a: Bounds, _ b: Bounds) -> Bounds? {
        let error = a.error + b.error
        switch op {
        case .add: return Bounds(a.low + b.low, a.high + b.high, error: error)
        case .subtract: return Bounds(a.low - b.high, a.high - b.low, error: error)
        case .multiply:
            let products = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high]
            return Bounds(
                products.min() ?? 0, products.max() ?? 0,
                error: a.error * b.magnitude + b.error * a.magnitude)
        case .maximum: return Bounds(max(a.low, b.low), max(a.high, b.high), error: error)
        case .minimum: return Bounds(min(a.low, b.low), min(a.high, b.high), error: error)
        default: return nil
        }
    }

    func growCompare() {
        let picked = pick { bounds[$0.index].isExact }
        let x = picked ?? source(TensorType(.int32, shape()), -3...3)
        guard let (a, b) = pair(x, exact: true) else { return }
        let op = type(a).dtype == .bool ? choose([.equal, .notEqual]) : choose(Comparison.allCases)
        _ = add(.compare(op), [a, b], Bounds(0, 1))
    }

    func growSelect() {
        guard let x = pick({ _ in true }), let (a, b) = pair(x) else { return }
        let shape = self.shape(a)
        let condition =
            pick { type($0) == TensorType(.bool, shape) } ?? source(TensorType(.bool, shape))
        _ = add(
            .select, [condition, a, b], bounds[a.index].union(bounds[b.index]))
    }

    func growCast() {
        guard let x = pick({ _ in true }) else { return }
        let (from, to) = (type(x).dtype, choose(DataType.allCases))
        let known = bounds[x.index]
        switch (from, to) {
        case (_, .bool):
            if known.isExact { _ = add(.cast(to), [x], Bounds(0, 1)) }
        case (.float32, .float64), (.float64, .float32), (.float32, .float32),
            (.float64, .float64):
            _ = add(
                .cast(to), [x],
                Bounds(
                    known.low, known.high,
                    error: known.isExact ? 0 : known.error + 1e-7 * known.magnitude))
        case (.float32, _), (.float64, _):
            guard known.isExact else { return }
            let range = to == .uint8 ? 0...255.0 : -1e6...1e6
            _ = add(
                .cast(to), [x],
                Bounds(
                    min(max(known.low, range.lowerBound), range.upperBound).rounded(.towardZero),
                    min(max(known.high, range.lowerBound), range.upperBound).rounded(.towardZero)))
        default:
            if to != .uint8 || known.low >= 0 { _ = add(.cast(to), [x], known) }
        }
    }
}
