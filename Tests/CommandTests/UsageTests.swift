import Testing

@Suite struct UsageTests {
    @Test func versionAndHelpGoToStandardOutput() throws {
        let version = try CommandRun(["--version"])
        #expect((version.status, version.output) == (0, "martlet 0.1.0\n"))
        let help = try CommandRun(["--help"])
        #expect(help.status == 0)
        #expect(help.output.contains("OVERVIEW: Train, judge and use image classifiers."))
        #expect(help.output.contains("demo") && help.output.contains("doctor"))
        #expect(help.messages.isEmpty)
    }

    @Test(arguments: [
        (["--nonsense"], "error: Unknown option '--nonsense'"),
        (["dmeo"], "error: Unexpected argument 'dmeo'"),
        (["demo", "--epochs", "0"], "error: --epochs must be at least 1, got 0"),
        (
            ["demo", "--epochs", "many"],
            "error: The value 'many' is invalid for '--epochs <epochs>'"
        ),
        (["demo", "--batch-size", "2000"], "error: --batch-size must be from 1 to 1437, got 2000"),
    ])
    func badUsageEndsWith64(arguments: [String], message: String) throws {
        let run = try CommandRun(arguments)
        #expect(run.status == 64)
        #expect(run.messages.hasPrefix(message), "\(run.messages)")
        #expect(run.output.isEmpty)
    }
}
