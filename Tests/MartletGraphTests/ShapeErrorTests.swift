import MartletGraph
import Testing

/// Checks the exact words for operands that an operation cannot take.
func expectShapeError(
    _ op: Op, _ operands: [TensorType], _ message: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    do {
        let type = try op.resultType(operands)
        Issue.record("no error but \(type)", sourceLocation: sourceLocation)
    } catch {
        #expect(error.description == message, sourceLocation: sourceLocation)
    }
}

/// The exact words for mistakes with elementwise and shape operations.
@Suite struct ShapeErrorTests {
    private typealias Types = OpSample

    @Test func sources() {
        expectShapeError(
            .iota(Types.f32(2), axis: 1),
            [],
            """
            operation  iota() axis 1
            expected   an axis from 0 to 0
            received   axis 1
            """)
        expectShapeError(
            .iota(Types.bool(2), axis: 0),
            [],
            """
            operation  iota() axis 0
            expected   a type of numbers
            received   bool
            """)
        expectShapeError(
            .random(.uniform, Types.f32(2), stream: 0),
            [Types.i64(3)],
            """
            operation  randomUniform(i64[3]) stream 0
            expected   a key of type i64[2]
            received   i64[3]
            """)
        expectShapeError(
            .random(.normal, Types.i32(2), stream: 0),
            [Types.i64(2)],
            """
            operation  randomNormal(i64[2]) stream 0
            expected   floating-point numbers (f32 or f64)
            received   i32[2]
            fix        convert first: x.cast(to: .float32)
            """)
        expectShapeError(
            .input("x", TensorType(.float32, [-1, 3])),
            [],
            """
            operation  input()
            expected   sizes of 0 or more
            received   [-1, 3]
            """)
        expectShapeError(
            .variable("w", TensorType(.float32, [1 << 40])),
            [],
            """
            operation  variable()
            expected   sizes from 0 to 2147483647, 2^48 elements at most
            received   [1099511627776]
            """)
    }

    @Test func elementwise() {
        expectShapeError(
            .binary(.add),
            [Types.f32(2, 3), Types.f32(3, 2)],
            """
            operation  add(f32[2,3], f32[3,2])
            expected   operands of one shape
            received   [2, 3] and [3, 2]
            """)
        expectShapeError(
            .binary(.multiply),
            [Types.f32(2), Types.i32(2)],
            """
            operation  multiply(f32[2], i32[2])
            expected   operands of one element type
            received   f32 and i32
            fix        convert one: x.cast(to: .float32)
            """)
        expectShapeError(
            .binary(.add),
            [Types.f32(2)],
            """
            operation  add(f32[2])
            expected   2 operands
            received   1
            """)
        expectShapeError(
            .binary(.subtract),
            [Types.bool(2), Types.bool(2)],
            """
            operation  subtract(bool[2], bool[2])
            expected   numbers
            received   bool[2]
            fix        convert first: x.cast(to: .float32)
            """)
        expectShapeError(
            .binary(.logicalOr),
            [Types.f32(2), Types.f32(2)],
            """
            operation  logicalOr(f32[2], f32[2])
            expected   truth values (bool)
            received   f32[2]
            """)
        expectShapeError(
            .unary(.exp),
            [Types.i32(2)],
            """
            operation  exp(i32[2])
            expected   floating-point numbers (f32 or f64)
            received   i32[2]
            fix        convert first: x.cast(to: .float32)
            """)
        expectShapeError(
            .unary(.relu),
            [Types.bool(2)],
            """
            operation  relu(bool[2])
            expected   numbers
            received   bool[2]
            fix        convert first: x.cast(to: .float32)
            """)
        expectShapeError(
            .unary(.logicalNot),
            [Types.f32(2)],
            """
            operation  logicalNot(f32[2])
            expected   truth values (bool)
            received   f32[2]
            """)
        expectShapeError(
            .compare(.less),
            [Types.i64(2), Types.i32(2)],
            """
            operation  less(i64[2], i32[2])
            expected   operands of one element type
            received   i64 and i32
            fix        convert one: x.cast(to: .int64)
            """)
        expectShapeError(
            .select,
            [Types.f32(2), Types.f32(2), Types.f32(2)],
            """
            operation  select(f32[2], f32[2], f32[2])
            expected   a condition of type bool
            received   f32[2]
            fix        compare first: x .> 0
            """)
        expectShapeError(
            .select,
            [Types.bool(3), Types.f32(2), Types.f32(2)],
            """
            operation  select(bool[3], f32[2], f32[2])
            expected   a condition of the shape [2]
            received   [3]
            """)
    }

    @Test func shapes() {
        expectShapeError(
            .broadcast([4, 3]),
            [Types.f32(4)],
            """
            operation  broadcast(f32[4]) to [4,3]
            expected   sizes equal to [4, 3] from the last axis on, or 1
            received   [4]
            """)
        expectShapeError(
            .broadcast([3]),
            [Types.f32(1, 3)],
            """
            operation  broadcast(f32[1,3]) to [3]
            expected   sizes equal to [3] from the last axis on, or 1
            received   [1, 3]
            """)
        expectShapeError(
            .reshape([4, 2]),
            [Types.f32(2, 3)],
            """
            operation  reshape(f32[2,3]) to [4,2]
            expected   a shape of 6 elements
            received   [4, 2] with 8
            """)
        expectShapeError(
            .reshape([-1, 6]),
            [Types.f32(2, 3)],
            """
            operation  reshape(f32[2,3]) to [-1,6]
            expected   sizes of 0 or more
            received   [-1, 6]
            """)
        expectShapeError(
            .transpose([0, 0]),
            [Types.f32(2, 3)],
            """
            operation  transpose(f32[2,3]) permutation [0,0]
            expected   each axis from 0 to 1 once
            received   [0, 0]
            """)
        expectShapeError(
            .slice(SliceAttributes(starts: [0], limits: [1], strides: [1])),
            [Types.f32(2, 3)],
            """
            operation  slice(f32[2,3]) starts [0] limits [1] strides [1]
            expected   one range for each of 2 axes
            received   [1, 1, 1] starts, limits and strides
            """)
        expectShapeError(
            .slice(SliceAttributes(starts: [0, 1], limits: [2, 4], strides: [1, 1])),
            [Types.f32(2, 3)],
            """
            operation  slice(f32[2,3]) starts [0,1] limits [2,4] strides [1,1]
            expected   a range inside 0 ..< 3 on axis 1, by 1 or more
            received   1 ..< 4 by 1
            """)
        expectShapeError(
            .slice(SliceAttributes(starts: [0], limits: [2], strides: [0])),
            [Types.f32(2)],
            """
            operation  slice(f32[2]) starts [0] limits [2] strides [0]
            expected   a range inside 0 ..< 2 on axis 0, by 1 or more
            received   0 ..< 2 by 0
            """)
        expectShapeError(
            .pad(PadAttributes(low: [1], high: [-1], interior: [0])),
            [Types.f32(2)],
            """
            operation  pad(f32[2]) low [1] high [-1] interior [0] value 0.0
            expected   widths of 0 or more for each of 1 axes
            received   [1], [-1], [0]
            """)
        expectShapeError(
            .concatenate(axis: 0),
            [],
            """
            operation  concatenate() axis 0
            expected   at least one operand
            received   none
            """)
        expectShapeError(
            .concatenate(axis: 0),
            [Types.f32(2, 3), Types.f32(2, 4)],
            """
            operation  concatenate(f32[2,3], f32[2,4]) axis 0
            expected   operands like f32[2,3] on every axis but 0
            received   f32[2,4] as operand 1
            """)
        expectShapeError(
            .concatenate(axis: 2),
            [Types.f32(2, 3)],
            """
            operation  concatenate(f32[2,3]) axis 2
            expected   an axis from 0 to 1
            received   axis 2
            """)
        expectShapeError(
            .reverse([1]),
            [Types.f32(2)],
            """
            operation  reverse(f32[2]) axes [1]
            expected   an axis from 0 to 0
            received   axis 1
            """)
        expectShapeError(
            .reverse([1, 0]),
            [Types.f32(2, 3)],
            """
            operation  reverse(f32[2,3]) axes [1,0]
            expected   ascending axes without repeats
            received   axes [1, 0]
            """)
    }
}
