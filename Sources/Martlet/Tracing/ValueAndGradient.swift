import MartletCompiler
import MartletGraph

/// The value of a function and its gradients at some tensors.
///
///     let (value, gradients) = try valueAndGradient(at: [x, w]) { matmul($0[0], $0[1]).sum() }
///
/// Inside a trace the gradients become part of it, so that gradients of gradients work.
///
/// - Parameters:
///   - tensors: Where the function is evaluated.
///   - mode: Whether dropout and batch normalisation take their training form.
///   - seed: Where dropout and other random operations start.
///   - engine: `Engines.current()` unless given.
///   - body: The function; its result is one number.
/// - Throws: `ModelError` for a mistake in `body`, or a result that is not one floating-point number.
public func valueAndGradient(
    at tensors: [Tensor], mode: TraceMode = .training, seed: Int = 0,
    engine: (any Engine)? = nil, of body: ([Tensor]) throws -> Tensor
) throws -> (value: Tensor, gradients: [Tensor]) {
    if let trace = TraceContext.current.trace {
        return try stagedGradient(trace, tensors, body)
    }
    let numbers = try tensors.map { try $0.host() }
    let trace = Trace(name: "valueAndGradient", mode: mode)
    trace.setGenerator { [unowned trace] in
        trace.constant(HostTensor([Int64(seed), 0], shape: [2]))
    }
    let inputs = numbers.enumerated().map { trace.input("input\($0)", $1.type) }
    let (loss, gradients) = try trace.run {
        let loss = try body(inputs)
        return (loss, try trace.gradients(of: loss, by: inputs))
    }
    let outputs = [loss] + gradients
    let graph = try trace.finish(outputs: outputs.enumerated().map { ("output\($0)", $1) })
    let engine = try engine ?? Engines.current()
    let executable = try engine.compile(graph, store: engine.makeStore())
    let results = try executable(numbers).map { Tensor($0) }
    return (results[0], Array(results.dropFirst()))
}

/// The value and the gradient of a function of one tensor.
public func valueAndGradient(
    at tensor: Tensor, mode: TraceMode = .training, seed: Int = 0, engine: (any Engine)? = nil,
    of body: (Tensor) throws -> Tensor
) throws -> (value: Tensor, gradient: Tensor) {
    let (value, gradients) = try valueAndGradient(
        at: [tensor], mode: mode, seed: seed, engine: engine
    ) { try body($0[0]) }
    return (value, gradients[0])
}

/// Differentiates inside the running trace, by copies of the tensors that only `body` sees.
private func stagedGradient(
    _ trace: Trace, _ tensors: [Tensor], _ body: ([Tensor]) throws -> Tensor
) throws -> (value: Tensor, gradients: [Tensor]) {
    let copies = tensors.map { tensor -> Tensor in
        guard let value = trace.value(of: tensor) else { return tensor }
        return Tensor(trace, trace.builder.emit(.reshape(tensor.shape), value))
    }
    let loss = try body(copies)
    return (loss, try trace.gradients(of: loss, by: copies))
}

extension Trace {
    /// Appends the gradients of `loss`; zeros where it does not depend on a tensor.
    func gradients(of loss: Tensor, by tensors: [Tensor]) throws(ModelError) -> [Tensor] {
        let value = try lossValue(loss)
        var values: [Value] = []
        for (index, tensor) in tensors.enumerated() {
            values.append(try result(tensor, "tensor \(index)"))
        }
        let gradients = builder.gradients(of: value, wrt: values)
        return zip(gradients, tensors).map { gradient, tensor in
            gradient.map { Tensor(self, $0) }
                ?? Tensor(HostTensor(repeating: 0, tensor.type.with(shape: [])))
                .broadcast(to: tensor.shape)
        }
    }

    /// The node of a loss, which must be one floating-point number.
    func lossValue(_ loss: Tensor) throws(ModelError) -> Value {
        let value = try result(loss, "loss")
        guard loss.type.rank == 0, loss.dtype.isFloatingPoint else {
            throw ModelError(
                function: builder.graph.name, operation: nodeText(value),
                expected: "a loss that is one floating-point number, f32[]",
                received: "\(loss.type)",
                fix: loss.dtype.isFloatingPoint ? "reduce it: .mean() or .sum()" : "")
        }
        return value
    }

    func nodeText(_ value: Value) -> String {
        let node = builder.graph[value]
        let path = node.origin.path.isEmpty ? node.op.name : node.origin.path
        return "%\(value.index) \(path) \(node.type)"
    }
}
