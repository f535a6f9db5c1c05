import Martlet
import MartletTestSupport

/// One configuration of an optimizer with the trajectories that another framework recorded.
struct OptimCase {
    let name: String
    let framework: String
    let optimizer: String
    let hyper: FixtureSettings
    let lossScale: Double
    let tolerance: FixtureTolerance
    let description: FixtureValue
    let archive: FixtureArchive

    /// Every case of one file of the folder, `torch`, `keras` or `paddle`.
    static func all(_ file: String, in folder: FixtureFolder) throws -> [OptimCase] {
        let description = try FixtureValue(contentsOf: folder.file("optim", "\(file).json"))
        let archive = try FixtureArchive(contentsOf: folder.file("optim", "\(file).npz"))
        return try (description["cases"]?.array ?? []).map {
            try OptimCase($0, framework: file, archive)
        }
    }

    private init(
        _ description: FixtureValue, framework: String, _ archive: FixtureArchive
    ) throws {
        guard let name = description["name"]?.text,
            let optimizer = description["optimizer"]?.text,
            let hyper = description["hyper"]?.members,
            let scale = description["lossScale"]?.number,
            let rtol = description["rtol"]?.number, let atol = description["atol"]?.number
        else { throw FixtureError(framework, "has a case without name, optimizer or tolerance") }
        let known: Set = [
            "name", "optimizer", "hyper", "lossScale", "rtol", "atol", "errorOfFloat32", "clip",
            "groups", "lr", "scheduler",
        ]
        let unknown = Set(description.members?.keys.map { $0 } ?? []).subtracting(known)
        guard unknown.isEmpty else {
            throw FixtureError(
                "\(framework) \(name)", "has members that the test does not know",
                found: unknown.sorted().joined(separator: ", "))
        }
        (self.name, self.framework, self.optimizer) = (name, framework, optimizer)
        self.hyper = FixtureSettings(hyper, of: "\(framework) \(name)")
        (lossScale, self.description, self.archive) = (scale, description, archive)
        tolerance = FixtureTolerance(rtol: rtol, atol: atol)
    }

    /// The tolerance of losses.
    var lossTolerance: FixtureTolerance {
        FixtureTolerance(rtol: 1e-4, atol: 1e-4 * lossScale)
    }

    /// An array of the case by the end of its name.
    func array(_ name: String) throws -> HostTensor { try archive.array("\(self.name).\(name)") }

    /// Whether the case has an array.
    func contains(_ name: String) -> Bool { archive.contains("\(self.name).\(name)") }

    /// The learning rate of every step where the case lists it.
    func rates() throws -> [Double]? {
        guard let listed = description["lr"]?.array else { return nil }
        return try listed.map {
            guard let rate = $0.number ?? $0.array?.first?.number else {
                throw FixtureError(name, "lists a rate that is no number")
            }
            return rate
        }
    }
}
