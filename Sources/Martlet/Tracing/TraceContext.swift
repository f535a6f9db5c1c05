import MartletGraph

/// What surrounds the code that is running: the trace, the module and the outermost function.
///
/// Tracing is synchronous, so a context never crosses a suspension; that is why the trace may be
/// reached through a task-local value although it is not safe for concurrent use.
struct TraceContext: @unchecked Sendable {
    /// A named function that the user called.
    struct Call: Sendable {
        var name: String
        var site: CallSite?
    }

    @TaskLocal static var current = TraceContext()

    var trace: Trace?
    var module = ""
    var call: Call?

    /// Runs `body` with a changed context.
    static func with<Result>(
        _ change: (inout TraceContext) -> Void, _ body: () throws -> Result
    ) rethrows -> Result {
        var context = current
        change(&context)
        return try $current.withValue(context, operation: body)
    }

    /// The error for a mistake that was made now, with the user's line.
    func error(_ mistake: ShapeError) -> ModelError {
        let name = mistake.operation.split(separator: "(").first.map(String.init) ?? ""
        let site = trace?.isProbe == true ? nil : call?.site ?? CallSite.onStack()
        return ModelError(
            function: call?.name ?? name, operation: mistake.operation, path: module,
            expected: mistake.expected, received: mistake.received, fix: mistake.fix,
            file: site?.file ?? "", line: site?.line ?? 0)
    }

    /// Records a mistake and makes the tensor that silences what follows.
    func poison(_ mistake: ShapeError, _ type: TensorType) -> Tensor {
        if let known = trace?.error { return Tensor(poison: known, type) }
        let error = error(mistake)
        trace?.error = error
        return Tensor(poison: error, type)
    }
}

/// Runs the body of a function that users call by name; errors inside tell its name and its caller.
func named<Result>(
    _ name: String, _ file: StaticString = #fileID, _ line: UInt = #line, _ body: () -> Result
) -> Result {
    if TraceContext.current.call != nil { return body() }
    let call = TraceContext.Call(name: name, site: CallSite(file, line))
    return TraceContext.with({ $0.call = call }, body)
}

/// The tensor for a mistake that no single operation would notice.
func mistake(
    _ operation: String, like tensor: Tensor, expected: String, received: String, fix: String = ""
) -> Tensor {
    if tensor.isPoisoned { return tensor }
    return TraceContext.current.poison(
        ShapeError(operation: operation, expected: expected, received: received, fix: fix),
        tensor.type)
}
