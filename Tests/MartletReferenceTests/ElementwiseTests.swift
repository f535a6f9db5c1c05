import MartletGraph
import MartletReference
import Testing

@Suite struct ElementwiseTests {
    private let nan = Float.nan, infinity = Float.infinity

    @Test func signsAndRectifierKeepNaN() throws {
        let x = floats(-2, -0.0, 0, 3, nan, -infinity)
        #expect(same(try evaluate(.unary(.relu), x), [0, 0, 0, 3, nan, 0] as [Float]))
        #expect(same(try evaluate(.unary(.sign), x), [-1, 0, 0, 1, nan, -1] as [Float]))
        #expect(same(try evaluate(.unary(.abs), x), [2, 0, 0, 3, nan, infinity] as [Float]))
        #expect(same(try evaluate(.unary(.negate), x), [2, 0, 0, -3, nan, infinity] as [Float]))
        #expect(same(try evaluate(.unary(.floor), floats(-1.5, 2.5)), [-2, 2] as [Float]))
    }

    @Test func functionsAtExactPoints() throws {
        let table: [(UnaryOp, Double, Double)] = [
            (.exp, 0, 1), (.expm1, 0, 0), (.log, 1, 0), (.log1p, 0, 0), (.sqrt, 9, 3),
            (.rsqrt, 4, 0.5), (.reciprocal, 8, 0.125), (.sin, 0, 0), (.cos, 0, 1), (.erf, 0, 0),
            (.tanh, 0, 0), (.sigmoid, 0, 0.5), (.exp, 1, 2.718281828459045),
            (.expm1, 1e-10, 1.00000000005e-10), (.log, 10, 2.302585092994046),
            (.log1p, 1e-10, 9.9999999995e-11), (.sin, 1, 0.8414709848078965),
            (.cos, 1, 0.5403023058681398), (.erf, 1, 0.8427007929497149),
            (.tanh, 1, 0.7615941559557649), (.sigmoid, 1, 0.7310585786300049),
        ]
        for (op, x, expected) in table {
            let result: [Double] = try evaluate(.unary(op), doubles(x))
            #expect(abs(result[0] - expected) <= 3e-15 * abs(expected), "\(op) of \(x)")
            let single: [Float] = try evaluate(.unary(op), floats(Float(x)))
            let bound = 3e-7 * abs(Float(expected)) + .leastNormalMagnitude
            #expect(abs(single[0] - Float(expected)) <= bound, "f32 \(op) of \(x)")
        }
        #expect(
            same(try evaluate(.unary(.sigmoid), floats(-infinity, infinity)), [0, 1] as [Float]))
    }

    @Test func sigmoidIsTinyNotZeroFarBelow() throws {
        // Far below zero the sum 1 + e^x is 1, and the sigmoid is the exponential itself.
        let x = doubles(-720, -40)
        let tiny: [Double] = try evaluate(.unary(.sigmoid), x)
        #expect(tiny == (try evaluate(.unary(.exp), x)) && tiny[0] > 0)
    }

    @Test func extremesKeepNaN() throws {
        let (a, b) = (floats(1, nan, 2, -0.5), floats(2, 1, nan, -1))
        #expect(same(try evaluate(.binary(.maximum), a, b), [2, nan, nan, -0.5] as [Float]))
        #expect(same(try evaluate(.binary(.minimum), a, b), [1, nan, nan, -1] as [Float]))
    }

    @Test func powerFollowsC() throws {
        let (a, b) = (doubles(2, -8, 0, .nan, 4), doubles(10, 1.0 / 3, 0, 0, 0.5))
        #expect(same(try evaluate(.binary(.power), a, b), [1024, .nan, 1, 1, 2] as [Double]))
    }

    @Test func integersWrapAndDivideByZeroToZero() throws {
        let a = HostTensor([Int32.max, .min, 7, -7, 5], shape: [5])
        let b = HostTensor([Int32(1), -1, 2, 2, 0], shape: [5])
        #expect(try evaluate(.binary(.add), a, b) == [Int32.min, .max, 9, -5, 5])
        #expect(try evaluate(.binary(.multiply), a, b) == [Int32.max, .min, 14, -14, 0])
        #expect(try evaluate(.binary(.divide), a, b) == [Int32.max, .min, 3, -3, 0])
        #expect(try evaluate(.unary(.abs), a) == [Int32.max, .min, 7, 7, 5])
        let small = HostTensor([UInt8(3), 250], shape: [2])
        #expect(try evaluate(.unary(.negate), small) == [UInt8(253), 6])
        #expect(
            try evaluate(.binary(.subtract), small, HostTensor([UInt8(4), 0], shape: [2]))
                == [UInt8(255), 250])
        #expect(
            try evaluate(.unary(.sign), HostTensor([Int64(-9), 0, 4], shape: [3]))
                == [Int64(-1), 0, 1])
    }

    @Test func comparisonsWithNaNAreFalseButForNotEqual() throws {
        let (a, b) = (floats(1, 2, nan, nan), floats(2, 2, 1, nan))
        let table: [(Comparison, [Bool])] = [
            (.equal, [false, true, false, false]), (.notEqual, [true, false, true, true]),
            (.less, [true, false, false, false]), (.lessOrEqual, [true, true, false, false]),
            (.greater, [false, false, false, false]),
            (.greaterOrEqual, [false, true, false, false]),
        ]
        for (op, expected) in table {
            #expect(try evaluate(.compare(op), a, b) == expected, "\(op)")
        }
        let (p, q) = (HostTensor([true, false], shape: [2]), HostTensor([true, true], shape: [2]))
        #expect(try evaluate(.compare(.less), p, q) == [false, true])
    }

    @Test func truthValues() throws {
        let a = HostTensor([true, true, false, false], shape: [4])
        let b = HostTensor([true, false, true, false], shape: [4])
        #expect(try evaluate(.binary(.logicalAnd), a, b) == [true, false, false, false])
        #expect(try evaluate(.binary(.logicalOr), a, b) == [true, true, true, false])
        #expect(try evaluate(.unary(.logicalNot), a) == [false, false, true, true])
        let chosen: [Float] = try evaluate(
            .select, b, floats(1, 2, 3, 4), floats(-1, -2, -3, -4))
        #expect(chosen == [1, -2, 3, -4])
        // Any byte but 0 is true.
        let odd = HostTensor(type: TensorType(.bool, [2]), bytes: [2, 0])
        #expect(try evaluate(.unary(.logicalNot), odd) == [false, true])
        #expect(try evaluate(.cast(.int32), odd) == [Int32(1), 0])
    }

    @Test func castsTruncateSaturateAndWrap() throws {
        let x = floats(-1.9, 2.9, nan, 1e20, -1e20, 300)
        #expect(try evaluate(.cast(.int32), x) == [Int32(-1), 2, 0, .max, .min, 300])
        #expect(try evaluate(.cast(.int64), x) == [Int64(-1), 2, 0, .max, .min, 300])
        #expect(try evaluate(.cast(.uint8), x) == [UInt8(0), 2, 0, 255, 0, 255])
        #expect(
            try evaluate(.cast(.bool), floats(0, -0.0, nan, 0.1)) == [false, false, true, true])
        let large = HostTensor([Int64(1) << 32 + 5, -1, 16_777_217], shape: [3])
        #expect(try evaluate(.cast(.int32), large) == [Int32(5), -1, 16_777_217])
        #expect(try evaluate(.cast(.uint8), large) == [UInt8(5), 255, 1])
        #expect(try evaluate(.cast(.float32), large) == [4_294_967_296, -1, 16_777_216] as [Float])
        #expect(try evaluate(.cast(.float32), doubles(0.1)) == [Float(0.1)])
    }
}
