import MartletGraph

extension Tensor {
    /// The numbers.
    ///
    /// - Throws: `ModelError` for the mistake that the tensor carries, or inside a trace, where a
    ///   tensor has no numbers yet.
    public func host(file: StaticString = #fileID, line: UInt = #line) throws -> HostTensor {
        switch content {
        case .host(let numbers): return numbers
        case .literal(let value): return HostTensor(Float(value))
        case .poisoned(let poison): throw poison.error
        case .staged(let trace, let value):
            let site = CallSite(file, line)
            throw ModelError(
                function: "host()", operation: trace.nodeText(value),
                path: TraceContext.current.module,
                expected: "a tensor that holds numbers",
                received: "a value of a trace, known only when the plan runs",
                fix: "return it from the traced closure and read it afterwards",
                file: site?.file ?? "", line: site?.line ?? 0)
        }
    }

    /// The elements in row-major order.
    ///
    /// - Throws: `ModelError` as `host()` does, or when `Scalar` is not the element type.
    public func scalars<Scalar: TensorScalar>(
        as: Scalar.Type = Float.self, file: StaticString = #fileID, line: UInt = #line
    ) throws -> [Scalar] {
        let numbers = try host(file: file, line: line)
        guard let values = numbers.scalars(as: Scalar.self) else {
            let site = CallSite(file, line)
            throw ModelError(
                function: "scalars()", operation: "scalars(\(numbers.type))",
                expected: "elements of type \(Scalar.dataType.rawValue)",
                received: numbers.type.dtype.rawValue,
                fix: "convert first: x.cast(to: .\(Scalar.dataType))",
                file: site?.file ?? "", line: site?.line ?? 0)
        }
        return values
    }

    /// The only element, as a `Float`, whatever the element type.
    ///
    /// - Throws: `ModelError` as `host()` does, or when there is not exactly one element.
    public func item(file: StaticString = #fileID, line: UInt = #line) throws -> Float {
        let numbers = try host(file: file, line: line)
        guard numbers.type.elementCount == 1, let value = numbers.doubles.first else {
            let site = CallSite(file, line)
            throw ModelError(
                function: "item()", operation: "item(\(numbers.type))", expected: "one element",
                received: "\(numbers.type.elementCount)", fix: "reduce it first: x.mean()",
                file: site?.file ?? "", line: site?.line ?? 0)
        }
        return Float(value)
    }
}
