import Foundation
import Martlet
import MartletData
import MartletFormats
import Testing

@Suite struct ConvertTests {
    let folder: CommandFolder

    init() throws { folder = try CommandFolder() }

    private static let weights = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("MartletFormatsTests/Fixtures/weights")

    private func fixture(_ name: String) -> String {
        Self.weights.appendingPathComponent(name).path
    }

    private struct Record: Decodable {
        var isWritten: Bool
        var isComplete: Bool
        var arrays: [Array]
        var matched: [Match]
        var missing: [Orphan]
        var unexpected: [Orphan]

        struct Array: Decodable {
            var name: String
            var type: String
        }

        struct Match: Decodable {
            var path: String
            var name: String
            var changes: [String]
        }

        struct Orphan: Decodable {
            var name: String
            var nearest: String?
        }
    }

    private func record(_ run: CommandRun) throws -> Record {
        try JSONDecoder().decode(Record.self, from: Data(run.output.utf8))
    }

    private struct Accuracy: Decodable {
        var accuracy: Double
        var count: Int
    }

    private func accuracy(_ arguments: String..., engine: String? = nil) throws -> Accuracy {
        let run = try CommandRun(
            ["evaluate"] + arguments + ["--data", "digits", "--json"],
            environment: environment(engine))
        #expect(run.status == 0, "\(arguments): \(run.messages)")
        return try JSONDecoder().decode(Accuracy.self, from: Data(run.output.utf8))
    }

    private func environment(_ engine: String?) -> [String: String] {
        folder.environment.merging(engine.map { ["MARTLET_ENGINE": $0] } ?? [:]) { $1 }
    }

    /// Every form that keeps the model judges as the model itself.
    @Test func everyFormJudgesAlike() throws {
        let model = try folder.writeModel()
        let wanted = try accuracy(model).accuracy
        #expect(wanted > 0.85)
        for name in ["net.onnx", "again.martlet"] {
            let run = try folder.run("convert", model, folder.path(name))
            #expect(run.status == 0, "\(run.messages)")
            #expect(
                run.output == """
                    read     \(model): a model file
                    wrote    \(folder.path(name)): 2 arrays, 2600 bytes

                    """)
            #expect(try accuracy(folder.path(name)).accuracy == wanted, "\(name)")
        }
        for name in ["net.pth", "net.safetensors", "net.npz", "net.weights.h5", "net.pt"] {
            let run = try folder.run("convert", model, folder.path(name))
            #expect(run.status == 0, "\(run.messages)")
            #expect(
                try accuracy(folder.path(name), "--like", model).accuracy == wanted, "\(name)")
            let back = folder.path(name + ".martlet")
            let again = try folder.run("convert", folder.path(name), back, "--like", model)
            #expect(again.status == 0, "\(again.messages)")
            #expect(try accuracy(back).accuracy == wanted, "\(name)")
        }
        let digit = try folder.writeDigit(3, to: "digit.png", scale: 4)
        let lines = try [model, folder.path("net.onnx")].map {
            try folder.run("predict", $0, digit, "--quiet").output
        }
        #expect(lines[0] == lines[1] && !lines[0].isEmpty)
        let weights = try folder.run(
            "predict", folder.path("net.pth"), digit, "--quiet", "--like", model)
        #expect(weights.output == lines[0], "\(weights.messages)")
    }

    @Test func aDryRunListsWhatFits() throws {
        let result = folder.path("net.martlet")
        let run = try folder.run(
            "convert", fixture("full_cnn_small.pth"), result, "--recipe", "mnist-cnn", "--dry-run")
        #expect(run.status == 0, "\(run.messages)")
        #expect(
            run.output.contains("  matched     conv1.weight from conv1.weight f32[10,1,5,5]\n"),
            "\(run.output)")
        #expect(run.output.contains("8 matched, 0 differences\n"))
        #expect(!FileManager.default.fileExists(atPath: result))

        let other = try folder.run(
            "convert", fixture("net.pth"), result, "--recipe", "mnist-mlp", "--dry-run", "--json")
        #expect(other.status == 65)
        let record = try self.record(other)
        #expect(!record.isWritten && !record.isComplete)
        #expect(record.missing.contains { $0.name == "fc3.weight" })
        #expect(record.unexpected.contains { $0.name == "conv1.weight" })
    }

    @Test func whatDoesNotFitIsRefusedUnlessAllowed() throws {
        let result = folder.path("net.martlet")
        let strict = try folder.run(
            "convert", fixture("full_resblock.pth"), result, "--recipe", "digits")
        #expect(strict.status == 65)
        #expect(strict.messages.contains("  missing     layers."), "\(strict.messages)")
        #expect(strict.messages.contains("  unexpected  bn1.weight"), "\(strict.messages)")
        let arrays = folder.path("part.npz")
        try NumpyArchive.write(
            [
                (
                    "net.layers.0.weight",
                    HostTensor([Float](repeating: 2, count: 144), shape: [16, 1, 3, 3])
                ),
                ("more", HostTensor([Float(1)], shape: [1])),
            ], to: URL(fileURLWithPath: arrays))
        let partial = try folder.run(
            "convert", arrays, result, "--recipe", "digits", "--partial", "--rename", "net.=")
        #expect(partial.status == 0, "\(partial.messages)")
        #expect(partial.messages.contains("note: 7 parameters keep the values that they had\n"))
        #expect(partial.messages.contains("note: 1 arrays are left over\n"))
        let model = try ModelFile(contentsOf: URL(fileURLWithPath: result))
        #expect(model.weights["model/layers.0.weight"]?.doubles.allSatisfy { $0 == 2 } == true)
    }

    /// Keras' kernels are turned round, and the order of the flattened picture too.
    @Test func kernelsOfKerasAreTurned() throws {
        let net = Sequential {
            Conv2D(4, kernelSize: 3, activation: .relu)
            MaxPool2D(2)
            Conv2D(6, kernelSize: 3, activation: .relu)
            MaxPool2D(2)
            Flatten()
            Dense(12, activation: .relu)
            Dense(10)
        }
        let trainer = try Trainer(
            net, inputShape: [1, 28, 28], optimizer: SGD(learningRate: 0.1), loss: .crossEntropy)
        let template = folder.path("template.martlet")
        try trainer.modelFile(
            ModelDescription(
                name: "net", classNames: Dataset.digitNames, output: .logits,
                preparation: PicturePreparation(width: 28, height: 28, channels: 1))
        ).write(to: URL(fileURLWithPath: template))
        let run = try folder.run(
            "convert", fixture("cnn.weights.h5"), folder.path("net.safetensors"), "--like",
            template, "--json")
        #expect(run.status == 0, "\(run.messages)")
        let record = try self.record(run)
        #expect(record.isWritten && record.isComplete && record.matched.count == 8)
        let dense = try #require(record.matched.first { $0.path == "layers.5.weight" })
        #expect(dense.name == "dense/kernel")
        #expect(dense.changes == ["axes [1, 0]", "features of [6, 5, 5] from H, W, C"])
        // The same weights as of the model that is rebuilt from its architecture.
        for (source, name) in [("net.safetensors", "a.martlet"), ("cnn.keras", "b.martlet")] {
            let path = source == "cnn.keras" ? fixture(source) : folder.path(source)
            let run = try folder.run("convert", path, folder.path(name), "--like", template)
            #expect(run.status == 0, "\(run.messages)")
        }
        let rebuilt = try folder.run("convert", fixture("cnn.keras"), folder.path("c.martlet"))
        #expect(rebuilt.status == 0)
        #expect(rebuilt.messages.contains("note: pixels are taken as numbers from 0 to 1\n"))
        let files = try ["a", "b", "c"].map {
            try ModelFile(contentsOf: URL(fileURLWithPath: folder.path("\($0).martlet"))).weights
        }
        #expect(files[0] == files[1])
        #expect(
            files[0].values.map(\.bytes).sorted { $0.lexicographicallyPrecedes($1) }
                == files[2].values.map(\.bytes).sorted { $0.lexicographicallyPrecedes($1) })
    }

    @Test func arraysKeepTheirNamesWithoutANetwork() throws {
        let run = try folder.run(
            "convert", fixture("paddle_cnn.pdparams"), folder.path("net.safetensors"), "--verbose")
        #expect(run.status == 0, "\(run.messages)")
        #expect(run.messages.contains("names and orders stay as they are"))
        #expect(run.output.contains("  array       fc.weight f32[125,10]\n"), "\(run.output)")
        let file = try Safetensors(contentsOf: URL(fileURLWithPath: folder.path("net.safetensors")))
        #expect(file.names.contains("bn._mean"))
    }

    /// A model that gives one number has no classes of its own; the data's stand for it.
    @Test func aNumberTakesTheClassesOfTheData() throws {
        let onnx = Self.weights.deletingLastPathComponent()
            .appendingPathComponent("onnx/linear.onnx").path
        let converted = folder.path("linear.martlet")
        let run = try folder.run("convert", onnx, converted)
        #expect(run.status == 0, "\(run.messages)")
        let digits = try Dataset.digits(.test)
        for label in 0..<10 {
            let number = try #require(digits.labels.firstIndex(of: Int32(label)))
            try folder.writeDigit(number, to: "pictures/\(label)/1.png", scale: 4)
        }
        for model in [onnx, converted] {
            let run = try folder.run(
                "evaluate", model, "--data", folder.path("pictures"), "--split", "train", "--json")
            #expect(run.status == 0, "\(run.messages)")
            let result = try JSONDecoder().decode(Accuracy.self, from: Data(run.output.utf8))
            #expect(result.count == 10)
        }
    }

    @Test func usageIsExplained() throws {
        let model = try folder.writeModel()
        let there = try folder.run("convert", model, model)
        #expect(there.status == 73)
        #expect(
            there.messages.contains("fix        choose another name, or replace it with --force"))
        let forced = try folder.run("convert", model, model, "--force")
        #expect(forced.status == 0, "\(forced.messages)")
        let form = try folder.run("convert", model, folder.path("net.keras"))
        #expect(form.status == 64)
        #expect(form.messages.contains("fix        for Keras, NAME.weights.h5 and load_weights"))
        let alone = try folder.run("convert", fixture("net.pth"), folder.path("net.onnx"))
        #expect(alone.status == 64)
        #expect(alone.messages.contains("fix        name one: --recipe mnist-cnn"))
        let absent = try folder.run("convert", folder.path("none.pth"), folder.path("x.npz"))
        #expect(absent.status == 66)
        let slip = try folder.run(
            "convert", fixture("net.pth"), folder.path("x.onnx"), "--recipe", "mnist-cn")
        #expect(slip.messages.contains("did you mean mnist-cnn?"), "\(slip.messages)")
        let idle = try folder.run("convert", model, folder.path("x.onnx"), "--range", "unit")
        #expect(idle.status == 64)
        #expect(idle.messages == "error: --range changes nothing for a model file here\n")
        let hostile = try folder.run(
            "convert", fixture("bad/os_system.pth"), folder.path("x.npz"))
        #expect(hostile.status == 65)
        #expect(hostile.messages.contains("asks to run code; nothing was run"))
        let lambda = try folder.run(
            "convert", fixture("bad/lambda_layer.keras"), folder.path("x.martlet"))
        #expect(lambda.status == 65)
        #expect(lambda.messages.contains("found      Lambda"), "\(lambda.messages)")
        #expect(!FileManager.default.fileExists(atPath: "/tmp/martlet_pwned"))
        #expect(!FileManager.default.fileExists(atPath: folder.path("x.npz")))
    }

    /// A run leads to its model, and its checkpoints to the network of its recipe.
    @Test func runsAndCheckpointsAreRead() throws {
        let train = try CommandRun(
            [
                "train", "digits", "--epochs", "2", "--model-ema", "0.9", "--quiet", "--out",
                folder.path("runs"), "--limit-train", "320",
            ], environment: environment(""))
        #expect(train.status == 0, "\(train.messages)")
        let run = folder.path("runs/digits-1")
        let wanted = try accuracy(run + "/model.martlet", engine: "").accuracy
        #expect(try accuracy(run, engine: "").accuracy == wanted)
        // The checkpoint judges by the averages that it keeps, as the run did.
        #expect(try accuracy(run + "/checkpoints", engine: "").accuracy == wanted)
        try FileManager.default.removeItem(atPath: run + "/model.martlet")
        #expect(try accuracy(run, engine: "").accuracy == wanted)
        let convert = try folder.run("convert", run, folder.path("net.onnx"))
        #expect(convert.output.contains("network  the network of the run "), "\(convert.messages)")
        #expect(try accuracy(folder.path("net.onnx"), engine: "").accuracy == wanted)
        for name in ["average", "latest"] {
            let run = try CommandRun(
                ["convert", run, folder.path("\(name).npz")]
                    + (name == "latest" ? ["--latest"] : []), environment: environment(""))
            #expect(run.status == 0, "\(run.messages)")
        }
        let arrays = try ["average", "latest"].map {
            try NumpyArchive(contentsOf: URL(fileURLWithPath: folder.path("\($0).npz")))
                .array("layers.0.weight")
        }
        #expect(arrays[0].type == arrays[1].type && arrays[0] != arrays[1])
    }
}
