import Testing

@Suite struct EnvironmentTests {
    let folder: CommandFolder

    init() throws { folder = try CommandFolder() }

    @Test(
        arguments: [
            ("MARTLET_THREAD", "MARTLET_THREADS"), ("MARTLET_DATA_DIR", nil),
            ("CUDA_VISIABLE_DEVICES", "CUDA_VISIBLE_DEVICES"),
            ("OMP_NUM_THREAD", "OMP_NUM_THREADS"),
        ] as [(String, String?)])
    func misspeltVariablesAreNamedOnce(name: String, meant: String?) throws {
        let run = try folder.run("data", "info", "digits", environment: [name: "1"])
        #expect(run.status == 0)
        #expect(run.messages.split(separator: "\n").count == 1, "\(run.messages)")
        #expect(run.messages.hasPrefix("warning: the variable \(name) is not read here; "))
        if let meant { #expect(run.messages.hasSuffix("did you mean \(meant)?\n")) }
        let help = try folder.run("--help", environment: [name: "1"])
        #expect(help.messages.isEmpty)
    }

    @Test func variablesThatAreReadAreNotNamed() throws {
        let run = try folder.run(
            "data", "info", "digits",
            environment: ["MARTLET_LONG": "1", "MARTLET_THREADS": "1", "OMP_NUM_THREADS": "1"])
        #expect(run.messages.isEmpty, "\(run.messages)")
    }
}
