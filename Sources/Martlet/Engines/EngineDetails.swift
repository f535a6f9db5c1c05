import MartletCompiler
import MartletOneDNN

extension Engines {
    /// What a person wants to know about an engine, as name and value: version, instruction sets,
    /// threads.
    public static func details(of engine: any Engine) -> [(name: String, value: String)] {
        guard let oneDNN = engine as? OneDNNEngine else { return [] }
        return [
            ("oneDNN", oneDNN.version),
            (
                "instruction set",
                "\(oneDNN.instructionSet), own kernels \(oneDNN.kernelInstructionSet)"
            ),
            ("threads", String(oneDNN.threads)),
        ]
    }
}
