import Martlet
import MartletFormats
import MartletGraph
import MartletReference

extension ONNXLowering {
    /// Operations that move numbers about; `nil` for others.
    mutating func shapeOperator(_ node: Node, _ value: Value) throws -> String? {
        switch node.op {
        case .reshape: return try reshape(node, value)
        case .broadcast: return try expand(node, value)
        case .transpose(let order):
            return try single("Transpose", node, value, ["perm": .integers(order)])
        case .concatenate(let axis):
            var inputs: [String] = []
            for input in node.inputs { inputs.append(try name(input)) }
            return emit("Concat", inputs, ["axis": .integer(axis)], at: value)
        case .slice(let box): return try slice(box, node, value)
        case .reverse(let axes):
            let x = try name(node.inputs[0])
            let ones = axes.map { _ in -1 }
            // An end before the beginning, as far as it goes.
            return emit(
                "Slice",
                [
                    x, constant(ones), constant(axes.map { _ in Int(Int32.min) }), constant(axes),
                    constant(ones),
                ], at: value)
        case .pad(let padding): return try pad(padding, node, value)
        case .iota(let type, _):
            guard try !sizes(of: value).contains(where: { $0.isBatch }) else {
                throw refused(value, "counting that does not depend on the batch", "\(type)")
            }
            return constant(try Interpreter.evaluate(node.op, [], type: type))
        default: return nil
        }
    }

    /// At most one size may depend on the batch; it is left open.
    private mutating func reshape(_ node: Node, _ value: Value) throws -> String {
        let sizes = try sizes(of: value)
        guard sizes.count(where: { $0.isBatch }) <= 1, !node.type.shape.contains(0) else {
            throw refused(value, "one size that depends on the batch", "\(sizes)")
        }
        let x = try name(node.inputs[0])
        let shape = sizes.map { size -> Int in
            if case .fixed(let size) = size { return size }
            return -1
        }
        return emit("Reshape", [x, constant(shape)], at: value)
    }

    /// A repetition in full; a size of 1 in ONNX's shape keeps the operand's own.
    private mutating func expand(_ node: Node, _ value: Value) throws -> String {
        let from = try sizes(of: node.inputs[0])
        let wanted = try sizes(of: value)
        let x = try name(node.inputs[0])
        var shape: [Int] = []
        for (axis, size) in wanted.enumerated() {
            let place = axis - (wanted.count - from.count)
            switch size {
            case .fixed(let size): shape.append(size)
            case .batch where place >= 0 && from[place] == size: shape.append(1)
            case .batch: throw refused(value, "repetition up to a fixed size", "up to the batch")
            }
        }
        return emit("Expand", [x, constant(shape)], at: value)
    }

    private mutating func slice(
        _ box: SliceAttributes, _ node: Node, _ value: Value
    ) throws -> String {
        guard case .slice(let otherBox) = other[value].op else {
            throw refused(value, "the same operation for every batch", "another")
        }
        let (shape, otherShape) = (
            graph[node.inputs[0]].type.shape, other[node.inputs[0]].type.shape
        )
        var (starts, ends, axes, steps) = ([Int](), [Int](), [Int](), [Int]())
        for axis in shape.indices {
            let range = (box.starts[axis], box.limits[axis], box.strides[axis])
            let otherRange = (
                otherBox.starts[axis], otherBox.limits[axis], otherBox.strides[axis]
            )
            if range == (0, shape[axis], 1), otherRange == (0, otherShape[axis], 1) { continue }
            guard range == otherRange else {
                throw refused(
                    value, "a range that does not depend on the batch", "\(range.0) ..< \(range.1)")
            }
            starts.append(range.0)
            ends.append(range.1)
            axes.append(axis)
            steps.append(range.2)
        }
        let x = try name(node.inputs[0])
        if axes.isEmpty { return emit("Identity", [x], at: value) }
        return emit(
            "Slice", [x, constant(starts), constant(ends), constant(axes), constant(steps)],
            at: value)
    }

    private mutating func pad(
        _ padding: PadAttributes, _ node: Node, _ value: Value
    ) throws -> String {
        guard padding.interior.allSatisfy({ $0 == 0 }), other[value].op == node.op else {
            throw refused(value, "a border without gaps inside", "\(padding.interior)")
        }
        let x = try name(node.inputs[0])
        let pads = constant(padding.low + padding.high)
        return emit("Pad", [x, pads, constant(padding.value, node.type.dtype)], at: value)
    }
}

extension ONNXLowering.Size {
    fileprivate var isBatch: Bool {
        if case .batch = self { return true }
        return false
    }
}
