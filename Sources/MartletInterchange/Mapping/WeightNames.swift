import MartletGraph

/// The parameter that each array of a file belongs to, by names alone.
struct WeightNames {
    /// The parameter's path by the array's name.
    var paths: [String: String] = [:]
    /// Arrays that no model needs.
    var ignored: [String] = []

    init() {}

    /// Matches dotted names, as PyTorch and Paddle write them.
    init(dotted names: [String], paths known: [String]) {
        // A checkpoint holds the model beside the optimizer; the model's names tell which is which.
        let container = Self.containers.first { container in
            names.contains { $0.hasPrefix(container) }
                && !known.contains { $0.hasPrefix(container) }
        }
        func isUseless(_ name: String) -> Bool {
            name.hasSuffix("num_batches_tracked") || !name.hasPrefix(container ?? "")
                || name.hasPrefix("StructuredToParameterName@@")
        }
        ignored = names.filter(isUseless)
        let names = names.filter { !isUseless($0) }
        let inner = names.map { $0.dropFirst(container?.count ?? 0) }
        let prefix = ["module.", "_orig_mod."].first { prefix in
            !inner.isEmpty && inner.allSatisfy { $0.hasPrefix(prefix) }
                && !known.contains { $0.hasPrefix(prefix) }
        }
        let targets = Set(known)
        // Lists of layers have a level `layers` here that other programs do not have.
        var short: [String: [String]] = [:]
        for path in known { short[Self.short(path), default: []].append(path) }
        for (name, inner) in zip(names, inner) {
            let own = Self.statistics(String(inner.dropFirst(prefix?.count ?? 0)))
            if targets.contains(own) {
                paths[name] = own
            } else if let found = short[Self.short(own)], found.count == 1 {
                paths[name] = found[0]
            }
        }
    }

    /// What checkpoints call the part that is the model.
    private static let containers = ["model_state_dict.", "state_dict.", "model."]

    private static func short(_ path: String) -> String {
        path.split(separator: ".").filter { $0 != "layers" }.joined(separator: ".")
    }

    /// Paddle's names of running statistics as PyTorch's.
    private static func statistics(_ name: String) -> String {
        for (paddle, own) in [("_mean", "running_mean"), ("_variance", "running_var")] {
            if name == paddle { return own }
            if name.hasSuffix("." + paddle) { return name.dropLast(paddle.count) + own }
        }
        return name
    }
}

/// The parameter for each variable of Keras, by layer names or by the order of layers.
struct KerasNames {
    private(set) var names = WeightNames()

    private static let parameters = [
        "kernel": "weight", "depthwise_kernel": "weight", "embeddings": "weight",
        "gamma": "weight", "bias": "bias", "beta": "bias", "moving_mean": "running_mean",
        "moving_variance": "running_var",
    ]

    init(_ shape: ModelShape, _ arrays: [NamedTensor], _ paths: [String]) {
        var layers: [(name: String, variables: [(name: String, array: NamedTensor)])] = []
        for array in arrays {
            let parts = array.name.split(separator: "/").map(String.init)
            let (layer, variable) = (
                parts.dropLast().joined(separator: "/"), parts.last ?? array.name
            )
            if layers.last?.name != layer { layers.append((layer, [])) }
            layers[layers.count - 1].variables.append((variable, array))
        }
        let known = Set(shape.paths)
        let isNamed = layers.allSatisfy { known.contains($0.name.replacing("/", with: ".")) }
        var counts: [ModelShape.Kind: Int] = [:]
        for layer in layers {
            let kind = Self.kind(layer.name, layer.variables.map { ($0.name, $0.array.value.type) })
            let number = counts[kind, default: 0]
            counts[kind] = number + 1
            let candidates = shape.paths.filter { shape.kinds[$0] == kind }
            let path =
                isNamed
                ? layer.name.replacing("/", with: ".")
                : candidates.indices.contains(number) ? candidates[number] : nil
            guard let path else { continue }
            for (variable, array) in layer.variables {
                guard let own = Self.parameters[variable] else { continue }
                let target = path.isEmpty ? own : "\(path).\(own)"
                if paths.contains(target) { names.paths[array.name] = target }
            }
        }
    }

    /// What kind of layer has such variables.
    private static func kind(
        _ layer: String, _ variables: [(name: String, type: TensorType)]
    ) -> ModelShape.Kind {
        let names = Set(variables.map(\.name))
        let last = layer.split(separator: "/").last ?? ""
        let rank = variables.first { $0.name.hasSuffix("kernel") }?.type.rank
        if names.contains("moving_mean") { return .batchNorm }
        if names.contains("embeddings") { return .embedding }
        if names.contains("depthwise_kernel") || last.hasPrefix("depthwise_conv2d") {
            return .depthwise
        }
        if names.contains("gamma") || names.contains("beta") { return .norm }
        return rank == 4
            ? .convolution
            : rank == 2 && names.isSubset(of: ["kernel", "bias"])
                ? .dense : .other
    }
}
