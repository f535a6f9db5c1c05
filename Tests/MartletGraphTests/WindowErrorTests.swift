import MartletGraph
import Testing

/// The exact words for mistakes with products, convolutions and pools.
@Suite struct WindowErrorTests {
    private typealias Types = OpSample

    @Test func products() {
        expectShapeError(
            .matmul(MatmulAttributes()),
            [Types.f32(4, 5), Types.f32(6, 7)],
            """
            operation  matmul(f32[4,5], f32[6,7]) transposeA false transposeB false
            expected   5 rows on the right side, as many as columns on the left
            received   6
            """)
        expectShapeError(
            .matmul(MatmulAttributes(transposeB: true)),
            [Types.f32(4, 5), Types.f32(5, 7)],
            """
            operation  matmul(f32[4,5], f32[5,7]) transposeA false transposeB true
            expected   5 columns on the right side, as many as columns on the left
            received   7
            """)
        expectShapeError(
            .matmul(MatmulAttributes()),
            [Types.f32(5), Types.f32(5, 7)],
            """
            operation  matmul(f32[5], f32[5,7]) transposeA false transposeB false
            expected   two matrices, or stacks of matrices with equal leading axes
            received   f32[5] and f32[5,7]
            """)
        expectShapeError(
            .matmul(MatmulAttributes()),
            [Types.f32(2, 4, 5), Types.f32(3, 5, 7)],
            """
            operation  matmul(f32[2,4,5], f32[3,5,7]) transposeA false transposeB false
            expected   two matrices, or stacks of matrices with equal leading axes
            received   f32[2,4,5] and f32[3,5,7]
            """)
        expectShapeError(
            .matmul(MatmulAttributes()),
            [Types.i32(4, 5), Types.i32(5, 7)],
            """
            operation  matmul(i32[4,5], i32[5,7]) transposeA false transposeB false
            expected   floating-point numbers (f32 or f64)
            received   i32[4,5]
            fix        convert first: x.cast(to: .float32)
            """)
    }

    @Test func convolutions() {
        expectShapeError(
            .conv2D(Conv2DAttributes()),
            [Types.f32(100, 10, 12, 12), Types.f32(20, 8, 5, 5)],
            """
            operation  conv2D(f32[100,10,12,12], f32[20,8,5,5]) stride [1,1] low [0,0] high [0,0] dilation [1,1] groups 1
            expected   8 channels on axis 1
            received   10
            """)
        expectShapeError(
            .conv2D(Conv2DAttributes(groups: 2)),
            [Types.f32(1, 6, 9, 9), Types.f32(4, 2, 3, 3)],
            """
            operation  conv2D(f32[1,6,9,9], f32[4,2,3,3]) stride [1,1] low [0,0] high [0,0] dilation [1,1] groups 2
            expected   4 channels on axis 1 (2 groups of 2)
            received   6
            """)
        expectShapeError(
            .conv2D(Conv2DAttributes(groups: 3)),
            [Types.f32(1, 6, 9, 9), Types.f32(4, 2, 3, 3)],
            """
            operation  conv2D(f32[1,6,9,9], f32[4,2,3,3]) stride [1,1] low [0,0] high [0,0] dilation [1,1] groups 3
            expected   output channels that 3 groups divide
            received   4
            """)
        expectShapeError(
            .conv2D(Conv2DAttributes()),
            [Types.f32(28, 28), Types.f32(4, 1, 3, 3)],
            """
            operation  conv2D(f32[28,28], f32[4,1,3,3]) stride [1,1] low [0,0] high [0,0] dilation [1,1] groups 1
            expected   images with 4 axes
            received   2 axes: f32[28,28]
            fix        images are [N, C, H, W]: add the missing axes
            """)
        expectShapeError(
            .conv2D(Conv2DAttributes()),
            [Types.f32(1, 1, 2, 9), Types.f32(4, 1, 3, 3)],
            """
            operation  conv2D(f32[1,1,2,9], f32[4,1,3,3]) stride [1,1] low [0,0] high [0,0] dilation [1,1] groups 1
            expected   height of at least 3 after padding, the reach of the window
            received   2
            fix        use a smaller kernel, padding, or a larger picture
            """)
        expectShapeError(
            .conv2D(Conv2DAttributes(stride: [0, 1])),
            [Types.f32(1, 1, 9, 9), Types.f32(4, 1, 3, 3)],
            """
            operation  conv2D(f32[1,1,9,9], f32[4,1,3,3]) stride [0,1] low [0,0] high [0,0] dilation [1,1] groups 1
            expected   stride, dilation and groups of 1 or more, padding of 0 or more
            received   stride [0,1] low [0,0] high [0,0] dilation [1,1] groups 1
            """)
        expectShapeError(
            .conv2D(Conv2DAttributes(stride: [1])),
            [Types.f32(1, 1, 9, 9), Types.f32(4, 1, 3, 3)],
            """
            operation  conv2D(f32[1,1,9,9], f32[4,1,3,3]) stride [1] low [0,0] high [0,0] dilation [1,1] groups 1
            expected   stride, dilation and groups of 1 or more, padding of 0 or more
            received   stride [1] low [0,0] high [0,0] dilation [1,1] groups 1
            """)
        expectShapeError(
            .conv2D(Conv2DAttributes()),
            [Types.f32(1, 1, 9, 9), TensorType(.float64, [4, 1, 3, 3])],
            """
            operation  conv2D(f32[1,1,9,9], f64[4,1,3,3]) stride [1,1] low [0,0] high [0,0] dilation [1,1] groups 1
            expected   operands of one element type
            received   f32[1,1,9,9] and f64[4,1,3,3]
            """)
        expectShapeError(
            .conv2DInputGradient(Conv2DAttributes(), size: [9, 9]),
            [Types.f32(1, 4, 8, 7), Types.f32(4, 1, 3, 3)],
            """
            operation  conv2DInputGradient(f32[1,4,8,7], f32[4,1,3,3]) stride [1,1] low [0,0] high [0,0] dilation [1,1] groups 1 size [9,9]
            expected   a gradient of shape [1, 4, 7, 7]
            received   [1, 4, 8, 7]
            """)
        expectShapeError(
            .conv2DInputGradient(Conv2DAttributes(), size: [9]),
            [Types.f32(1, 4, 7, 7), Types.f32(4, 1, 3, 3)],
            """
            operation  conv2DInputGradient(f32[1,4,7,7], f32[4,1,3,3]) stride [1,1] low [0,0] high [0,0] dilation [1,1] groups 1 size [9]
            expected   a height and a width
            received   [9]
            """)
        expectShapeError(
            .conv2DInputGradient(Conv2DAttributes(groups: 3), size: [9, 9]),
            [Types.f32(1, 4, 7, 7), Types.f32(4, 1, 3, 3)],
            """
            operation  conv2DInputGradient(f32[1,4,7,7], f32[4,1,3,3]) stride [1,1] low [0,0] high [0,0] dilation [1,1] groups 3 size [9,9]
            expected   output channels that 3 groups divide
            received   4
            """)
        expectShapeError(
            .conv2DWeightGradient(Conv2DAttributes(), kernel: [3, 3]),
            [Types.f32(2, 4, 7, 7), Types.f32(1, 1, 9, 9)],
            """
            operation  conv2DWeightGradient(f32[2,4,7,7], f32[1,1,9,9]) stride [1,1] low [0,0] high [0,0] dilation [1,1] groups 1 kernel [3,3]
            expected   a gradient of shape [1, 4, 7, 7]
            received   [2, 4, 7, 7]
            """)
        expectShapeError(
            .conv2DWeightGradient(Conv2DAttributes(groups: 2), kernel: [3, 3]),
            [Types.f32(1, 4, 7, 7), Types.f32(1, 3, 9, 9)],
            """
            operation  conv2DWeightGradient(f32[1,4,7,7], f32[1,3,9,9]) stride [1,1] low [0,0] high [0,0] dilation [1,1] groups 2 kernel [3,3]
            expected   input channels that 2 groups divide
            received   3
            """)
    }

    @Test func pools() {
        expectShapeError(
            .maxPool2D(PoolAttributes(kernel: [2, 2])),
            [Types.f32(3, 28, 28)],
            """
            operation  maxPool2D(f32[3,28,28]) kernel [2,2] stride [2,2] low [0,0] high [0,0] dilation [1,1] countsPadding true ceilExtra [0,0]
            expected   images with 4 axes
            received   3 axes: f32[3,28,28]
            fix        images are [N, C, H, W]: add the missing axes
            """)
        expectShapeError(
            .maxPool2D(PoolAttributes(kernel: [2, 2], paddingLow: [2, 0])),
            [Types.f32(1, 1, 8, 8)],
            """
            operation  maxPool2D(f32[1,1,8,8]) kernel [2,2] stride [2,2] low [2,0] high [0,0] dilation [1,1] countsPadding true ceilExtra [0,0]
            expected   kernel, stride and dilation of 1 or more, padding that the window reaches past, and ceilExtra as part of it
            received   kernel [2,2] stride [2,2] low [2,0] high [0,0] dilation [1,1] countsPadding true ceilExtra [0,0]
            """)
        expectShapeError(
            .averagePool2D(PoolAttributes(kernel: [3, 3])),
            [Types.f32(1, 1, 5, 2)],
            """
            operation  averagePool2D(f32[1,1,5,2]) kernel [3,3] stride [3,3] low [0,0] high [0,0] dilation [1,1] countsPadding true ceilExtra [0,0]
            expected   width of at least 3 after padding, the reach of the window
            received   2
            fix        use a smaller kernel, padding, or a larger picture
            """)
        expectShapeError(
            .averagePool2D(PoolAttributes(kernel: [3, 3], ceilExtra: [1, 0])),
            [Types.f32(1, 1, 5, 5)],
            """
            operation  averagePool2D(f32[1,1,5,5]) kernel [3,3] stride [3,3] low [0,0] high [0,0] dilation [1,1] countsPadding true ceilExtra [1,0]
            expected   kernel, stride and dilation of 1 or more, padding that the window reaches past, and ceilExtra as part of it
            received   kernel [3,3] stride [3,3] low [0,0] high [0,0] dilation [1,1] countsPadding true ceilExtra [1,0]
            """)
        expectShapeError(
            .maxPool2DGradient(PoolAttributes(kernel: [2, 2])),
            [Types.f32(1, 1, 4, 4), Types.f32(1, 1, 4, 4)],
            """
            operation  maxPool2DGradient(f32[1,1,4,4], f32[1,1,4,4]) kernel [2,2] stride [2,2] low [0,0] high [0,0] dilation [1,1] countsPadding true ceilExtra [0,0]
            expected   a gradient of type f32[1,1,2,2]
            received   f32[1,1,4,4]
            """)
        expectShapeError(
            .maxPool2DTangent(PoolAttributes(kernel: [2, 2])),
            [Types.f32(1, 1, 4, 4), Types.f32(1, 1, 2, 2)],
            """
            operation  maxPool2DTangent(f32[1,1,4,4], f32[1,1,2,2]) kernel [2,2] stride [2,2] low [0,0] high [0,0] dilation [1,1] countsPadding true ceilExtra [0,0]
            expected   operands of one shape
            received   [1, 1, 4, 4] and [1, 1, 2, 2]
            """)
        expectShapeError(
            .averagePool2DGradient(PoolAttributes(kernel: [2, 2]), size: [4, 4]),
            [Types.f32(1, 1, 3, 2)],
            """
            operation  averagePool2DGradient(f32[1,1,3,2]) kernel [2,2] stride [2,2] low [0,0] high [0,0] dilation [1,1] countsPadding true ceilExtra [0,0] size [4,4]
            expected   a gradient of height and width [2, 2]
            received   [1, 1, 3, 2]
            """)
    }
}
