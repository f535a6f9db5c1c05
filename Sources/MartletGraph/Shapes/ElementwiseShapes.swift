extension ShapeRule {
    func iota(_ type: TensorType, _ axis: Int) throws(ShapeError) -> TensorType {
        try require(axis: axis, of: type)
        guard type.dtype != .bool else {
            throw error(expected: "a type of numbers", received: "bool")
        }
        return type
    }

    func random(_ type: TensorType) throws(ShapeError) -> TensorType {
        try requireFloat(type)
        guard inputs[0] == TensorType(.int64, [2]) else {
            throw error(expected: "a key of type i64[2]", received: "\(inputs[0])")
        }
        return type
    }

    func unary(_ op: UnaryOp) throws(ShapeError) -> TensorType {
        let type = inputs[0]
        switch op {
        case .logicalNot:
            guard type.dtype == .bool else {
                throw error(expected: "truth values (bool)", received: "\(type)")
            }
        case .negate, .abs, .sign, .relu:
            guard type.dtype != .bool else {
                throw error(
                    expected: "numbers", received: "\(type)",
                    fix: "convert first: x.cast(to: .float32)")
            }
        default: try requireFloat(type)
        }
        return type
    }

    func binary(_ op: BinaryOp) throws(ShapeError) -> TensorType {
        try requireSame(inputs[0], inputs[1])
        let type = inputs[0]
        switch op {
        case .logicalAnd, .logicalOr:
            guard type.dtype == .bool else {
                throw error(expected: "truth values (bool)", received: "\(type)")
            }
        case .power: try requireFloat(type)
        default:
            guard type.dtype != .bool else {
                throw error(
                    expected: "numbers", received: "\(type)",
                    fix: "convert first: x.cast(to: .float32)")
            }
        }
        return type
    }

    func compare() throws(ShapeError) -> TensorType {
        try requireSame(inputs[0], inputs[1])
        return inputs[0].with(dtype: .bool)
    }

    func select() throws(ShapeError) -> TensorType {
        guard inputs[0].dtype == .bool else {
            throw error(
                expected: "a condition of type bool", received: "\(inputs[0])",
                fix: "compare first: x .> 0")
        }
        try requireSame(inputs[1], inputs[2])
        guard inputs[0].shape == inputs[1].shape else {
            throw error(
                expected: "a condition of the shape \(inputs[1].shape)",
                received: "\(inputs[0].shape)")
        }
        return inputs[1]
    }
}
