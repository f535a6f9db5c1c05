import MartletGraph

extension Tensor: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    /// One number without axes; beside another tensor it takes that one's element type, else f32.
    public init(floatLiteral value: Double) { self.init(content: .literal(value)) }

    /// One number without axes; beside another tensor it takes that one's element type, else f32.
    public init(integerLiteral value: Int) { self.init(content: .literal(Double(value))) }
}

extension Tensor: ExpressibleByArrayLiteral {
    /// Nested lists of f32 numbers, `[[1, 2], [3, 4]]`; all rows must have one shape.
    public init(arrayLiteral elements: Tensor...) {
        self = elements.isEmpty ? .zeros([0]) : stacked(elements, axis: 0)
    }
}

/// A Swift number that can stand beside a tensor; it takes the tensor's element type.
public protocol TensorNumber {
    /// The value as a `Double`.
    var asDouble: Double { get }
}

extension Int: TensorNumber { public var asDouble: Double { Double(self) } }
extension Float: TensorNumber { public var asDouble: Double { Double(self) } }
extension Double: TensorNumber { public var asDouble: Double { self } }

extension Tensor {
    /// One number in this tensor's element type, without axes.
    func number(_ value: some TensorNumber) -> Tensor {
        number(value.asDouble)
    }

    private func number(_ double: Double) -> Tensor {
        if isPoisoned { return self }
        // Beside a literal a number has no element type yet either.
        if isLiteral { return Tensor(content: .literal(double)) }
        if dtype.isFloatingPoint || double == double.rounded() {
            return Tensor(HostTensor(repeating: double, TensorType(dtype, [])))
        }
        return mistake(
            "number(\(type), \(double))", like: self,
            expected: "a whole number beside a tensor of \(dtype.rawValue)", received: "\(double)",
            fix: "convert first: x.cast(to: .float32)")
    }

    /// The operands with literals in the element type of the first that is none.
    static func resolvingLiterals(_ operands: [Tensor]) -> [Tensor] {
        guard let model = operands.first(where: { !$0.isLiteral }) else { return operands }
        return operands.map { operand in
            if case .literal(let value) = operand.content { model.number(value) } else { operand }
        }
    }

    private var isLiteral: Bool {
        if case .literal = content { true } else { false }
    }
}
