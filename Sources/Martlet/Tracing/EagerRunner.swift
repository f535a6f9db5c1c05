import MartletCompiler
import MartletGraph
import MartletReference
import Synchronization

/// Runs single operations outside traces, each through a one-operation plan that is kept.
enum EagerRunner {
    private struct Key: Hashable, Sendable {
        var op: Op
        var types: [TensorType]
        var engine: String
    }

    /// A plan with its memory; only the caller that took it out of the cache uses it.
    private final class Plan: @unchecked Sendable {
        let executable: any Executable
        init(_ executable: any Executable) { self.executable = executable }
    }

    private static let cache = Mutex<[Key: Plan]>([:])
    private static let limit = 256
    private static let smallWork = 1 << 16

    /// The result of `op` on `operands`.
    static func run(_ op: Op, _ operands: [HostTensor]) throws -> HostTensor {
        switch op {
        case .constant(let numbers): return numbers
        case .reshape(let shape): return operands[0].reshaped(shape)
        default: break
        }
        let engine = try engine(for: op, operands)
        let key = Key(op: op, types: operands.map(\.type), engine: engine.name)
        let kept = cache.withLock { $0.removeValue(forKey: key) }
        let plan = try kept ?? Plan(compile(key, engine))
        let result = try plan.executable(operands)
        cache.withLock { plans in
            if plans.count >= limit { plans.removeAll() }
            plans[key] = plan
        }
        return result[0]
    }

    private static func compile(_ key: Key, _ engine: any Engine) throws -> any Executable {
        var builder = GraphBuilder(name: key.op.name)
        let inputs = key.types.enumerated().map { builder.input("operand\($0)", $1) }
        let value = try builder.append(key.op, inputs)
        builder.graph.outputs = [Graph.Output("result", value)]
        return try engine.compile(builder.graph, store: engine.makeStore())
    }

    /// Heavy operations go to the current engine, the others to the plain interpreter.
    private static func engine(for op: Op, _ operands: [HostTensor]) throws -> any Engine {
        switch op {
        case .matmul, .conv2D, .conv2DInputGradient, .conv2DWeightGradient:
            let size = operands.reduce(0) { $0 + $1.type.elementCount }
            return size > smallWork ? try Engines.current() : ReferenceEngine()
        default: return ReferenceEngine()
        }
    }
}
