import Foundation
import MartletData
import Testing

@Suite struct FetchCommandTests {
    let folder: CommandFolder

    init() throws { folder = try CommandFolder() }

    @Test func listsEveryKnownSet() throws {
        let run = try folder.run("data", "list")
        #expect(run.status == 0)
        let names = run.output.split(separator: "\n").dropFirst().map {
            String($0.prefix { $0 != " " })
        }
        #expect(names == DatasetEntry.all.map(\.name))
        #expect(run.output.contains("\nmnist          60000  10000"), "\(run.output)")
        #expect(run.output.contains("comes with Martlet"))
        // What the shell completes is the same list.
        let script = try folder.run("--generate-completion-script", "bash")
        #expect(script.status == 0)
        for name in names { #expect(script.output.contains("'\(name)'"), "\(name)") }
    }

    @Test func withoutNetworkSaysWhereFilesWereLookedFor() throws {
        let run = try folder.run("data", "fetch", "mnist")
        #expect(run.status == 66)
        #expect(run.messages.contains("\(folder.path(".cache/martlet/mnist")) (Martlet's cache)"))
        #expect(run.messages.contains("train-images-idx3-ubyte.gz"))
        let several = try folder.run("data", "fetch", "digits", "mnits")
        #expect(several.status == 64)
        let digits = try folder.run("data", "fetch", "digits")
        #expect(digits.status == 0 && digits.output.contains("come with Martlet"))
        let verify = try folder.run("data", "verify", "mnist")
        #expect(verify.status == 66)
        #expect(verify.messages.hasPrefix("error: no files of mnist\n"))
    }

    @Test func listSaysWhichNamedFoldersAreNone() throws {
        let (absent, file) = (folder.path("absent"), try folder.write("x", to: "file"))
        let run = try folder.run(
            "data", "list", "--data-dir", absent, environment: ["MARTLET_DATA": file])
        #expect(run.status == 0)
        #expect(
            run.messages == """
                note: --data-dir names \(absent), which does not exist
                note: MARTLET_DATA names \(file), which is not a folder

                """)
        let there = try folder.run("data", "list", "--data-dir", folder.url.path)
        #expect(there.messages.isEmpty, "\(there.messages)")
    }

    /// What comes with Martlet has no files, which as JSON is an empty list of them.
    @Test func verifyOfDigitsIsJSONToo() throws {
        let run = try folder.run("data", "verify", "digits", "--json")
        #expect(run.status == 0)
        let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
        #expect((object as? [Any])?.isEmpty == true, "\(run.output)")
        #expect(run.messages == "note: digits comes with Martlet; there is nothing to verify\n")
        let text = try folder.run("data", "verify", "digits")
        #expect(text.output == "digits comes with Martlet; there is nothing to verify\n")
    }

    /// A file with a known name and wrong contents.
    @Test func verifyNamesDamagedFiles() throws {
        let file = try folder.write("not idx", to: "train-images-idx3-ubyte")
        let run = try folder.run("data", "verify", folder.url.path)
        #expect(run.status == 65)
        #expect(run.output.contains(file), "\(run.output)")
        #expect(run.messages.hasSuffix("error: 1 of 1 files are not as they should be\n"))
    }
}
