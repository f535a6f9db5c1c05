import Foundation
import MartletData
import Testing

@Suite struct TrainTests {
    let folder: CommandFolder

    init() throws { folder = try CommandFolder() }

    private struct Result: Decodable {
        var run: String
        var testAccuracy: Double
        var testExamples: Int
        var initialAccuracy: Double?
        var epochs: [Epoch]

        struct Epoch: Decodable { var number: Int }
    }

    private func result(_ run: CommandRun) throws -> Result {
        try JSONDecoder().decode(Result.self, from: Data(run.output.utf8))
    }

    /// A short run on few digits.
    private func train(
        _ arguments: String..., epochs: Int = 2, in place: String = "runs"
    ) throws -> CommandRun {
        try folder.run(
            [
                "train", "digits", "--limit-train", "64", "--limit-test", "32", "--json",
                "--epochs", String(epochs), "--out", folder.path(place),
            ] + arguments)
    }

    @Test func everythingIsInTheRunsFolder() throws {
        let run = try train()
        #expect(run.status == 0, "\(run.messages)")
        let result = try result(run)
        #expect(result.run == folder.path("runs/digits-1"))
        #expect(result.testExamples == 32 && (0...1).contains(result.testAccuracy))
        #expect(result.epochs.map(\.number) == [1, 2])
        for name in [
            "settings.json", "metrics.csv", "metrics.jsonl", "result.json", "model.martlet",
            "report.html", "plots/history.svg", "plots/history.png", "plots/confusion.png",
            "plots/predictions.png", "checkpoints/best.martlet",
        ] { #expect(folder.holds("runs/digits-1/\(name)"), "\(name)") }
        let picture = try folder.writeDigit(0, to: "zero.png", scale: 5, isInverted: true)
        let predicted = try folder.run(
            "predict", folder.path("runs/digits-1/model.martlet"), picture)
        #expect(predicted.status == 0, "\(predicted.messages)")
        #expect(predicted.messages.contains("light and dark were exchanged"))
        // The next run gets a folder of its own.
        #expect(try self.result(train(epochs: 1)).run == folder.path("runs/digits-2"))
    }

    @Test func quietPrintsTheResultAlone() throws {
        let run = try folder.run(
            "train", "digits", "--limit-train", "32", "--limit-test", "10", "--epochs", "1",
            "--quiet", "--out", folder.path("runs"))
        #expect(run.status == 0 && run.messages.isEmpty, "\(run.messages)")
        let lines = run.output.split(separator: "\n").map { String($0.prefix(15)) }
        #expect(
            lines == [
                "test accuracy  ", "test loss      ", "training       ", "model          ",
                "report         ",
            ], "\(run.output)")
        #expect(run.output.contains(" for 1 epoch, "), "\(run.output)")
    }

    @Test func aDivergedRunAdvisesInFlags() throws {
        let run = try train("--learning-rate", "1e9")
        #expect(run.status == 2)
        #expect(run.messages.contains("error: the loss is not a number any more: step "))
        #expect(run.messages.contains(" learning rate, or --clip-grad-norm 1; look at these"))
        #expect(!run.messages.contains("-nan"), "\(run.messages)")
    }

    /// The lines of a file without the time that an epoch took.
    private func lines(_ name: String) throws -> [String] {
        try folder.text(name).split(separator: "\n").map { line in
            line.hasPrefix("{")
                ? String(line.replacing(/"seconds":[-+.e0-9]+,/, with: ""))
                : line.split(separator: ",").dropLast().joined(separator: ",")
        }
    }

    /// Two epochs, then two more, are four; files that were lost come back whole.
    @Test func aResumedRunIsAsIfItHadNeverStopped() throws {
        #expect(try train(epochs: 4, in: "whole").status == 0)
        #expect(try train(epochs: 2, in: "parts").status == 0)
        try FileManager.default.removeItem(atPath: folder.path("parts/digits-1/metrics.csv"))
        try folder.write("", to: "parts/digits-1/metrics.jsonl")
        let resumed = try folder.run(
            "train", "--resume", folder.path("parts/digits-1"), "--epochs", "4", "--json")
        #expect(resumed.status == 0, "\(resumed.messages)")
        #expect(resumed.messages.contains("going on from "))
        #expect(try result(resumed).epochs.map(\.number) == [1, 2, 3, 4])
        for name in ["metrics.csv", "metrics.jsonl", "settings.json"] {
            let (whole, parts) = (
                try lines("whole/digits-1/\(name)"), try lines("parts/digits-1/\(name)")
            )
            #expect(whole == parts, "\(name)")
            #expect(whole.count >= 4, "\(name)")
        }
        let models = try ["whole", "parts"].map {
            try folder.run(
                "evaluate", folder.path("\($0)/digits-1/model.martlet"), "--json", "--quiet"
            )
            .output.replacing(folder.path($0), with: "")
        }
        #expect(models[0] == models[1] && models[0].contains("accuracy"))
    }

    /// A recipe that measures before the first step still knows the number after a stop.
    @Test func aResumedRunKeepsItsInitialAccuracy() throws {
        let data = try folder.writeIDX()
        let first = try folder.run(
            "train", "mnist-mlp", "--data", data, "--epochs", "1", "--json", "--out",
            folder.path("runs"))
        #expect(first.status == 0, "\(first.messages)")
        let initial = try result(first).initialAccuracy
        #expect(initial != nil && first.messages.contains("initial accuracy: "))
        let second = try folder.run(
            "train", "--resume", folder.path("runs/mnist-mlp-1"), "--epochs", "2", "--json")
        #expect(second.status == 0, "\(second.messages)")
        #expect(try result(second).initialAccuracy == initial)
        #expect(try result(second).epochs.count == 2)
        #expect(!second.messages.contains("initial accuracy: "))
    }

    /// A signal ends training after the step, with a word on how to go on, and the run then ends as any.
    @Test func aStoppedRunSaysHowToGoOn() throws {
        let run = folder.path("runs/digits-1")
        // A function of the shell would be a process of its own between this one and the command.
        let command = CommandRun.path(of: "martlet")
        let stopped = try folder.shell(
            """
            '\(command)' train digits --epochs 500 --limit-train 64 --limit-test 32 --quiet \
            --checkpoint-every 1 --out '\(folder.path("runs"))' &
            while ! grep -q '^2,' '\(run)/metrics.csv' 2>/dev/null; do sleep 0.05; done
            kill -TERM $!; wait $!
            """)
        #expect(stopped.status == 143, "\(stopped.messages)")
        #expect(stopped.messages.hasPrefix("interrupted by SIGTERM"))
        #expect(stopped.messages.contains("\ngo on with: martlet train --resume "))
        let done = try folder.text("runs/digits-1/metrics.csv").split(separator: "\n").count - 1
        let resumed = try folder.run(
            "train", "--resume", run, "--epochs", String(done + 2), "--json")
        #expect(resumed.status == 0, "\(resumed.messages)")
        #expect(try result(resumed).epochs.map(\.number) == Array(1...done + 2))
        let rows = try folder.text("runs/digits-1/metrics.csv").split(separator: "\n").dropFirst()
        #expect(rows.compactMap { Int($0.prefix { $0 != "," }) } == Array(1...done + 2))
    }

    @Test func whatIsMissingLeavesNoFolderBehind() throws {
        let absent = try folder.run("train", "mnist-keras", "--out", folder.path("runs"))
        #expect(absent.status == 66)
        #expect(absent.messages.contains("error: the data set mnist is not on this machine"))
        #expect(absent.messages.contains("MARTLET_DATA"))
        let other = try folder.run(
            "train", "mnist-keras", "--data", "digits", "--out", folder.path("runs"))
        #expect(other.status == 65)
        #expect(
            other.messages.hasSuffix(
                """
                error: digits cannot be used here
                  expected   grey pictures of 28 x 28 pixels for the recipe mnist-keras
                  found      grey pictures of 8 x 8 pixels
                  fix        take a recipe for such pictures: digits,
                             or give --data with pictures of the recipe's size

                """), "\(other.messages)")
        let device = try folder.run(
            "train", "digits", "--device", "cuda", "--out", folder.path("runs"))
        #expect(device.status == 69)
        #expect(!folder.holds("runs"))
    }

    @Test func aPlaceThatCannotBeWrittenIsSaidAtOnce() throws {
        let file = try folder.write("x", to: "file")
        // The data is not here either; the place is looked at first.
        let run = try folder.run("train", "mnist-keras", "--out", file)
        #expect(run.status == 73)
        #expect(run.messages.contains("error: cannot write \(file)"), "\(run.messages)")
        #expect(run.messages.contains("fix        name another folder with --out"))
    }

    @Test func runsThatCannotGoOnSayWhy() throws {
        let absent = try folder.run("train", "--resume", folder.path("runs/digits-1"))
        #expect(absent.status == 66)
        #expect(absent.messages.contains("name the folder of a run, such as runs/mnist-keras-1"))
        #expect(try train(epochs: 1).status == 0)
        let settings = "runs/digits-1/settings.json"
        let text = try folder.text(settings)
        try folder.write(text.replacing("\"momentum\" : 0", with: "\"momentum\" : 7"), to: settings)
        let edited = try folder.run("train", "--resume", folder.path("runs/digits-1"))
        #expect(edited.status == 65, "\(edited.messages)")
        #expect(edited.messages.contains("place      momentum"), "\(edited.messages)")
        #expect(edited.messages.contains("expected   from 0 to below 1\n  found      7"))
        try folder.write(text.replacing("\"epochs\" : 1", with: "\"epochs\" : \"x\""), to: settings)
        let typed = try folder.run("train", "--resume", folder.path("runs/digits-1"))
        #expect(typed.status == 65)
        #expect(typed.messages.contains("  place      epochs\n"), "\(typed.messages)")
        #expect(typed.messages.hasSuffix("  found      a string, not a number\n"))
        let file = try folder.run("train", "--resume", folder.path("runs/digits-1/model.martlet"))
        #expect(file.status == 66)
        #expect(file.messages.contains("  found      Not a directory\n"), "\(file.messages)")
        try folder.write("{", to: settings)
        let broken = try folder.run("train", "--resume", folder.path("runs/digits-1"))
        #expect(broken.status == 65)
        #expect(broken.messages.contains("expected   the settings of a run"))
        #expect(!broken.messages.contains("DecodingError"), "\(broken.messages)")
    }

    @Test func fewerEpochsThanAreDoneAreRefused() throws {
        #expect(try train(epochs: 3).status == 0)
        let settings = try folder.text("runs/digits-1/settings.json")
        let fewer = try folder.run(
            "train", "--resume", folder.path("runs/digits-1"), "--epochs", "2")
        #expect(fewer.status == 65)
        #expect(fewer.messages.contains("expected   at least the 3 that are done\n  found      2"))
        #expect(try folder.text("runs/digits-1/settings.json") == settings)
    }

    @Test func aRunGoesOnInOneProcessOnly() throws {
        #expect(try train(epochs: 1).status == 0)
        let descriptor = open(folder.path("runs/digits-1"), O_RDONLY | O_DIRECTORY)
        defer { close(descriptor) }
        try #require(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        let run = try folder.run(
            "train", "--resume", folder.path("runs/digits-1"), "--epochs", "2")
        #expect(run.status == 73)
        #expect(run.messages.contains("found      one that another process trains now"))
    }

    /// `--continue` goes on with a run of the same settings, and begins anew otherwise.
    @Test func continueFindsTheRunOfTheSameSettings() throws {
        #expect(try train(epochs: 1).status == 0)
        let origin = try origin("runs/digits-1/result.json")
        let same = try train("--continue", epochs: 1)
        #expect(same.messages.contains("going on from "), "\(same.messages)")
        #expect(try result(same).run == folder.path("runs/digits-1"))
        // Nothing was trained, so the command and the date are those of the first start.
        #expect(try self.origin("runs/digits-1/result.json") == origin)
        #expect(!origin.command.contains("--continue") && origin.finished.hasSuffix("Z"))
        let other = try train("--continue", "--seed", "1", epochs: 1)
        #expect(try result(other).run == folder.path("runs/digits-2"))
    }

    private struct Origin: Decodable, Equatable {
        var command: [String]
        var finished: String
    }

    private func origin(_ name: String) throws -> Origin {
        try JSONDecoder().decode(Origin.self, from: Data(folder.text(name).utf8))
    }

    @Test func recipesAreListed() throws {
        let list = try folder.run("train", "--list")
        #expect(list.status == 0)
        #expect(list.output.contains("\nmnist-keras "), "\(list.output)")
        #expect(list.output.contains("\ndigits "))
        let json = try folder.run("train", "--list", "--json")
        let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
        let recipes = try #require(object as? [[String: Any]])
        for recipe in recipes {
            let name = try #require(recipe["name"] as? String)
            let data = try #require(recipe["data"] as? String)
            let epochs = try #require(recipe["epochs"] as? Int)
            let line = list.output.split(separator: "\n").first { $0.hasPrefix("\(name) ") }
            let cells = line?.split(separator: " ").prefix(3).map(String.init)
            #expect(cells == [name, data, String(epochs)], "\(line ?? "")")
        }
        #expect(list.output.hasPrefix("recipe               data     epochs  what it is\n"))
        // No line is longer than the terminal, and no word is lost.
        for columns in [40, 60, 80] {
            let run = try folder.run("train", "--list", environment: ["COLUMNS": "\(columns)"])
            #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= columns })
            let words = run.output.split(whereSeparator: \.isWhitespace)
            #expect(words == list.output.split(whereSeparator: \.isWhitespace))
        }
    }
}
