import MartletCompiler
import Testing

@Suite struct SettingsTests {
    @Test func nothingSetGivesTheDefaults() {
        let empty = Dictionary(uniqueKeysWithValues: Settings.variableNames.map { ($0, "") })
        for settings in [Settings(environment: [:]), Settings(environment: empty)] {
            #expect(settings == Settings())
            #expect(settings.debugLevel == 0 && settings.dumpDirectory == nil)
            #expect(!settings.verifies && settings.engine == .auto && settings.threadCount == nil)
        }
    }

    @Test func everythingCanBeSet() {
        let settings = Settings(environment: [
            "MARTLET_DEBUG": "3", "MARTLET_DUMP": "/tmp/dump", "MARTLET_VERIFY": "1",
            "MARTLET_ENGINE": "onednn", "MARTLET_THREADS": "2",
        ])
        #expect(settings.debugLevel == 3 && settings.dumpDirectory == "/tmp/dump")
        #expect(settings.verifies && settings.engine == .oneDNN && settings.threadCount == 2)
        #expect(settings.warnings.isEmpty)
    }

    @Test(arguments: [
        ("MARTLET_DEBUG", "5", "MARTLET_DEBUG is \"5\", expected a number from 0 to 4; using 0"),
        ("MARTLET_DEBUG", "loud", nil), ("MARTLET_VERIFY", "maybe", nil),
        (
            "MARTLET_ENGINE", "gpu",
            "MARTLET_ENGINE is \"gpu\", expected one of auto, reference, onednn; using auto"
        ),
        ("MARTLET_THREADS", "0", nil), ("MARTLET_THREADS", "-1", nil),
    ])
    func wrongValuesWarnAndChangeNothing(name: String, value: String, warning: String?) {
        let settings = Settings(environment: [name: value])
        #expect(settings.warnings.count == 1)
        if let warning { #expect(settings.warnings == [warning]) }
        #expect(settings.debugLevel == 0 && !settings.verifies)
        #expect(settings.engine == .auto && settings.threadCount == nil)
    }

    @Test func messagesBelowTheLevelAreNotBuilt() {
        var built = 0
        func message() -> String {
            built += 1
            return "a line of a test"
        }
        Log.debug(2, settings: Settings(environment: ["MARTLET_DEBUG": "1"]), message())
        #expect(built == 0)
        Log.debug(1, settings: Settings(environment: ["MARTLET_DEBUG": "1"]), message())
        #expect(built == 1)
    }
}
