import MartletGraph

extension Tensor: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    /// One number of type f32, without axes.
    public init(floatLiteral value: Double) { self.init(Float(value)) }

    /// One number of type f32, without axes.
    public init(integerLiteral value: Int) { self.init(Float(value)) }
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
        let double = value.asDouble
        if isPoisoned { return self }
        if dtype.isFloatingPoint || double == double.rounded() {
            return Tensor(HostTensor(repeating: double, TensorType(dtype, [])))
        }
        return mistake(
            "number(\(type), \(double))", like: self,
            expected: "a whole number beside a tensor of \(dtype.rawValue)", received: "\(double)",
            fix: "convert first: x.cast(to: .float32)")
    }
}
