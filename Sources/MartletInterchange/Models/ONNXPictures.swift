import Foundation
import Martlet
import MartletFormats
import MartletGraph

/// How the input of an ONNX model holds pictures.
struct ONNXPictureForm: Sendable {
    /// In which order the numbers of a picture stand.
    enum Order: Sendable {
        case channelsFirst, channelsLast, withoutChannels, rows
    }

    /// Channels, height and width.
    let imageShape: [Int]
    let order: Order
    /// Whether the input is bytes.
    let takesBytes: Bool
    /// Whether the batch has any size; otherwise it is 1.
    let takesAnyCount: Bool
    /// The sizes of axes that have only names.
    let sizes: [String: Int]

    /// Looks at the only input of a model.
    ///
    /// - Throws: `FormatError` for an input that is no picture.
    init(_ model: ONNXModel, imageShape given: [Int]?) throws(FormatError) {
        let weights = Set(model.graph.initializers.map(\.name))
        let inputs = model.graph.inputs.filter { !weights.contains($0.name) }
        func refused(_ expected: String, _ found: String, fix: String = "") -> FormatError {
            FormatError(
                .unsupported, file: model.name,
                place: inputs.first.map { "input \($0.name)" } ?? "",
                expected: expected, found: found, fix: fix)
        }
        guard let input = inputs.first, inputs.count == 1, let axes = input.shape else {
            throw refused("one input with a shape, a picture", "\(inputs.count) inputs")
        }
        guard [DataType.float32, .uint8].contains(input.element.dtype) else {
            throw refused("pictures as float32 or uint8", "\(input.element)")
        }
        takesBytes = input.element.dtype == .uint8
        switch axes.first {
        case .named: takesAnyCount = true
        case .fixed(1): takesAnyCount = false
        default: throw refused("a batch of any size, or of 1", "\(axes)")
        }
        let inner = axes.dropFirst().map { size -> Int? in
            if case .fixed(let number) = size { number } else { nil }
        }
        let fix = "tell the channels, height and width of a picture"
        guard let (order, shape) = Self.order(inner, given) else {
            throw refused(
                given.map { "pictures \($0)" } ?? "pictures with 1 or 3 channels",
                "\(inner.map { $0.map(String.init) ?? "?" }.joined(separator: " x "))", fix: fix)
        }
        guard PicturePreparation.isPossible(imageShape: shape) else {
            throw refused("pictures with 1 or 3 channels", "\(shape)")
        }
        (self.order, imageShape) = (order, shape)
        var sizes: [String: Int] = [:]
        let full = order == .channelsLast ? [shape[1], shape[2], shape[0]] : shape
        if axes.count == 4 || axes.count == 3 {
            let known = axes.count == 4 ? full : Array(shape[1...])
            for (axis, size) in zip(axes.dropFirst(), known) {
                if case .named(let name) = axis { sizes[name] = size }
            }
        }
        self.sizes = sizes
    }

    private static func order(_ sizes: [Int?], _ given: [Int]?) -> (Order, [Int])? {
        func fits(_ shape: [Int]) -> Bool {
            shape.count == sizes.count && zip(shape, sizes).allSatisfy { $1 == nil || $0 == $1 }
        }
        if let given {
            guard given.count == 3, [1, 3].contains(given[0]) else { return nil }
            if fits(given) { return (.channelsFirst, given) }
            if fits([given[1], given[2], given[0]]) { return (.channelsLast, given) }
            if given[0] == 1, fits([given[1], given[2]]) { return (.withoutChannels, given) }
            return fits([given.reduce(1, *)]) ? (.rows, given) : nil
        }
        let known = sizes.compactMap { $0 }
        guard known.count == sizes.count, known.allSatisfy({ $0 > 0 }) else { return nil }
        switch known.count {
        case 3 where [1, 3].contains(known[0]): return (.channelsFirst, known)
        case 3 where [1, 3].contains(known[2]):
            return (.channelsLast, [known[2], known[0], known[1]])
        case 2: return (.withoutChannels, [1] + known)
        case 1:
            for channels in [1, 3] where known[0] % channels == 0 && known[0] < 1 << 40 {
                let side = Int(Double(known[0] / channels).squareRoot().rounded())
                if side * side * channels == known[0] { return (.rows, [channels, side, side]) }
            }
            return nil
        default: return nil
        }
    }

    /// What Martlet has written about a model of its own.
    static func description(of model: ONNXModel) -> ModelDescription? {
        let text = model.metadata.first { $0.key == ONNXExport.descriptionKey }?.value
        return text.flatMap {
            try? JSONDecoder().decode(ModelDescription.self, from: Data($0.utf8))
        }
    }
}

/// An ONNX model behind the bytes of pictures.
struct ONNXPictures {
    let model: ONNXModel
    let form: ONNXPictureForm
    let scaling: Scaling

    /// The values of the weights under the names that the graph has for them.
    func weights() throws(FormatError) -> [String: HostTensor] {
        let network = try ONNXNetwork(model, sizes: form.sizes)
        return Dictionary(
            network.parameters.map { (Self.variable($0.key), $0.value) },
            uniquingKeysWith: { first, _ in first })
    }

    private static func variable(_ name: String) -> String { "model/\(name)" }

    /// From bytes `[n, C, H, W]` to one row of numbers for each picture.
    func graph(examples: Int) throws -> Graph {
        let count = form.takesAnyCount ? examples : 1
        let network = try ONNXNetwork(model, batchSize: count, sizes: form.sizes)
        var builder = GraphBuilder(name: network.graph.name)
        let x = builder.input("x", TensorType(.uint8, [count] + form.imageShape))
        let input = try prepared(x, count, &builder)
        var values: [Value] = []
        for node in network.graph.nodes {
            builder.origin = node.origin
            switch node.op {
            case .input: values.append(input)
            case .variable(let name, let type):
                values.append(builder.variable(Self.variable(name), type))
            default:
                values.append(try builder.append(node.op, node.inputs.map { values[$0.index] }))
            }
        }
        guard let output = network.graph.outputs.first,
            let result = rows(
                values[output.value.index], count, &builder)
        else {
            throw FormatError(
                .unsupported, file: model.name,
                place: network.graph.outputs.first.map { "output \($0.name)" } ?? "",
                expected: "a row of numbers for each picture",
                found: network.graph.outputs.first
                    .map { "\(network.graph[$0.value].type)" } ?? "no output")
        }
        builder.graph.outputs = [.init("output0", result)]
        return builder.graph
    }

    /// Scaled numbers in the order of the model's input.
    private func prepared(
        _ x: Value, _ count: Int, _ builder: inout GraphBuilder
    ) throws -> Value {
        let shape = form.imageShape
        let (channels, height, width) = (shape[0], shape[1], shape[2])
        var value = x
        if !form.takesBytes {
            value = try builder.append(.cast(.float32), [x])
            value = try scaled(value, &builder)
        }
        switch form.order {
        case .channelsFirst: return value
        case .channelsLast: return try builder.append(.transpose([0, 2, 3, 1]), [value])
        case .withoutChannels:
            return try builder.append(.reshape([count, height, width]), [value])
        case .rows:
            return try builder.append(.reshape([count, channels * height * width]), [value])
        }
    }

    /// As `Scaling` does it in a trace: a quotient where that is exact.
    private func scaled(_ x: Value, _ builder: inout GraphBuilder) throws -> Value {
        let shape = builder.type(x).shape
        let isPlain = scaling.scale.count == 1 && scaling.shift[0] == 0
        func repeated(_ numbers: [Double]) throws -> Value {
            let tensor = HostTensor(
                numbers.map { Float($0) }, shape: numbers.count == 1 ? [] : [numbers.count, 1, 1])
            let constant = builder.constant(tensor)
            return try builder.append(.broadcast(shape), [constant])
        }
        if isPlain {
            guard scaling.scale[0] != 1 else { return x }
            let divisor = try repeated([1 / scaling.scale[0]])
            return try builder.append(.binary(.divide), [x, divisor])
        }
        guard scaling.scale.count == 1 || scaling.scale.count == form.imageShape[0] else {
            throw FormatError(
                .unsupported, file: model.name,
                expected: "a factor for each of \(form.imageShape[0]) channels, or one for all",
                found: "\(scaling.scale.count)")
        }
        let (scale, shift) = (try repeated(scaling.scale), try repeated(scaling.shift))
        let product = try builder.append(.binary(.multiply), [x, scale])
        return try builder.append(.binary(.add), [product, shift])
    }

    /// A result as `[n, numbers]` of float32; `nil` for one without an axis of pictures.
    private func rows(_ value: Value, _ count: Int, _ builder: inout GraphBuilder) -> Value? {
        builder.origin = Origin()
        let type = builder.type(value)
        guard type.rank >= 1, type.shape[0] == count, type.elementCount > 0 else { return nil }
        var result = value
        if type.rank != 2 {
            result = builder.reshape(result, to: [count, type.elementCount / count])
        }
        if type.dtype != .float32 { result = builder.emit(.cast(.float32), result) }
        return result
    }
}
