import MartletCompiler
import MartletGraph
import MartletReference

/// Makes the numbers that a gradient is checked at.
public struct GradientSampler: Sendable {
    let sample: @Sendable (inout any RandomNumberGenerator, Int) -> [Double]

    /// Makes a sampler from a function that gives so many numbers.
    public init(_ sample: @escaping @Sendable (inout any RandomNumberGenerator, Int) -> [Double]) {
        self.sample = sample
    }

    /// Uniform numbers from a range.
    public static func uniform(_ range: ClosedRange<Double>) -> GradientSampler {
        GradientSampler { random, count in
            (0..<count).map { _ in Double.random(in: range, using: &random) }
        }
    }

    /// Numbers of either sign from −2 to 2, at least 0.2 away from 0.
    public static let awayFromZero = GradientSampler { random, count in
        (0..<count).map { _ in
            let size = Double.random(in: 0.2...2, using: &random)
            return Bool.random(using: &random) ? size : -size
        }
    }

    /// Numbers of either sign, in no order, 0.1 apart and 0.05 away from 0.
    public static let distinct = GradientSampler { random, count in
        let middle = Double(count / 2) - 0.5
        return (0..<count).shuffled(using: &random).map {
            (Double($0) - middle) * 0.2 + Double.random(in: -0.05...0.05, using: &random)
        }
    }
}

/// A gradient that finite differences contradict.
public struct GradientMismatch: Error, CustomStringConvertible {
    public var description: String
}

/// Builds the function whose gradient is meant, from its inputs.
public typealias GradientFunction = (inout GraphBuilder, [Value]) -> Value

/// Checks reverse-mode gradients against differences, in `Double` on the reference interpreter.
///
/// The function's result may have any shape; its elements are weighted by random numbers. The gradient
/// is compared along random directions and, up to 32 input elements, along every single element.
/// With `order` 2 the gradients themselves are checked the same way as functions of inputs and
/// weights.
///
/// - Parameters:
///   - name: Begins the message of a failure.
///   - inputs: The types of the inputs, all f64.
///   - sampler: Gives the inputs; keep it 0.05 away from kinks.
///   - tolerance: The largest difference, relative to the derivative where that is above 1.
///   - step: The distance between the points of the differences.
/// - Throws: `GradientMismatch` with the seed, the place and both numbers.
/// - Source: The random directions are JAX's idea, `jax.test_util.check_grads`.
public func checkGradient(
    _ name: String, inputs types: [TensorType], sampler: GradientSampler = .awayFromZero,
    order: Int = 1, tolerance: Double = 1e-7, step: Double = 2e-4, seed: UInt64 = 1,
    build: GradientFunction
) throws {
    var random: any RandomNumberGenerator = SeededGenerator(seed: seed)
    var points = types.map { sampler.sample(&random, $0.elementCount) }
    let weightType = resultType(types, build)
    let sampleWeights = GradientSampler.awayFromZero.sample
    points.append(sampleWeights(&random, weightType.elementCount))
    try compare(
        "\(name), seed \(seed)", types + [weightType], points, step, tolerance, &random,
        differentiable: types.count
    ) { g, inputs in
        build(&g, Array(inputs.dropLast()))
    }
    guard order > 1 else { return }

    let directions = types.map {
        HostTensor(sampleWeights(&random, $0.elementCount), shape: $0.shape)
    }
    let outer = TensorType(.float64, [])
    try compare(
        "\(name), second derivative, seed \(seed)", types + [weightType, outer], points + [[1]],
        step, tolerance, &random, differentiable: types.count + 1
    ) { g, inputs in
        let result = build(&g, Array(inputs.dropLast(2)))
        let gradients = g.gradients(
            of: result, seed: inputs[types.count], wrt: Array(inputs.dropLast(2)))
        var total = g.constant(HostTensor(0.0))
        for case (let gradient?, let direction) in zip(gradients, directions) {
            let product = g.multiply(gradient, g.constant(direction))
            total = g.add(total, g.sum(product, axes: Array(direction.type.shape.indices)))
        }
        return total
    }
}

/// The gradients of a function at given inputs, `nil` where there is none.
///
/// - Parameter seed: The weight of each element of the function's result; ones unless given.
public func gradientValues(
    at inputs: [HostTensor], seed: HostTensor? = nil, build: GradientFunction
) throws -> [HostTensor?] {
    var g = GraphBuilder(name: "gradient")
    let values = inputs.enumerated().map { g.input("x\($0.offset)", $0.element.type) }
    let result = build(&g, values)
    let weights = seed.map { g.constant($0) }
    let gradients = g.gradients(of: result, seed: weights, wrt: values)
    for (index, gradient) in gradients.enumerated() {
        guard let gradient else { continue }
        guard g.type(gradient) == inputs[index].type else {
            throw GradientMismatch(
                description: "gradient \(index) is \(g.type(gradient)), not \(inputs[index].type)")
        }
        g.graph.outputs.append(.init("gradient\(index)", gradient))
    }
    var outputs = try Interpreter.run(g.graph, inputs: inputs, variables: [:]).outputs[...]
    return gradients.map { $0 == nil ? nil : outputs.popFirst() }
}

/// Compares the gradients by the first `differentiable` inputs with differences; the last input holds
/// the weights of the result's elements.
private func compare(
    _ name: String, _ types: [TensorType], _ points: [[Double]], _ step: Double,
    _ tolerance: Double, _ random: inout any RandomNumberGenerator, differentiable: Int,
    _ build: GradientFunction
) throws {
    let gradients = try weightedGradients(types, points, differentiable, build)
    let loss = weightedLoss(types, build)
    func check(_ direction: [[Double]], _ place: String) throws {
        func value(_ distance: Double) throws -> Double {
            let moved = zip(points, direction).map { point, part in
                zip(point, part).map { $0 + distance * $1 }
            }
            let inputs = zip(moved, types).map { HostTensor($0, shape: $1.shape) }
            return try Interpreter.run(loss, inputs: inputs, variables: [:]).outputs[0].doubles[0]
        }
        // Fourth-order central differences.
        let near = try value(step) - value(-step)
        let far = try value(2 * step) - value(-2 * step)
        let expected = (8 * near - far) / (12 * step)
        let actual = zip(gradients, direction).reduce(0) { total, pair in
            total + zip(pair.0, pair.1).reduce(0) { $0 + $1.0 * $1.1 }
        }
        // Written so that NaN fails.
        guard abs(actual - expected) <= tolerance * max(1, abs(expected)) else {
            throw GradientMismatch(
                description: "\(name), \(place): differences give \(expected), gradient \(actual)")
        }
    }
    let zeros = points.map { $0.map { _ in 0.0 } }
    for trial in 0..<2 {
        var direction = zeros
        for index in 0..<differentiable {
            direction[index] = GradientSampler.uniform(-1...1).sample(&random, points[index].count)
        }
        try check(direction, "random direction \(trial)")
    }
    guard points[..<differentiable].reduce(0, { $0 + $1.count }) <= 32 else { return }
    for index in 0..<differentiable {
        for element in points[index].indices {
            var direction = zeros
            direction[index][element] = 1
            try check(direction, "input \(index), element \(element)")
        }
    }
}

/// The numbers of the gradients, zeros where there is none.
private func weightedGradients(
    _ types: [TensorType], _ points: [[Double]], _ differentiable: Int, _ build: GradientFunction
) throws -> [[Double]] {
    var g = GraphBuilder(name: "gradient")
    let values = types.enumerated().map { g.input("x\($0.offset)", $0.element) }
    let result = build(&g, values)
    let gradients = g.gradients(
        of: result, seed: values.last, wrt: Array(values.prefix(differentiable)))
    for case (let gradient?, let value) in zip(gradients, values) {
        guard g.type(gradient) == g.type(value) else {
            throw GradientMismatch(
                description: "a gradient is \(g.type(gradient)), not \(g.type(value))")
        }
        g.graph.outputs.append(.init("gradient", gradient))
    }
    let inputs = zip(points, types).map { HostTensor($0, shape: $1.shape) }
    var outputs = try Interpreter.run(g.graph, inputs: inputs, variables: [:]).outputs[...]
    return zip(gradients, points).map { gradient, point in
        (gradient == nil ? nil : outputs.popFirst()?.doubles) ?? point.map { _ in 0 }
    }
}

/// The sum of the result's elements, each times its weight, as a graph.
private func weightedLoss(_ types: [TensorType], _ build: GradientFunction) -> Graph {
    var g = GraphBuilder(name: "loss")
    let values = types.enumerated().map { g.input("x\($0.offset)", $0.element) }
    let result = build(&g, values)
    let weighted = g.multiply(result, values[values.count - 1])
    let axes = Array(g.type(result).shape.indices)
    g.graph.outputs = [.init("loss", g.sum(weighted, axes: axes))]
    return g.graph
}

/// The type of what a function builds.
private func resultType(_ types: [TensorType], _ build: GradientFunction) -> TensorType {
    var g = GraphBuilder(name: "type")
    let values = types.enumerated().map { g.input("x\($0.offset)", $0.element) }
    let result = build(&g, values)
    return g.type(result)
}
