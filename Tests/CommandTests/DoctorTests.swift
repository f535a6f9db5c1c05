import Testing

@Suite struct DoctorTests {
    @Test func namesEngineDataAndSettings() throws {
        let run = try CommandRun(
            ["doctor"], environment: ["MARTLET_ENGINE": "reference", "MARTLET_THREADS": "1"])
        #expect(run.status == 0)
        let rows = run.output.split(separator: "\n").map { line in
            line.split(separator: " ", maxSplits: 1).map { $0.drop { $0 == " " } }
        }
        #expect(rows.contains(["engine", "reference"]))
        #expect(rows.contains(["digits", "1797 pictures"]))
        #expect(rows.contains(["MARTLET_THREADS", "1"]))
    }

    @Test func anEngineThatIsAskedForAndAbsentEndsWith69() throws {
        let environment = ["MARTLET_ENGINE": "onednn", "MARTLET_ONEDNN_LIBRARY": "/nowhere"]
        for command in ["doctor", "demo"] {
            let run = try CommandRun([command], environment: environment)
            #expect(run.status == 69, "\(command)")
            #expect(run.messages.contains("error: oneDNN is not available: /nowhere"))
        }
    }

    @Test func withoutOneDNNThePlainEngineIsTakenAndSaidSo() throws {
        let run = try CommandRun(
            ["doctor"],
            environment: ["MARTLET_ENGINE": "auto", "MARTLET_ONEDNN_LIBRARY": "/nowhere"])
        #expect(run.status == 0)
        #expect(run.output.contains("reference"))
        #expect(run.messages.contains("using the slow reference engine"))
    }
}
