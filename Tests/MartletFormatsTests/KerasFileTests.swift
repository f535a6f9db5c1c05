import Foundation
import MartletFormats
import MartletGraph
import Testing

@Suite struct KerasFileTests {
    static let files = [
        "cnn.keras", "cnn.weights.h5", "cnn_legacy.h5", "cnn_keras2.h5", "cnn_keras2_weights.h5",
        "cnn_keras2.keras",
    ]

    @Test(arguments: files) func readsEveryVariable(name: String) throws {
        let file = try KerasFile(Fixtures.contents("weights/\(name)"))
        let expected = try Fixtures.archive("weights/keras_expected.npz")
        let paths = try #require(
            Fixtures.json("weights/keras.json")["parameters"] as? [String])
        #expect(file.variables.map(\.path) == paths)
        for variable in file.variables {
            #expect(variable.value == (try expected.array("param.\(variable.path)")), "\(name)")
        }
    }

    @Test(arguments: files) func readsTheArchitecture(name: String) throws {
        let file = try KerasFile(Fixtures.contents("weights/\(name)"))
        guard let json = file.configuration else {
            #expect(name.contains("weights"))
            return
        }
        let model = try #require(KerasConfiguration(json))
        #expect(model.kind == "Sequential")
        #expect(
            model.layers.map(\.kind) == [
                "InputLayer", "Conv2D", "MaxPooling2D", "Conv2D", "MaxPooling2D", "Flatten",
                "Dense", "Dense",
            ])
        #expect(model.layers[1].name == "conv2d")
        #expect(model.layers[1].config["filters"] as? Int == 4)
    }

    /// Damaged files are refused; a layer with code is read as weights, and its code is left alone.
    @Test func refusesBadFiles() throws {
        let bad = try Fixtures.bad("weights/bad/bad.json", key: "files")
            .filter { $0.file.hasSuffix(".h5") || $0.file.hasSuffix(".keras") }
        #expect(bad.count == 5)
        for file in bad where file.file != "lambda_layer.keras" {
            Fixtures.expectRefusal(file.file) {
                _ = try KerasFile(Fixtures.contents("weights/bad/\(file.file)"))
            }
        }
        let lambda = try KerasFile(Fixtures.contents("weights/bad/lambda_layer.keras"))
        let kinds = KerasConfiguration(lambda.configuration ?? "")?.layers.map(\.kind) ?? []
        #expect(kinds.contains("Lambda"))
        #expect(!FileManager.default.fileExists(atPath: Fixtures.traceOfAttack))
    }

    @Test func refusesFilesWithoutWeights() throws {
        var writer = HDF5Writer()
        writer.add(HostTensor(Float(1)), at: "optimizer/vars/0")
        let bytes = try writer.bytes()
        let error = Fixtures.expectRefusal("no weights") {
            _ = try KerasFile(FileContents(bytes, name: "made.h5"))
        }
        #expect(error?.found == "optimizer")
        Fixtures.expectRefusal("a zip file of something else") {
            _ = try KerasFile(Fixtures.contents("weights/keras_expected.npz"))
        }
    }

    @Test func namesAndOrdersVariablesWithoutArchitecture() throws {
        var writer = HDF5Writer()
        let number = HostTensor([Float(1)], shape: [1])
        for layer in ["conv2d_10", "conv2d_9", "batch_normalization", "batch_normalization_1"] {
            for index in 0..<(layer.hasSuffix("normalization") ? 4 : 2) {
                writer.add(number, at: "layers/\(layer)/vars/\(index)")
            }
        }
        writer.add(number, at: "layers/dropout/seed_generator/vars/0")
        writer.add(number, at: "layers/odd/vars/0")
        let file = try KerasFile(FileContents(writer.bytes(), name: "made.h5"))
        #expect(
            file.variables.map(\.path) == [
                "batch_normalization/gamma", "batch_normalization/beta",
                "batch_normalization/moving_mean", "batch_normalization/moving_variance",
                "batch_normalization_1/moving_mean", "batch_normalization_1/moving_variance",
                "conv2d_9/kernel", "conv2d_9/bias", "conv2d_10/kernel", "conv2d_10/bias", "odd/0",
            ])
    }
}
