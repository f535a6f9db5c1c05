import Foundation
import MartletGraph

/// One operation with its inputs and what another framework computed from them.
public struct OpsCase: Sendable {
    /// The case as messages name it, `conv2d/k3_p1`.
    public var name: String
    /// The operation as the fixtures spell it.
    public var op: String
    /// The settings of the operation.
    public var attributes: FixtureValue
    public var inputs: [String: HostTensor]
    /// The expected outputs.
    public var outputs: [String: HostTensor]
    /// What each output is multiplied with before everything is summed into the loss.
    public var weights: [String: HostTensor]
    /// The expected gradients of the loss by input; only of the differentiable inputs.
    public var gradients: [String: HostTensor]
    public var tolerance: FixtureTolerance
    public var gradientTolerance: FixtureTolerance

    /// The names of the differentiable inputs, sorted.
    public var differentiableInputs: [String] { gradients.keys.sorted() }
}

extension OpsCase {
    /// Every case of every group in `ops/`.
    public static func all(in folder: FixtureFolder) throws -> [OpsCase] {
        try folder.descriptions(of: "ops").flatMap { file in
            let description = try FixtureValue(contentsOf: file)
            let group = file.deletingPathExtension().lastPathComponent
            let archive = try FixtureArchive(
                contentsOf: folder.file("ops", description["file"]?.text ?? "\(group).npz"))
            guard let cases = description["cases"]?.array, !cases.isEmpty else {
                throw FixtureError(file.path, "holds no cases")
            }
            return try cases.map { try OpsCase($0, group: group, archive: archive) }
        }
    }

    init(_ description: FixtureValue, group: String, archive: FixtureArchive) throws {
        let name = description["name"]?.text ?? "?"
        func part<Part>(_ value: Part?, _ key: String) throws -> Part {
            guard let value else {
                throw FixtureError(archive.file, "case \(name) has no usable \(key)")
            }
            return value
        }
        self.name = "\(group)/\(name)"
        op = try part(description["op"]?.text, "op")
        attributes = description["attrs"] ?? .object([:])
        tolerance = FixtureTolerance(
            rtol: try part(description["rtol"]?.number, "rtol"),
            atol: try part(description["atol"]?.number, "atol"))
        gradientTolerance = FixtureTolerance(
            rtol: description["gradRtol"]?.number ?? tolerance.rtol,
            atol: description["gradAtol"]?.number ?? tolerance.atol)
        (inputs, outputs, weights, gradients) = ([:], [:], [:], [:])
        for (input, about) in try part(description["inputs"]?.members, "inputs") {
            inputs[input] = try archive.array("\(name).in.\(input)")
            if about["grad"]?.flag == true {
                gradients[input] = try archive.array("\(name).grad.\(input)")
            }
        }
        for (output, about) in try part(description["outputs"]?.members, "outputs") {
            outputs[output] = try archive.array("\(name).\(output)")
            if about["g"]?.flag == true {
                weights[output] = try archive.array("\(name).g.\(output)")
            }
        }
    }
}
