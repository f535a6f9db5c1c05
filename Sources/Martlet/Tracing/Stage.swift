import MartletGraph

/// Appends an operation to the current trace, or runs it now when there is none.
///
/// A mistake gives a poisoned tensor; poisoned operands give a poisoned result.
func apply(_ op: Op, _ operands: Tensor...) -> Tensor { apply(op, operands) }

/// The same for a list of operands.
func apply(_ op: Op, _ operands: [Tensor]) -> Tensor {
    let context = TraceContext.current
    for operand in operands {
        guard case .poisoned(let poison) = operand.content else { continue }
        if let trace = context.trace, trace.error == nil { trace.error = poison.error }
        return operand
    }
    let types = operands.map(\.type)
    let result: TensorType
    do {
        result = try op.resultType(types)
    } catch {
        return context.poison(error, types.first ?? TensorType(.float32, []))
    }
    guard let trace = context.trace else { return runNow(op, operands, result, context) }
    var values: [Value] = []
    for operand in operands {
        guard let value = trace.value(of: operand) else {
            return context.poison(escaped(op, types), result)
        }
        values.append(value)
    }
    do {
        return Tensor(trace, try trace.append(op, values, context))
    } catch {
        return context.poison(error, result)
    }
}

private func runNow(
    _ op: Op, _ operands: [Tensor], _ result: TensorType, _ context: TraceContext
) -> Tensor {
    var numbers: [HostTensor] = []
    for operand in operands {
        guard let host = operand.numbers else {
            return context.poison(escaped(op, operands.map(\.type)), result)
        }
        numbers.append(host)
    }
    do {
        return Tensor(try EagerRunner.run(op, numbers, result))
    } catch {
        let problem = ShapeError(
            operation: "\(op.name)(\(operands.map(\.type.description).joined(separator: ", ")))",
            expected: "an engine that runs this", received: "\(error)")
        return context.poison(problem, result)
    }
}

private func escaped(_ op: Op, _ types: [TensorType]) -> ShapeError {
    ShapeError(
        operation: "\(op.name)(\(types.map(\.description).joined(separator: ", ")))",
        expected: "numbers, or tensors of the trace that is running",
        received: "a tensor that another trace left behind",
        fix: "return it from the traced closure, or pass it in as an input")
}

extension Trace {
    /// The node of a tensor: its own, or a constant for numbers; `nil` for another trace's tensor.
    func value(of tensor: Tensor) -> Value? {
        switch tensor.content {
        case .host(let numbers): constant(numbers)
        case .literal(let value): constant(HostTensor(Float(value)))
        case .staged(let trace, let value): trace === self ? value : nil
        case .poisoned: nil
        }
    }
}
