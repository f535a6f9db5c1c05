import ArgumentParser
import Foundation
import Martlet

/// What computes, and with how many threads.
struct DeviceOptions: ParsableArguments {
    /// A device that can be asked for by name.
    struct Device: ExpressibleByArgument {
        let name: String

        /// The devices that there are.
        static let present = ["auto", "cpu"]
        /// Devices of other frameworks: names that are understood, though there are none here.
        static let absent = ["cuda", "gpu", "mps", "metal", "rocm", "tpu", "xpu"]

        init?(argument: String) {
            let plain = argument.lowercased().split(separator: ":").first.map(String.init) ?? ""
            guard (Self.present + Self.absent).contains(plain) else { return nil }
            name = argument.lowercased()
        }

        private init(name: String) { self.name = name }

        /// The best that there is.
        static let automatic = Device(name: "auto")

        static var allValueStrings: [String] { present }
        var defaultValueDescription: String { name }
    }

    @Option(
        help: ArgumentHelp("The device that computes: auto or cpu.", valueName: "device"),
        completion: .list(Device.present))
    var device = Device.automatic

    @Option(help: "How many threads compute.")
    var threads: Int?

    func validate() throws {
        if let threads, !(1...4096).contains(threads) {
            throw ValidationError("--threads must be from 1 to 4096, got \(threads)")
        }
    }

    /// The engine in force; the first caller decides about threads.
    ///
    /// - Throws: `EngineUnavailable` for a device that is not on this machine.
    func engine() throws -> any Engine {
        guard Device.present.contains(device.name) else {
            throw EngineUnavailable(
                reason: "there is no device \(device.name) on this machine\n"
                    + "  expected   \(Device.present.joined(separator: " or "))")
        }
        if let threads { setenv("MARTLET_THREADS", String(threads), 1) }
        return try EngineUnavailable.check()
    }
}
