import Testing

@Suite struct UsageTests {
    @Test func versionAndHelpGoToStandardOutput() throws {
        let version = try CommandRun(["--version"])
        #expect((version.status, version.output) == (0, "martlet 0.1.0\n"))
        let help = try CommandRun(["--help"])
        #expect(help.status == 0)
        #expect(help.output.contains("OVERVIEW: Train, judge and use image classifiers."))
        for line in ["demo", "predict", "evaluate", "summary", "show", "data", "doctor"] {
            #expect(help.output.contains("\n  \(line) "), "\(line)")
        }
        for line in ["  65   bad data", "  69   no such device", "  130  interrupted"] {
            #expect(help.output.contains("\n" + line), "\(line)")
        }
        #expect(help.messages.isEmpty)
    }

    @Test(arguments: [
        (["--nonsense"], "error: Unknown option '--nonsense'"),
        (
            ["dmeo"],
            """
            error: unknown command 'dmeo'
              did you mean 'demo'?
            Usage: martlet <subcommand>
            """
        ),
        (["eval"], "error: unknown command 'eval'\n  did you mean 'evaluate'?"),
        (["quux"], "error: unknown command 'quux'\n  the commands are "),
        (["data", "fecth"], "error: unknown command 'fecth'\n  did you mean 'fetch'?"),
        (["data", "chekc"], "error: unknown command 'chekc'\n  did you mean 'check'?"),
        (["doctor", "--jsno"], "error: Unknown option '--jsno'"),
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
