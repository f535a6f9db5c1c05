import Foundation
import MartletFormats
import MartletGraph
import Testing

/// Files of PyTorch, PaddlePaddle and NumPy against the arrays that those programs saw in them.
@Suite struct WeightFileTests {
    /// Compares every array named `prefix` and more with the tensor named `path` and the same.
    private func expectParameters(
        _ url: URL, _ expected: NumpyArchive, prefix: String, path: String = "",
        isAll: Bool = true
    ) throws {
        let file = try WeightFile.open(url)
        let names = expected.names.filter { $0.hasPrefix(prefix) }
        #expect(!names.isEmpty, "\(prefix)")
        for name in names {
            let tensor = try file.tensor(path + name.dropFirst(prefix.count))
            #expect(try expected.array(name) == tensor, "\(url.lastPathComponent) \(name)")
        }
        if isAll { #expect(file.entries.count == names.count, "\(file.names)") }
        for (name, tensor) in try file.tensors() { #expect(file.entry(name)?.type == tensor.type) }
    }

    @Test(arguments: [
        ("net.pth", "net.param.", ""), ("net_legacy.pth", "net.param.", ""),
        ("net_proto4.pth", "net.param.", ""), ("net_module.pkl", "net.param.", ""),
        ("net_dataparallel.pth", "net.param.", "module."), ("net_f16.pth", "net_f16.param.", ""),
        ("net_bf16.pth", "net_bf16.param.", ""), ("net_f64.pth", "net.param.", ""),
        ("net_rezipped_deflate.pth", "net.param.", ""), ("storages.pth", "storages.", ""),
        ("storages_legacy.pth", "storages.", ""), ("net.safetensors", "net.param.", ""),
        ("full_resblock_f16.pth", "full_resblock_f16.param.", ""),
    ])
    func readsWeightsOfPyTorch(name: String, prefix: String, path: String) throws {
        let expected = try Fixtures.archive("weights/torch_expected.npz")
        let url = Fixtures.url("weights/\(name)")
        if name == "net_f64.pth" {
            let file = try WeightFile.open(url)
            for name in expected.names where name.hasPrefix(prefix) {
                let tensor = try file.tensor(String(name.dropFirst(prefix.count)))
                #expect(tensor.type.dtype == .float64)
                #expect(try expected.array(name).doubles == tensor.doubles, "\(name)")
            }
            return
        }
        try expectParameters(url, expected, prefix: prefix, path: path)
    }

    @Test(arguments: ["sgd", "adam"]) func readsCheckpoints(kind: String) throws {
        let expected = try Fixtures.archive("weights/torch_expected.npz")
        let url = Fixtures.url("weights/checkpoint_\(kind).pth")
        let stem = "checkpoint_\(kind)"
        try expectParameters(
            url, expected, prefix: "\(stem).param.", path: "model_state_dict.", isAll: false)
        try expectParameters(
            url, expected, prefix: "\(stem).opt.", path: "optimizer_state_dict.state.",
            isAll: false)
        let file = try WeightFile.open(url)
        let all = expected.names.filter {
            $0.hasPrefix("\(stem).param.") || $0.hasPrefix("\(stem).opt.")
        }
        #expect(file.entries.count == all.count)
        #expect(file.value("epoch") == .integer(7))
        let loss = kind == "sgd" ? 2.3128128051757812 : 2.29807710647583
        #expect(file.value("loss") == .number(loss))
        let group = "optimizer_state_dict.param_groups.0"
        #expect(file.value("\(group).lr") == .number(kind == "sgd" ? 0.01 : 0.001))
        #expect(file.value("\(group).foreach") == WeightValue.none)
        #expect(file.value("\(group).params.7") == .integer(7))
        #expect(
            file.value("\(group).\(kind == "sgd" ? "nesterov" : "amsgrad")") == .truth(false))
    }

    @Test func readsNumbersAndObjectsBesideWeights() throws {
        let expected = try Fixtures.archive("weights/torch_expected.npz")
        let url = Fixtures.url("weights/checkpoint_numpy.pth")
        try expectParameters(
            url, expected, prefix: "net.param.", path: "state_dict.", isAll: false)
        let file = try WeightFile.open(url)
        #expect(file.value("epoch") == .integer(3))
        #expect(file.value("best_acc") == .number(0.9125))
        #expect(file.value("args.lr") == .number(0.01))
        #expect(file.value("args.name") == .text("run"))
        #expect(try file.tensor("history").type.dtype == .float32)
    }

    @Test func readsNestedContainers() throws {
        let file = try WeightFile.open(Fixtures.url("weights/nested.pth"))
        #expect(try file.tensor("list.0").doubles == [1, 2])
        #expect(try file.tensor("list.1.0") == HostTensor([Int64(3)], shape: [1, 1]))
        #expect(try file.tensor("od.a").doubles == [0, 0])
        #expect(try file.tensor("od.b.c").type.shape == [])
        #expect(try file.tensor("(tuple, 1)").doubles == [9])
        #expect(file.value("list.1.1") == WeightValue.none)
        #expect(file.value("list.1.2") == .truth(true))
        #expect(file.value("list.1.4") == .text("text \u{E9}"))
        #expect(file.value("list.1.6") == .integer(-5))
        #expect(file.value("3") == .text("integer key"))
        #expect(file.value("device") == .text("cpu"))
        #expect(file.value("dtype") == .other("torch.float32"))
        #expect(file.value("size.1") == .integer(3))
        #expect(file.value("float_inf") == .number(.infinity))
        let single = try WeightFile.open(Fixtures.url("weights/tensor.pt"))
        let expected = try Fixtures.archive("weights/torch_expected.npz").array("tensor")
        #expect(try single.tensor("tensor") == expected)
    }

    @Test func keepsTheNumberTypesOfTheFile() throws {
        let torch = try WeightFile.open(Fixtures.url("weights/storages.pth"))
        #expect(torch.entry("dtype_bfloat16")?.storedType == "bfloat16")
        #expect(torch.entry("dtype_int8")?.storedType == "int8")
        #expect(torch.entry("dtype_int8")?.type == TensorType(.int32, [5]))
        #expect(torch.entries.first?.name == "base")
        let paddle = try WeightFile.open(Fixtures.url("weights/paddle_cnn.pdparams"))
        #expect(paddle.entry("conv1.weight")?.storedType == "float32")
    }

    @Test func refusesWhatHasNoCounterpart() throws {
        for (name, part) in [
            ("complex.pth", "ComplexFloatStorage"), ("sparse.pth", "sparse"),
            ("torchscript.pt", "TorchScript"),
        ] {
            let error = Fixtures.expectRefusal(name) {
                _ = try WeightFile.open(Fixtures.url("weights/\(name)"))
            }
            #expect(error?.kind == .unsupported)
            #expect(error?.found.contains(part) == true, "\(name): \(error?.found ?? "")")
            #expect(error?.fix.isEmpty == false, "\(name)")
        }
    }

    @Test(arguments: [
        "paddle_cnn.pdparams", "paddle_cnn_proto2.pdparams", "paddle_cnn_numpy1_proto2.pdparams",
        "paddle_cnn_numpy1_proto4.pdparams",
    ])
    func readsWeightsOfPaddlePaddle(name: String) throws {
        let expected = try Fixtures.archive("weights/paddle_expected.npz")
        let url = Fixtures.url("weights/\(name)")
        try expectParameters(url, expected, prefix: "cnn.param.")
        let file = try WeightFile.open(url)
        #expect(file.format == "PaddlePaddle")
        #expect(file.value("StructuredToParameterName@@.fc.weight") == .text("linear_2.w_0"))
    }

    @Test func readsOtherFilesOfPaddlePaddle() throws {
        let expected = try Fixtures.archive("weights/paddle_expected.npz")
        try expectParameters(
            Fixtures.url("weights/paddle_linear.pdparams"), expected, prefix: "linear.param.")
        let optimizer = Fixtures.url("weights/paddle_cnn.pdopt")
        try expectParameters(optimizer, expected, prefix: "cnn.opt.")
        let file = try WeightFile.open(optimizer)
        #expect(file.value("LR_Scheduler.last_epoch") == .integer(3))
        #expect(file.value("LR_Scheduler.last_lr") == .number(0.001))
        let empty = try WeightFile.open(Fixtures.url("weights/paddle_linear.pdopt"))
        #expect(empty.entries.isEmpty && empty.format == "PaddlePaddle")
    }

    /// Inside other containers PaddlePaddle saves a tensor as the tuple of its name and numbers.
    @Test func readsNamedTensorsOfPaddlePaddle() throws {
        let array =
            "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR"
            + "(I1\n(I2\ntcnumpy\ndtype\n(S'u1'\ntRI00\nS'\\x05\\x06'\ntb"
        let pickle = "(dS'model'\n(dS'w'\nc__builtin__\ntuple\n((Vlinear_0.w_0\n\(array)ttRss."
        let file = try WeightFile.open(FileContents(Array(pickle.utf8), name: "nested"))
        #expect(try file.tensor("model.w") == HostTensor([5, 6] as [UInt8], shape: [2]))
        #expect(file.entries.count == 1 && file.values.isEmpty)
    }

    @Test func readsFilesOfNumPy() throws {
        let expected = try Fixtures.archive("weights/paddle_expected.npz")
        let pickle = Fixtures.url("weights/numpy_dict.pkl")
        try expectParameters(
            pickle, expected, prefix: "cnn.param.", path: "model.", isAll: false)
        #expect(try WeightFile.open(pickle).value("epoch") == .integer(4))
        let archive = try WeightFile.open(Fixtures.url("weights/bad/control.npz"))
        #expect(archive.format == "NumPy (npz)")
        #expect(archive.entry("handmade_good.t")?.storedType == "float32")
        #expect(try archive.tensor("control_good.fc.weight").type.shape == [10, 10])
        let array = NumpyArray.write(HostTensor([1, 2] as [UInt8], shape: [2]))
        let single = try WeightFile.open(FileContents(array, name: "array"))
        #expect(try single.tensor("array").doubles == [1, 2])
    }

    /// Larger files that do not come with the tests.
    @Test func readsWeightsOfOtherFolders() throws {
        if let url = Fixtures.shared("weights/net_module_legacy.pkl") {
            let expected = try Fixtures.archive("weights/torch_expected.npz")
            try expectParameters(url, expected, prefix: "net.param.")
        }
        for name in ["cnn_small", "resblock"] {
            guard let url = Fixtures.shared("weights/full_\(name).pth"),
                let net = Fixtures.shared("nets/\(name).npz")
            else { continue }
            let expected = try NumpyArchive(contentsOf: net)
            let file = try WeightFile.open(url)
            #expect(file.entries.count >= 8)
            for entry in file.entries where !entry.name.hasSuffix("num_batches_tracked") {
                #expect(
                    try expected.array("param.\(entry.name)") == file.tensor(entry.name),
                    "\(name) \(entry.name)")
            }
        }
    }

    @Test func recognizesByContents() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, format) in [
            ("net.pth", "PyTorch (zip)"), ("net_legacy.pth", "PyTorch (before 1.6)"),
            ("net.safetensors", "safetensors"), ("paddle_cnn.pdparams", "PaddlePaddle"),
            ("numpy_dict.pkl", "pickle"),
        ] {
            let copy = folder.appendingPathComponent("\(name).npy")
            try FileManager.default.copyItem(at: Fixtures.url("weights/\(name)"), to: copy)
            #expect(try WeightFile.open(copy).format == format)
        }
        let hdf5: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0]
        for (bytes, found) in [
            (hdf5, "HDF5"), ([8, 7, 0x12, 7], "ONNX"), (Array("<html>".utf8), "<html>"),
            ([], "empty"),
        ] {
            let error = Fixtures.expectRefusal(found) {
                _ = try WeightFile.open(
                    FileContents(bytes, name: "unknown"), formats: [.safetensors, .pickle])
            }
            #expect(error?.found.contains(found) == true, "\(error?.found ?? "")")
        }
        let own = WeightFormat(
            name: "own", recognizes: { $0.bytes == hdf5 },
            open: { (file) throws(FormatError) in
                try WeightFile(
                    fileName: file.name, format: "own",
                    entries: [.init(name: "a", storedType: "x", type: TensorType(.bool, []))],
                    load: { _ in HostTensor(true) })
            })
        let file = try WeightFile.open(FileContents(hdf5, name: "h"), formats: [.pickle, own])
        #expect(try file.tensor("a") == HostTensor(true))
        let error = Fixtures.expectRefusal("absent") { _ = try file.tensor("b") }
        #expect(error?.found == "a")
    }
}
