import Martlet
import MartletTestSupport

extension OpsTable {
    static var elementwise: [String: OpsExpression] {
        [
            "exp": { exp(try $0.x) },
            "log": { log(try $0.x) },
            "log1p": { log1p(try $0.x) },
            "expm1": { expm1(try $0.x) },
            "sqrt": { sqrt(try $0.x) },
            "rsqrt": { rsqrt(try $0.x) },
            "square": { square(try $0.x) },
            "abs": { abs(try $0.x) },
            "neg": { -(try $0.x) },
            "sin": { sin(try $0.x) },
            "cos": { cos(try $0.x) },
            "reciprocal": { reciprocal(try $0.x) },
            "erf": { erf(try $0.x) },
            "sign": { sign(try $0.x) },
            "clamp": { args in
                let (low, high) = (args.attributes["min"]?.number, args.attributes["max"]?.number)
                return clamp(try args.x, min: low, max: high)
            },
            "powScalar": { pow(try $0.x, try $0.number("exponent")) },
        ]
    }

    /// Two operands that broadcast, and an operand with a number.
    static var binary: [String: OpsExpression] {
        [
            "add": { try $0["a"] + $0["b"] },
            "sub": { try $0["a"] - $0["b"] },
            "mul": { try $0["a"] * $0["b"] },
            "div": { try $0["a"] / $0["b"] },
            "pow": { pow(try $0["a"], try $0["b"]) },
            "maximum": { maximum(try $0["a"], try $0["b"]) },
            "minimum": { minimum(try $0["a"], try $0["b"]) },
            // The condition is stored as whole numbers.
            "where": { select(try $0["cond"] .!= 0, try $0["a"], try $0["b"]) },
            "addScalar": { try $0["a"] + $0.number("c") },
            "subScalar": { try $0["a"] - $0.number("c") },
            "mulScalar": { try $0["a"] * $0.number("c") },
            "divScalar": { try $0["a"] / $0.number("c") },
            "rsubScalar": { try $0.number("c") - $0["a"] },
            "rdivScalar": { try $0.number("c") / $0["a"] },
        ]
    }
}
