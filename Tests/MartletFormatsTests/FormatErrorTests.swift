import MartletFormats
import Testing

@Suite struct FormatErrorTests {
    @Test func saysFilePlaceExpectedFoundAndFix() {
        let error = FormatError(
            .malformed, file: "a/b.gz", offset: 16, place: "record 3", expected: "3073 bytes",
            found: "12 bytes", fix: "get it again")
        #expect(
            "\(error)" == """
                a/b.gz is damaged or has another format
                  place      record 3, byte 16
                  expected   3073 bytes
                  found      12 bytes
                  fix        get it again
                """)
    }

    @Test func leavesOutWhatIsEmpty() {
        let error = FormatError(.forbidden, file: "x", expected: "numbers", found: "os.system")
        #expect(
            "\(error)" == """
                x asks to run code; nothing was run
                  expected   numbers
                  found      os.system
                """)
    }

    /// The whole message of a real file, as a user sees it.
    @Test func messageOfAMaliciousPickle() throws {
        let file = FileContents(
            try Fixtures.contents("weights/bad/os_system_proto0.pkl").bytes, name: "model.pkl")
        let error = Fixtures.expectRefusal("pickle") { _ = try PickleDocument(file) }
        #expect(
            error.map { "\($0)" } == """
                model.pkl asks to run code; nothing was run
                  place      pickle, byte 0
                  expected   numbers, texts, containers and NumPy arrays
                  found      os.system
                  fix        do not open this file with a reader that runs pickles, unless you trust it
                """)
    }
}
