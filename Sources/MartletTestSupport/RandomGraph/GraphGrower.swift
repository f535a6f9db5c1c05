import MartletGraph

/// What is known about every element of a value before anything runs.
struct Bounds {
    var low: Double
    var high: Double
    /// How far two engines may be apart, roughly; 0 when they agree to the last bit.
    var error: Double

    init(_ low: Double, _ high: Double, error: Double = 0) {
        (self.low, self.high, self.error) = (low, high, error)
    }

    var magnitude: Double { max(abs(low), abs(high)) }
    var isExact: Bool { error == 0 }

    /// The bounds that hold for both.
    func union(_ other: Bounds) -> Bounds {
        Bounds(min(low, other.low), max(high, other.high), error: max(error, other.error))
    }

    /// Bounds around 0 with this much more error than what rounding one result brings.
    static func symmetric(_ magnitude: Double, error: Double) -> Bounds {
        Bounds(
            -magnitude, magnitude, error: error + 1e-6 * min(magnitude, 1 + magnitude.squareRoot()))
    }
}

/// A graph in the making: the nodes so far, what their values look like, and the dice.
final class GraphGrower {
    var builder: GraphBuilder
    var bounds: [Bounds] = []
    /// Whether the elements of a value are likely to be all alike, by node.
    var isFlat: [Bool] = []
    var inputs: [HostTensor] = []
    var variables: [String: HostTensor] = [:]
    private var random: SeededGenerator
    /// Whether f64 occurs beside f32.
    private let isMixed: Bool

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        builder = GraphBuilder(name: "random\(seed)")
        isMixed = Int.random(in: 0..<6, using: &random) == 0
    }

    // Dice.

    func flip(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &random) < probability
    }

    func integer(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    func choose<Element>(_ list: [Element]) -> Element { list[integer(0...list.count - 1)] }

    func shuffled<Element>(_ list: [Element]) -> [Element] { list.shuffled(using: &random) }

    func floatType() -> DataType { isMixed && flip(0.3) ? .float64 : .float32 }

    func indexType() -> DataType { flip(0.5) ? .int32 : .int64 }

    /// Up to four axes of 1 to 7, at most 600 elements.
    func shape(rank: ClosedRange<Int> = 0...4) -> [Int] {
        while true {
            let shape = (0..<integer(rank)).map { _ in integer(1...7) }
            if shape.reduce(1, *) <= 600 { return shape }
        }
    }

    // Values.

    func type(_ value: Value) -> TensorType { builder.type(value) }

    func shape(_ value: Value) -> [Int] { builder.type(value).shape }

    /// One of the values that fit, a recent one half of the time.
    func pick(_ fits: (Value) -> Bool) -> Value? {
        let fitting = bounds.indices.map { Value($0) }.filter(fits)
        guard !fitting.isEmpty else { return nil }
        return choose(flip(0.5) ? Array(fitting.suffix(4)) : fitting)
    }

    /// A floating-point value that fits, or a new source.
    func float(_ fits: (Value) -> Bool = { _ in true }) -> Value {
        pick { type($0).dtype.isFloatingPoint && fits($0) }
            ?? source(TensorType(floatType(), shape(rank: 1...4)))
    }

    /// Appends a node, or gives `nil` when its values would be too many, too large or too far apart.
    func add(_ op: Op, _ operands: [Value], _ result: Bounds) -> Value? {
        guard let type = try? op.resultType(operands.map { self.type($0) }) else {
            preconditionFailure("\(builder.graph.name): \(op.name) got operands it cannot take")
        }
        let (low, high): (Double, Double) =
            switch type.dtype {
            case .float32, .float64: (-2000, 2000)
            case .int32, .int64: (-1e6, 1e6)
            case .uint8: (0, 255)
            case .bool: (0, 1)
            }
        let tolerance = 2e-5 * max(1, result.magnitude.squareRoot())
        guard type.elementCount <= 5000, type.rank <= 6, result.low >= low, result.high <= high,
            result.error <= tolerance
        else { return nil }
        let count = builder.graph.nodes.count
        builder.origin = Origin(
            path: count % 5 == 0 ? "" : "net.block\(count / 5)/\(op.name)",
            forward: op.name.hasSuffix("Gradient") ? operands.first : nil)
        bounds.append(result)
        var repeats = op.name == "broadcast" || op.name == "iota" || type.elementCount == 1
        if !operands.isEmpty, operands.allSatisfy({ isFlat[$0.index] }) { repeats = true }
        isFlat.append(repeats)
        return try? builder.append(op, operands)
    }

    /// A new input, variable or constant with random elements.
    ///
    /// Floats lie in `range`, sometimes on quarters so that ties occur; integers in the whole part
    /// of it. A variable of floats counts as inexact, because an assignment may replace it.
    func source(_ type: TensorType, _ range: ClosedRange<Double> = -2...2) -> Value {
        let tensor = self.tensor(type, range)
        let count = builder.graph.nodes.count
        var result = Bounds(range.lowerBound, range.upperBound)
        if type.dtype == .bool { result = Bounds(0, 1) }
        if type.dtype == .uint8 { result = Bounds(0, max(0, range.upperBound)) }
        builder.origin = Origin()
        bounds.append(result)
        isFlat.append(type.elementCount == 1)
        switch integer(0...9) {
        case 0...4:
            inputs.append(tensor)
            return builder.input("x\(count)", type)
        case 5...7:
            if type.dtype.isFloatingPoint { bounds[count].error = 2e-6 }
            variables["state.v\(count)"] = tensor
            return builder.variable("state.v\(count)", type)
        default: return builder.constant(tensor)
        }
    }

    private func tensor(_ type: TensorType, _ range: ClosedRange<Double>) -> HostTensor {
        let hasTies = flip(0.3)
        let numbers = (0..<type.elementCount).map { _ in
            let number = Double.random(in: range, using: &random)
            return hasTies ? max(range.lowerBound, (number * 4).rounded(.down) / 4) : number
        }
        return switch type.dtype {
        case .float32: HostTensor(numbers.map { Float($0) }, shape: type.shape)
        case .float64: HostTensor(numbers, shape: type.shape)
        case .int32: HostTensor(numbers.map { Int32($0.rounded()) }, shape: type.shape)
        case .int64: HostTensor(numbers.map { Int64($0.rounded()) }, shape: type.shape)
        case .uint8: HostTensor(numbers.map { UInt8(max(0, $0.rounded())) }, shape: type.shape)
        case .bool: HostTensor(numbers.map { $0 > 0 }, shape: type.shape)
        }
    }
}
