import MartletGraph
import Testing

/// The exact words for mistakes with axes and indices.
@Suite struct ReductionErrorTests {
    private typealias Types = OpSample

    @Test func reductions() {
        expectShapeError(
            .reduce(.sum, axes: [2]),
            [Types.f32(2, 3)],
            """
            operation  reduceSum(f32[2,3]) axes [2]
            expected   an axis from 0 to 1
            received   axis 2
            """)
        expectShapeError(
            .reduce(.sum, axes: [0]),
            [Types.f32()],
            """
            operation  reduceSum(f32[]) axes [0]
            expected   an operand with axes
            received   a scalar
            """)
        expectShapeError(
            .reduce(.sum, axes: [1, 1]),
            [Types.f32(2, 3)],
            """
            operation  reduceSum(f32[2,3]) axes [1,1]
            expected   ascending axes without repeats
            received   axes [1, 1]
            """)
        expectShapeError(
            .reduce(.max, axes: [0]),
            [Types.bool(2)],
            """
            operation  reduceMax(bool[2]) axes [0]
            expected   numbers
            received   bool[2]
            fix        convert first: x.cast(to: .float32)
            """)
        expectShapeError(
            .reduce(.min, axes: [0]),
            [Types.f32(0)],
            """
            operation  reduceMin(f32[0]) axes [0]
            expected   at least one element to choose from
            received   f32[0]
            """)
        expectShapeError(
            .argReduce(.max, axis: 0),
            [Types.f32(0)],
            """
            operation  argMax(f32[0]) axis 0
            expected   numbers, at least one on axis 0
            received   f32[0]
            """)
        expectShapeError(
            .cumulativeSum(axis: 0, reverse: false),
            [Types.bool(2)],
            """
            operation  cumulativeSum(bool[2]) axis 0 reverse false
            expected   numbers
            received   bool[2]
            """)
        expectShapeError(
            .softmax(axis: 1),
            [Types.f32(10)],
            """
            operation  softmax(f32[10]) axis 1
            expected   an axis from 0 to 0
            received   axis 1
            """)
        expectShapeError(
            .logSoftmax(axis: 0),
            [Types.i64(10)],
            """
            operation  logSoftmax(i64[10]) axis 0
            expected   floating-point numbers (f32 or f64)
            received   i64[10]
            fix        convert first: x.cast(to: .float32)
            """)
        expectShapeError(
            .standardize(axes: [0, 2, 3], epsilon: 1e-5),
            [Types.f32(2, 3)],
            """
            operation  standardize(f32[2,3]) axes [0,2,3] epsilon 1e-05
            expected   an axis from 0 to 1
            received   axis 2
            """)
        expectShapeError(
            .standardizeGradient(axes: [0], epsilon: 1e-5),
            [Types.f32(2), Types.f32(3)],
            """
            operation  standardizeGradient(f32[2], f32[3]) axes [0] epsilon 1e-05
            expected   operands of one shape
            received   [2] and [3]
            """)
    }

    @Test func indexing() {
        expectShapeError(
            .gather(axis: 0),
            [Types.f32(5, 3), Types.f32(2)],
            """
            operation  gather(f32[5,3], f32[2]) axis 0
            expected   indices of type i32 or i64
            received   f32[2]
            fix        convert the labels first: labels.cast(to: .int32)
            """)
        expectShapeError(
            .gather(axis: 2),
            [Types.f32(5, 3), Types.i32(2)],
            """
            operation  gather(f32[5,3], i32[2]) axis 2
            expected   an axis from 0 to 1
            received   axis 2
            """)
        expectShapeError(
            .scatterAdd(axis: 0, size: 5),
            [Types.f32(2, 3), Types.i32(3)],
            """
            operation  scatterAdd(f32[2,3], i32[3]) axis 0 size 5
            expected   updates whose axes from 0 on are [3]
            received   [2, 3]
            """)
        expectShapeError(
            .scatterAdd(axis: 0, size: -5),
            [Types.f32(3), Types.i32(3)],
            """
            operation  scatterAdd(f32[3], i32[3]) axis 0 size -5
            expected   a size of 0 or more
            received   -5
            """)
        expectShapeError(
            .gatherAlong(axis: 1),
            [Types.f32(5, 3), Types.i64(4, 1)],
            """
            operation  gatherAlong(f32[5,3], i64[4,1]) axis 1
            expected   indices shaped like [5, 3] on every axis but 1
            received   [4, 1]
            """)
        expectShapeError(
            .scatterAddAlong(axis: 1, size: 9),
            [Types.f32(5, 3), Types.i64(5, 2)],
            """
            operation  scatterAddAlong(f32[5,3], i64[5,2]) axis 1 size 9
            expected   indices of the updates' shape [5, 3]
            received   [5, 2]
            """)
        expectShapeError(
            .scatterAddAlong(axis: 1, size: -9),
            [Types.f32(5, 3), Types.i64(5, 3)],
            """
            operation  scatterAddAlong(f32[5,3], i64[5,3]) axis 1 size -9
            expected   a size of 0 or more
            received   -9
            """)
        expectShapeError(
            .oneHot(classes: 10, .float32),
            [Types.f32(4)],
            """
            operation  oneHot(f32[4]) classes 10 type f32
            expected   indices of type i32 or i64
            received   f32[4]
            fix        convert the labels first: labels.cast(to: .int32)
            """)
        expectShapeError(
            .oneHot(classes: 0, .float32),
            [Types.i32(4)],
            """
            operation  oneHot(i32[4]) classes 0 type f32
            expected   at least one class
            received   0
            """)
    }
}
