import MartletFormats
import MartletGraph

extension ONNXImporter {
    /// Operators that move numbers about or tell shapes; `nil` for others.
    mutating func shapeOperator(_ kind: String, _ use: ONNXUse) throws -> [Operand]? {
        switch kind {
        case "Identity": return [try use.input(0)]
        case "Dropout":
            if let isTraining = try use.number(input: 2), isTraining != 0 {
                throw use.refused("dropout for use", "the form for training")
            }
            try use.requireOneResult()
            return [try use.input(0)]
        case "Constant": return [operand(try constant(use))]
        case "ConstantOfShape": return [operand(try filled(use))]
        case "Shape": return [operand(try shape(use))]
        case "Reshape": return [operand(try reshape(use))]
        case "Flatten":
            let x = value(try use.input(0))
            let shape = builder.type(x).shape
            let axis = try use.integer("axis") ?? 1
            let place = axis == shape.count ? axis : try use.axis(axis, rank: max(1, shape.count))
            let flat = [shape[..<place].reduce(1, *), shape[place...].reduce(1, *)]
            return [operand(try builder.append(.reshape(flat), [x]))]
        case "Transpose":
            let x = value(try use.input(0))
            let order = try use.integers("perm") ?? (0..<builder.type(x).rank).reversed()
            return [operand(try builder.append(.transpose(order), [x]))]
        case "Squeeze", "Unsqueeze": return [operand(try unitAxes(use))]
        case "Concat":
            let values = try use.inputs.indices.map { value(try use.input($0)) }
            let rank = try use.input(0).type.rank
            let axis = try use.axis(try use.integer("axis") ?? 0, rank: rank)
            return [operand(try builder.append(.concatenate(axis: axis), values))]
        case "Expand":
            let x = value(try use.input(0))
            let wanted = try use.integers(input: 1)
            let shape = try commonShape([builder.type(x).shape, wanted])
            return [operand(try broadcast(x, to: shape))]
        case "Cast":
            let code = try use.integer("to") ?? 0
            guard let dtype = ONNXElement(rawValue: code).dtype else {
                throw use.refused("an element type", "\(ONNXElement(rawValue: code))")
            }
            let x = value(try use.input(0))
            return [operand(try builder.append(.cast(dtype), [x]))]
        case "Gather": return [operand(try gather(use))]
        case "Slice": return [operand(try slice(use))]
        case "Pad": return [operand(try pad(use))]
        case "Split": return try split(use)
        default: return nil
        }
    }

    private func constant(_ use: ONNXUse) throws(FormatError) -> HostTensor {
        for name in ["value", "value_float", "value_int", "value_floats", "value_ints"] {
            switch use.node.attributes[name] {
            case .tensor(let tensor): return tensor.value
            case .float(let value): return HostTensor(value)
            case .integer(let value): return HostTensor(Int64(value))
            case .floats(let values): return HostTensor(values, shape: [values.count])
            case .integers(let values):
                return HostTensor(values.map { Int64($0) }, shape: [values.count])
            default: continue
            }
        }
        throw use.refused(
            "numbers", use.node.attributes.keys.sorted().joined(separator: ", "))
    }

    /// One number repeated over a shape.
    private mutating func filled(_ use: ONNXUse) throws -> Value {
        var number = HostTensor(Float(0))
        if case .tensor(let tensor) = use.node.attributes["value"] { number = tensor.value }
        guard number.type.elementCount == 1 else {
            throw use.refused("one number", "\(number.type)", .malformed)
        }
        let shape = try use.integers(input: 0)
        let scalar = builder.constant(number.reshaped([]))
        return try builder.append(.broadcast(shape), [scalar])
    }

    private func shape(_ use: ONNXUse) throws(FormatError) -> HostTensor {
        let sizes = try use.input(0).type.shape
        func bound(_ name: String, _ fallback: Int) throws(FormatError) -> Int {
            let place = try use.integer(name) ?? fallback
            return min(max(place < 0 ? place + sizes.count : place, 0), sizes.count)
        }
        let start = try bound("start", 0)
        let part = sizes[start..<max(start, try bound("end", sizes.count))]
        return HostTensor(part.map { Int64($0) }, shape: [part.count])
    }

    /// 0 keeps a size, -1 takes what is left.
    private mutating func reshape(_ use: ONNXUse) throws -> Value {
        let x = value(try use.input(0))
        let type = builder.type(x)
        var shape = try use.integers(input: 1)
        if try !use.flag("allowzero") {
            for (axis, size) in shape.enumerated() where size == 0 {
                guard axis < type.rank else {
                    throw use.refused("a size for axis \(axis)", "0", .malformed)
                }
                shape[axis] = type.shape[axis]
            }
        }
        if let open = shape.firstIndex(of: -1) {
            shape[open] = 1
            let rest = TensorType(type.dtype, shape)
            guard rest.isRepresentable, rest.elementCount > 0,
                type.elementCount % rest.elementCount == 0
            else {
                throw use.refused(
                    "a shape of \(type.elementCount) elements", "\(shape)", .malformed)
            }
            shape[open] = type.elementCount / rest.elementCount
        }
        return try builder.append(.reshape(shape), [x])
    }

    /// Takes axes of size 1 away, or adds them.
    private mutating func unitAxes(_ use: ONNXUse) throws -> Value {
        let x = value(try use.input(0))
        var shape = builder.type(x).shape
        let given = try use.axes(operand: 1)
        if use.node.kind == "Unsqueeze" {
            guard let given, given.count <= 32 else {
                throw use.refused("axes to add", "none", .malformed)
            }
            for axis in try use.axes(given, rank: shape.count + given.count) {
                shape.insert(1, at: axis)
            }
        } else {
            let axes =
                try given.map { try use.axes($0, rank: shape.count) }
                ?? shape.indices.filter { shape[$0] == 1 }
            for axis in axes.reversed() {
                guard shape[axis] == 1 else {
                    throw use.refused("size 1 on axis \(axis)", "\(shape[axis])", .malformed)
                }
                shape.remove(at: axis)
            }
        }
        return try builder.append(.reshape(shape), [x])
    }

    /// Rows by number; numbers below zero count from the end.
    private mutating func gather(_ use: ONNXUse) throws -> Value {
        let x = value(try use.input(0))
        let rank = builder.type(x).rank
        let axis = try use.axis(try use.integer("axis") ?? 0, rank: rank)
        let size = builder.type(x).shape[axis]
        if let constant = try use.input(1).constant {
            let isInside = constant.doubles.allSatisfy { $0 >= -Double(size) && $0 < Double(size) }
            guard isInside else {
                throw use.refused("numbers below \(size)", "another", .malformed)
            }
        }
        let indices = value(try use.input(1))
        let isNegative = try builder.append(
            .compare(.less), [indices, builder.constant(0, like: indices)])
        let fromEnd = try shifted(indices, Double(size))
        let places = try builder.append(.select, [isNegative, fromEnd, indices])
        return try builder.append(.gather(axis: axis), [x, places])
    }

    /// Ranges as settings before operator set 10, as operands since.
    private mutating func slice(_ use: ONNXUse) throws -> Value {
        let isOld = use.version < 10
        let starts = isOld ? try use.integers("starts") ?? [] : try use.integers(input: 1)
        let ends = isOld ? try use.integers("ends") ?? [] : try use.integers(input: 2)
        let given =
            isOld
            ? try use.integers("axes") : use.optional(3) == nil ? nil : try use.integers(input: 3)
        let steps =
            isOld || use.optional(4) == nil
            ? starts.map { _ in 1 } : try use.integers(input: 4)
        let x = value(try use.input(0))
        let shape = builder.type(x).shape
        let axes = given ?? Array(starts.indices)
        guard starts.count == ends.count, axes.count == starts.count, steps.count == starts.count
        else {
            throw use.refused("as many ends, axes and steps as starts", "\(starts)", .malformed)
        }
        var box = SliceAttributes(
            starts: shape.map { _ in 0 }, limits: shape, strides: shape.map { _ in 1 })
        var turned: [Int] = []
        for (index, axis) in axes.enumerated() {
            let axis = try use.axis(axis, rank: shape.count)
            let (size, step) = (shape[axis], steps[index])
            guard step != 0, (-(1 << 30)...1 << 30).contains(step) else {
                throw use.refused("a step other than 0", "\(step)", .malformed)
            }
            func held(_ place: Int, _ range: ClosedRange<Int>) -> Int {
                let place = place < 0 ? max(place, -1 << 40) + size : place
                return min(max(place, range.lowerBound), range.upperBound)
            }
            if step > 0 {
                let start = held(starts[index], 0...size)
                box.starts[axis] = start
                box.limits[axis] = max(start, held(ends[index], 0...size))
                box.strides[axis] = step
            } else {
                let last = held(starts[index], -1...size - 1)
                let end = held(ends[index], -1...size - 1)
                let count = last > end ? (last - end - 1) / -step + 1 : 0
                box.starts[axis] = count == 0 ? 0 : last + (count - 1) * step
                box.limits[axis] = count == 0 ? 0 : last + 1
                box.strides[axis] = -step
                turned.append(axis)
            }
        }
        let part = try builder.append(.slice(box), [x])
        return turned.isEmpty ? part : try builder.append(.reverse(turned.sorted()), [part])
    }

    /// Borders of one number; as settings before operator set 11, as operands since.
    private mutating func pad(_ use: ONNXUse) throws -> Value {
        let mode = try use.text("mode") ?? "constant"
        guard mode == "constant" else { throw use.refused("a border of one number", mode) }
        let isOld = use.version < 11
        let pads = isOld ? try use.integers("pads") ?? [] : try use.integers(input: 1)
        let number = isOld ? try use.float("value", 0) : try use.number(input: 2) ?? 0
        let x = value(try use.input(0))
        let rank = builder.type(x).rank
        let given = use.optional(3) == nil ? Array(0..<rank) : try use.integers(input: 3)
        guard pads.count == 2 * given.count, pads.allSatisfy({ $0 >= 0 }) else {
            throw use.refused("\(2 * given.count) borders of 0 or more", "\(pads)")
        }
        var (low, high) = ([Int](repeating: 0, count: rank), [Int](repeating: 0, count: rank))
        for (index, axis) in given.enumerated() {
            let axis = try use.axis(axis, rank: rank)
            (low[axis], high[axis]) = (pads[index], pads[given.count + index])
        }
        let attributes = PadAttributes(
            low: low, high: high, interior: low.map { _ in 0 }, value: number)
        return try builder.append(.pad(attributes), [x])
    }

    private mutating func split(_ use: ONNXUse) throws -> [Operand] {
        let x = value(try use.input(0))
        let shape = builder.type(x).shape
        let axis = try use.axis(try use.integer("axis") ?? 0, rank: shape.count)
        let count = use.node.outputs.count
        var sizes = try use.integers("split") ?? []
        if use.optional(1) != nil { sizes = try use.integers(input: 1) }
        if sizes.isEmpty {
            let size = (shape[axis] + count - 1) / max(1, count)
            sizes = (0..<count).map { max(0, min(size, shape[axis] - $0 * size)) }
        }
        guard sizes.count == count, sizes.allSatisfy((0...shape[axis]).contains),
            sizes.reduce(0, +) == shape[axis]
        else {
            throw use.refused(
                "\(count) sizes that add up to \(shape[axis])", "\(sizes)", .malformed)
        }
        var results: [Operand] = []
        var start = 0
        for size in sizes {
            var box = SliceAttributes(
                starts: shape.map { _ in 0 }, limits: shape, strides: shape.map { _ in 1 })
            (box.starts[axis], box.limits[axis]) = (start, start + size)
            results.append(operand(try builder.append(.slice(box), [x])))
            start += size
        }
        return results
    }
}
