import MartletCompiler
import MartletGraph
import MartletReference
import Synchronization

/// Runs single operations outside traces.
///
/// Large products and convolutions go through a one-operation plan of the current engine, which is
/// kept; everything else is interpreted at once.
enum EagerRunner {
    private struct Key: Hashable, Sendable {
        var op: Op
        var types: [TensorType]
    }

    /// A plan with its memory; only the caller that took it out of the cache uses it.
    private final class Plan: @unchecked Sendable {
        let executable: any Executable
        init(_ executable: any Executable) { self.executable = executable }
    }

    private static let plans = Mutex<[Key: Plan]>([:])
    private static let limit = 64
    private static let smallWork = 1 << 16

    /// The result of `op`, of type `result`, on `operands`.
    static func run(_ op: Op, _ operands: [HostTensor], _ result: TensorType) throws -> HostTensor {
        if case .reshape(let shape) = op { return operands[0].reshaped(shape) }
        guard isHeavy(op, operands) else {
            return try Interpreter.evaluate(op, operands, type: result)
        }
        let key = Key(op: op, types: operands.map(\.type))
        let kept = plans.withLock { $0.removeValue(forKey: key) }
        let plan = try kept ?? compile(key)
        let results = try plan.executable(operands)
        plans.withLock { plans in
            if plans.count >= limit { plans.removeAll() }
            plans[key] = plan
        }
        return results[0]
    }

    private static func compile(_ key: Key) throws -> Plan {
        var builder = GraphBuilder(name: key.op.name)
        let inputs = key.types.enumerated().map { builder.input("operand\($0)", $1) }
        let value = try builder.append(key.op, inputs)
        builder.graph.outputs = [Graph.Output("result", value)]
        let engine = try Engines.current()
        return Plan(try engine.compile(builder.graph, store: engine.makeStore()))
    }

    private static func isHeavy(_ op: Op, _ operands: [HostTensor]) -> Bool {
        switch op {
        case .matmul, .conv2D, .conv2DInputGradient, .conv2DWeightGradient:
            operands.reduce(0) { $0 + $1.type.elementCount } > smallWork
        default: false
        }
    }
}
