import MartletFormats
import MartletGraph

/// A node with its operands: what the operator rules ask about it.
struct ONNXUse {
    let node: ONNXNode
    let inputs: [ONNXImporter.Operand?]
    /// The version of ONNX's operators in the model.
    let version: Int
    let file: String
    /// The node's number, operator and name, for messages.
    let place: String

    /// An error about this node.
    func refused(
        _ expected: String, _ found: String, _ kind: FormatError.Kind = .unsupported,
        fix: String = ""
    ) -> FormatError {
        FormatError(
            kind, file: file, place: place, expected: expected, found: found, fix: fix)
    }

    /// An operand that must be there.
    func input(_ index: Int) throws(FormatError) -> ONNXImporter.Operand {
        guard inputs.indices.contains(index), let operand = inputs[index] else {
            throw refused("operand \(index)", "none", .malformed)
        }
        return operand
    }

    /// An operand that may be left out.
    func optional(_ index: Int) -> ONNXImporter.Operand? {
        inputs.indices.contains(index) ? inputs[index] : nil
    }

    /// The whole numbers of an operand that must be known while reading.
    func integers(input index: Int) throws(FormatError) -> [Int] {
        let operand = try input(index)
        guard let constant = operand.constant else {
            throw refused(
                "operand \(index) known without running the model",
                "the value \(operand.name) that depends on the input")
        }
        guard constant.type.dtype.isInteger, constant.type.elementCount <= 4096 else {
            throw refused("whole numbers as operand \(index)", "\(constant.type)", .malformed)
        }
        return constant.doubles.map { Int(clampingOrZero: $0) }
    }

    /// The number of an operand that must be known while reading, `nil` when it is left out.
    func number(input index: Int) throws(FormatError) -> Double? {
        guard let operand = optional(index) else { return nil }
        guard let constant = operand.constant, constant.type.elementCount == 1 else {
            throw refused(
                "one number, known without running the model, as operand \(index)",
                "\(operand.type)")
        }
        return constant.doubles.first
    }

    /// A setting that is a whole number.
    func integer(_ name: String) throws(FormatError) -> Int? {
        switch node.attributes[name] {
        case nil: return nil
        case .integer(let value): return value
        default: throw refused("a whole number as \(name)", "another kind", .malformed)
        }
    }

    /// A setting that is a list of whole numbers.
    func integers(_ name: String) throws(FormatError) -> [Int]? {
        switch node.attributes[name] {
        case nil: return nil
        case .integers(let values): return values
        default: throw refused("whole numbers as \(name)", "another kind", .malformed)
        }
    }

    /// A setting that is a number.
    func float(_ name: String, _ fallback: Double) throws(FormatError) -> Double {
        switch node.attributes[name] {
        case nil: return fallback
        // The shortest decimal number, so that 0.01 is not 0.009999999776.
        case .float(let value): return Double(value.description) ?? Double(value)
        default: throw refused("a number as \(name)", "another kind", .malformed)
        }
    }

    /// A setting that is a text.
    func text(_ name: String) throws(FormatError) -> String? {
        switch node.attributes[name] {
        case nil: return nil
        case .text(let value): return value
        default: throw refused("a text as \(name)", "another kind", .malformed)
        }
    }

    /// Whether a whole-number setting is not zero.
    func flag(_ name: String, _ fallback: Bool = false) throws(FormatError) -> Bool {
        try integer(name).map { $0 != 0 } ?? fallback
    }

    /// An axis counted from the front.
    func axis(_ axis: Int, rank: Int) throws(FormatError) -> Int {
        let result = axis < 0 ? axis + rank : axis
        guard (0..<rank).contains(result) else {
            throw refused("an axis from \(-rank) to \(rank - 1)", "\(axis)", .malformed)
        }
        return result
    }

    /// Axes counted from the front, ascending and without repeats.
    func axes(_ axes: [Int], rank: Int) throws(FormatError) -> [Int] {
        var result: [Int] = []
        for axis in axes { result.append(try self.axis(axis, rank: rank)) }
        guard Set(result).count == result.count else {
            throw refused("every axis once", "\(axes)", .malformed)
        }
        return result.sorted()
    }

    /// Axes as a setting of older operator sets or an operand of newer ones.
    func axes(operand index: Int) throws(FormatError) -> [Int]? {
        if let axes = try integers("axes") { return axes }
        return optional(index) == nil ? nil : try integers(input: index)
    }

    /// Throws when someone uses a result beyond the first.
    func requireOneResult() throws(FormatError) {
        if let extra = node.outputs.dropFirst().first(where: { !$0.isEmpty }) {
            throw refused("one result", "a use of the result \(extra)")
        }
    }
}
