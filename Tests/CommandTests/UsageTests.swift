import Foundation
import Testing

@Suite struct UsageTests {
    @Test func versionAndHelpGoToStandardOutput() throws {
        let version = try CommandRun(["--version"])
        #expect((version.status, version.output) == (0, "martlet 0.1.0\n"))
        let help = try CommandRun(["--help"])
        #expect(help.status == 0)
        #expect(help.output.contains("OVERVIEW: Train, judge and use image classifiers."))
        for line in [
            "train", "report", "predict", "evaluate", "summary", "show", "data", "bench", "demo",
            "doctor",
        ] {
            #expect(help.output.contains("\n  \(line) "), "\(line)")
        }
        for line in ["  65   bad data", "  69   no such device", "  130  interrupted"] {
            #expect(help.output.contains("\n" + line), "\(line)")
        }
        #expect(help.messages.isEmpty)
        let example = try #require(help.output.range(of: "\nExample:\n  martlet train mnist-keras"))
        let list = try #require(help.output.range(of: "\nSUBCOMMANDS:\n"))
        #expect(example.upperBound < list.lowerBound)
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
        (["help", "trian"], "error: unknown command 'trian'\n  did you mean 'train'?"),
        (["help", "data", "fecth"], "error: unknown command 'fecth'\n  did you mean 'fetch'?"),
        (["version"], "error: unknown command 'version'\n  did you mean '--version'?"),
        (["predict", "", "x.png"], "error: argument 2 is empty\n  fix        see whether "),
        (
            ["predict", "net.martlet", "-seven.png"],
            "error: -seven.png begins with - and is taken for options\n"
                + "  fix        for a file, write ./-seven.png\n"
        ),
        (["convert", "net.martlet", "-x.onnx"], "error: -x.onnx begins with - and is taken for "),
        (["train", "digits", "-e1.5"], "error: Unknown option '-e1.5'"),
        (["train", "--images", ""], "error: the value of --images is empty\n"),
        (["train", "digits", "--out="], "error: the value of --out is empty\n"),
        (
            ["train", "digits", "--epochs", "-3"],
            "error: --epochs must be from 1 to 1000000000, got -3"
        ),
        (["doctor", "--jsno"], "error: Unknown option '--jsno'"),
        (["demo", "--epochs", "0"], "error: --epochs must be at least 1, got 0"),
        (
            ["demo", "--epochs", "many"],
            "error: The value 'many' is invalid for '--epochs <epochs>'"
        ),
        (
            ["train"],
            "error: give one of: a recipe, --images folder, --resume run\n  recipes    mnist"
        ),
        (
            ["train", "mnist-kears"],
            "error: there is no recipe mnist-kears; did you mean mnist-keras?"
        ),
        (
            ["train", "digits", "--epochs", "0"],
            "error: --epochs must be from 1 to 1000000000, got 0"
        ),
        (["train", "digits", "--lr", "nan"], "error: --lr must be above 0 and at most "),
        (
            ["train", "digits", "--momentum", "1"],
            "error: --momentum must be from 0 to below 1, got 1"
        ),
        (
            ["train", "digits", "--model-ema", "0.99999999"],
            "error: --model-ema must be from 0 to below 1, got 0.99999999, which is 1 as f32"
        ),
        (
            ["train", "digits", "--clip-grad-norm", "1e-46"],
            "error: --clip-grad-norm must be above 0 and at most "
        ),
        (
            ["train", "cifar10-resnet", "--momentum", "1e-46"],
            "error: --momentum must be above 0 to look ahead (nesterov), got 1e-46"
        ),
        (
            ["train", "digits", "--momentum", "0.9"],
            "error: --momentum is for --opt sgd, and this run has adam"
        ),
        (
            ["train", "digits", "--mixup-alpha", "0"],
            "error: --mixup-alpha must be above 0 and at most 1000, got 0"
        ),
        (["train", "digits", "--limit-train", "0"], "error: --limit-train must be from 1 to "),
        (
            ["train", "digits", "--image-size", "8"],
            "error: --image-size and --grey are for --images"
        ),
        (
            ["train", "--images", "x", "--image-size", "4"],
            "error: --image-size must be from 8 to 1024, got 4"
        ),
        (
            ["train", "cifar10-resnet", "--lr-warmup-epochs", "2"],
            "error: --lr-warmup-epochs must be 0 with the schedule one-cycle, which rises by itself, got 2"
        ),
        (
            ["train", "--resume", "runs/x", "--lr", "1"],
            "error: --resume goes on with the run's own settings; --lr cannot be given with it"
        ),
        (
            ["train", "digits", "--quiet", "--verbose"],
            "error: --quiet and --verbose exclude each other"
        ),
        (["report", "x", "--threads", "2"], "error: Unknown option '--threads'"),
        (
            ["bench", "digits", "--seconds", "0"],
            "error: --seconds must be above 0 and at most 3600, got 0"
        ),
        (["bench", "--profile"], "error: --profile takes one recipe apart; name one"),
        (
            ["bench", "digits", "--trace", "x.json"],
            "error: --predict, --trace and --in-order are for --profile"
        ),
        (["bench", "digist"], "error: there is no recipe digist; did you mean digits?"),
        (["demo", "--batch-size", "2000"], "error: --batch-size must be from 1 to 1437, got 2000"),
    ])
    func badUsageEndsWith64(arguments: [String], message: String) throws {
        let run = try CommandRun(arguments)
        #expect(run.status == 64)
        #expect(run.messages.hasPrefix(message), "\(run.messages)")
        #expect(run.output.isEmpty)
    }

    /// Scripts that the shells read without complaint, as far as the shells are here.
    @Test(arguments: ["bash", "zsh", "fish"])
    func completionScriptsAreWhole(shell: String) throws {
        let run = try CommandRun(["--generate-completion-script", shell])
        #expect(run.status == 0 && run.messages.isEmpty, "\(run.messages)")
        for word in ["train", "mnist-keras", "--learning-rate", "bench", "--data-dir"] {
            let plain = shell == "fish" ? word.replacing(/^--/, with: "") : word
            #expect(run.output.contains(plain), "\(word)")
        }
        for place in ["/bin/\(shell)", "/usr/bin/\(shell)"] {
            guard FileManager.default.isExecutableFile(atPath: place) else { continue }
            let file = FileManager.default.temporaryDirectory
                .appendingPathComponent("martlet-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: file) }
            try Data(run.output.utf8).write(to: file)
            let check = try CommandRun(
                ["-n", file.path], executable: URL(fileURLWithPath: place))
            #expect(check.status == 0 && check.messages.isEmpty, "\(check.messages)")
            break
        }
    }
}
