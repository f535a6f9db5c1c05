import Foundation
import MartletGraph

/// A network with its weights and what another framework made of it in three training steps.
public struct NetFixture: Sendable {
    /// A parameter or running statistic of the network.
    public struct Parameter: Sendable {
        /// The name in the framework's state dictionary.
        public var name: String
        /// True when the optimizer changes it.
        public var isTrainable: Bool
        public var value: HostTensor
    }

    public var name: String
    /// The framework that made the numbers, with its version.
    public var framework: String
    /// The whole description, with `layers`, `loss`, `optimizer` and `hyper`.
    public var description: FixtureValue
    public var parameters: [Parameter]
    private let archive: FixtureArchive

    /// The number of optimizer steps.
    public var stepCount: Int { description["steps"]?.integer ?? 3 }

    /// Every network that the files in `nets/` describe.
    public static func all(in folder: FixtureFolder) throws -> [NetFixture] {
        try folder.descriptions(of: "nets").flatMap { file in
            let contents = try FixtureValue(contentsOf: file)
            guard let nets = contents["nets"]?.array, !nets.isEmpty else {
                throw FixtureError(file.path, "holds no networks")
            }
            return try nets.map { net in
                guard let name = net["name"]?.text else {
                    throw FixtureError(file.path, "has a network without a name")
                }
                let archive = try FixtureArchive(
                    contentsOf: folder.file("nets", net["file"]?.text ?? "\(name).npz"))
                let framework = net["framework"]?.text ?? contents["framework"]?.text ?? "?"
                return try NetFixture(name, framework, net, archive)
            }
        }
    }

    private init(
        _ name: String, _ framework: String, _ description: FixtureValue,
        _ archive: FixtureArchive
    ) throws {
        (self.name, self.framework) = (name, framework)
        (self.description, self.archive) = (description, archive)
        parameters = try (description["parameters"]?.array ?? []).map { about in
            guard let parameter = about["name"]?.text else {
                throw FixtureError(archive.file, "has a parameter without a name")
            }
            return Parameter(
                name: parameter, isTrainable: about["trainable"]?.flag ?? true,
                value: try archive.array("param.\(parameter)"))
        }
    }

    /// The array of that name, such as `input`, `target` or `logits`.
    public func array(_ key: String) throws -> HostTensor { try archive.array(key) }

    /// True when there is an array of that name, whole or sampled.
    public func contains(_ key: String) -> Bool {
        archive.contains(key) || archive.contains("\(key).value")
    }

    /// The tolerance of a kind of result: `logits`, `losses`, `grad`, `after`, `afterLogits`.
    public func tolerance(_ kind: String) throws -> FixtureTolerance {
        guard let about = description["tolerance"]?[kind], let rtol = about["rtol"]?.number,
            let atol = about["atol"]?.number
        else { throw FixtureError(archive.file, "has no tolerance for \(kind)") }
        return FixtureTolerance(rtol: rtol, atol: atol, meanAtol: about["meanAtol"]?.number)
    }

    /// Compares `got` with the array `key`; of a sampled array its samples and three sums.
    ///
    /// - Returns: The worse of the comparisons, with `key` in its summary.
    public func compare(
        _ key: String, _ got: HostTensor, _ tolerance: FixtureTolerance
    ) throws -> FixtureComparison {
        if archive.contains(key) {
            return FixtureComparison(got, try archive.array(key), tolerance).named(key)
        }
        let values = got.doubles
        let index = try archive.array("\(key).index").doubles.map { Int($0) }
        guard index.allSatisfy({ values.indices.contains($0) }) else {
            throw FixtureError(archive.file, "samples \(key) outside of \(got.type)")
        }
        let samples = FixtureComparison(
            HostTensor(index.map { Float(values[$0]) }, shape: [index.count]),
            try archive.array("\(key).value"), tolerance)
        let expected = try archive.array("\(key).sums").doubles
        let found = Self.sums(values)
        // The plain sum may cancel, so it is also held against the sum of absolute values.
        let slack = [1e-6 * found[1], 0, 0]
        for (index, part) in ["sum", "sum of absolute values", "norm"].enumerated() {
            let sums = FixtureComparison(
                HostTensor(found[index]), HostTensor(expected[index]),
                FixtureTolerance(rtol: 1e-4, atol: slack[index]))
            if !sums.passes { return sums.named("\(key), \(part)") }
        }
        return samples.named(key)
    }

    /// The sum, the sum of absolute values and the Euclidean norm.
    private static func sums(_ values: [Double]) -> [Double] {
        let squares = values.reduce(0) { $0 + $1 * $1 }
        return [values.reduce(0, +), values.reduce(0) { $0 + abs($1) }, squares.squareRoot()]
    }
}
