import MartletGraph

/// Traces a model on inputs that nothing will run, to see what fits and what comes out.
struct InputProbe {
    let discovery: Discovery
    var mode = TraceMode.inference

    /// What traces: the model's calls on the input, and other inputs of the trace.
    typealias Body = (Trace, Tensor) throws -> [Tensor]

    /// Traces `body`, lets `read` look at the trace, and takes back what the trace has fixed.
    ///
    /// - Throws: `ModelError` for the first mistake.
    func traced<Result>(
        _ type: TensorType, _ body: Body, read: (Trace, [Tensor]) throws -> Result
    ) throws -> Result {
        let trace = Trace(
            name: "probe", mode: mode,
            parameters: ParameterUse(discovery, seed: 0, makesValues: false), isProbe: true)
        trace.setGenerator { [unowned trace] in trace.generatorVariable() }
        defer { trace.parameters.rollBack() }
        let x = trace.input("x", type)
        let results = try trace.run { try body(trace, x) }
        if let error = trace.error ?? results.lazy.compactMap(\.error).first { throw error }
        return try read(trace, results)
    }

    /// Whether the model takes inputs of a type.
    func takes(_ type: TensorType, _ body: Body) -> Bool {
        (try? traced(type, body) { _, _ in true }) ?? false
    }

    /// The error of a layer that cannot take pictures of type `x`, with pictures that it can take.
    ///
    /// Looks at heights and widths around the given ones, then at one and three channels.
    func withFittingInput(_ error: any Error, _ x: TensorType, _ body: Body) -> any Error {
        guard var error = error as? ModelError, !error.path.isEmpty, x.rank == 4,
            x.shape.allSatisfy({ (1...1 << 12).contains($0) }),
            let fitting = fittingShape(x, body)
        else { return error }
        let advice = "give pictures of \(picture(fitting)) instead of \(picture(x.shape))"
        error.fix = error.fix.isEmpty ? advice : "\(advice), or \(error.fix)"
        return error
    }

    private func fittingShape(_ x: TensorType, _ body: Body) -> [Int]? {
        for channels in [x.shape[1], 1, 3] {
            func shape(_ change: Int) -> [Int] {
                [x.shape[0], channels, x.shape[2] + change, x.shape[3] + change]
            }
            func fits(_ change: Int) -> Bool {
                shape(change)[2...].allSatisfy { $0 > 0 }
                    && takes(x.with(shape: shape(change)), body)
            }
            let changes = (0...64).flatMap { $0 == 0 ? [0] : [-$0, $0] }
            guard var change = changes.first(where: fits) else { continue }
            // Pooling drops what is left over, so several sizes fit; the smallest loses nothing.
            while fits(change - 1) { change -= 1 }
            return shape(change)
        }
        return nil
    }

    private func picture(_ shape: [Int]) -> String {
        shape.dropFirst().map(String.init).joined(separator: "×")
    }
}
