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

    /// A file with a known name and wrong contents.
    @Test func verifyNamesDamagedFiles() throws {
        let file = try folder.write("not idx", to: "train-images-idx3-ubyte")
        let run = try folder.run("data", "verify", folder.url.path)
        #expect(run.status == 65)
        #expect(run.output.contains(file), "\(run.output)")
        #expect(run.messages.hasSuffix("error: 1 of 1 files are not as they should be\n"))
    }
}
