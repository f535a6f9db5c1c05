import Foundation
import MartletFormats
import MartletGraph
import Testing

/// Weight files that lie, are broken, or would run code in a careless reader.
@Suite struct BadWeightTests {
    /// Files of the list that may be read: nothing of them is wrong for this reader.
    private static let readable: Set<String> = ["huge_frame.pkl"]

    private static let endings = [".pth", ".pkl", ".pdopt", ".pdparams", ".safetensors"]

    @Test func refusesEveryBadFile() throws {
        let control = try Fixtures.archive("weights/bad/control.npz")
        var counts = (refused: 0, read: 0)
        for bad in try Fixtures.bad("weights/bad/bad.json", key: "files") {
            guard Self.endings.contains(where: bad.file.hasSuffix) else { continue }
            let url = Fixtures.url("weights/bad/\(bad.file)")
            if bad.category == "control" {
                let stem = String(bad.file.prefix { $0 != "." })
                    .replacingOccurrences(of: "_legacy", with: "")
                let file = try WeightFile.open(url)
                for name in control.names where name.hasPrefix(stem + ".") {
                    let tensor = try file.tensor(String(name.dropFirst(stem.count + 1)))
                    #expect(try tensor == control.array(name), "\(bad.file) \(name)")
                    counts.read += 1
                }
                continue
            }
            if Self.readable.contains(bad.file) {
                _ = try WeightFile.open(url)
                continue
            }
            if bad.file == "big_endian_flag.pth" {
                try expectSwapped(url)
                continue
            }
            let error = Fixtures.expectRefusal(bad.file) {
                _ = try WeightFile.open(url).tensors()
            }
            counts.refused += 1
            if bad.category == "malicious", bad.must.contains("naming"),
                bad.file != "unknown_class.pth"
            {
                #expect(error?.kind == .forbidden, "\(bad.file): \(error?.description ?? "")")
            }
        }
        #expect(counts.read >= 6 && counts.refused >= 85)
        #expect(!FileManager.default.fileExists(atPath: Fixtures.traceOfAttack))
        print("weights: \(counts.refused) bad files refused, \(counts.read) good tensors read")
    }

    /// The record says that the highest byte comes first, so the numbers must not be the others.
    private func expectSwapped(_ url: URL) throws {
        let file = try WeightFile.open(url)
        let control = try WeightFile.open(Fixtures.url("weights/bad/control_good.pth"))
        for (name, tensor) in try file.tensors() where control.entry(name) != nil {
            let other = try control.tensor(name)
            var swapped: [UInt8] = []
            for start in stride(from: 0, to: other.bytes.count, by: 4) {
                swapped += other.bytes[start..<start + 4].reversed()
            }
            #expect(tensor.bytes == swapped, "\(name)")
        }
    }

    @Test func namesWhatItRefuses() throws {
        for (file, parts) in [
            ("os_system.pth", ["posix.system"]), ("os_system_legacy.pth", ["posix.system"]),
            ("popen.pth", ["commands.Popen", "subprocess.Popen"]),
            ("builtins_eval.pth", ["__builtin__.eval", "builtins.eval"]),
            ("torch_load_in_reduce.pth", ["torch.serialization.load", "torch.load"]),
            ("allowed_prefix.pkl", ["torch._utils._import_dotted_name"]),
            ("missing_storage.pth", ["no such entry"]),
            ("unknown_storage.pth", ["torch.EvilStorage"]),
        ] {
            let error = Fixtures.expectRefusal(file) {
                _ = try WeightFile.open(Fixtures.url("weights/bad/\(file)"))
            }
            #expect(parts.contains(error?.found ?? ""), "\(error?.description ?? "")")
        }
    }

    // MARK: Files made here, in the form from before PyTorch 1.6, whose pickles can be texts

    /// Every scalar of `object` stands for the byte of its number.
    private func made(_ object: String, storage: [Float] = [0, 1, 2, 3]) throws -> WeightFile {
        let mark: [UInt8] = [
            0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
        ]
        let keys = object.contains("storage") ? "(lS'0'\na." : "(l."
        var bytes =
            mark + Array("I1001\n.}.\(object).\(keys)".unicodeScalars.map { UInt8($0.value) })
        if object.contains("storage") {
            bytes += (0..<8).map { UInt8(truncatingIfNeeded: storage.count >> (8 * $0)) }
            bytes += storage.withUnsafeBytes { Array($0) }
        }
        return try WeightFile.open(FileContents(bytes, name: "made"))
    }

    private func tensor(
        _ shape: [Int], _ strides: [Int], offset: Int = 0, storage: String = "Float", count: Int = 4
    ) -> String {
        func tuple(_ sizes: [Int]) -> String { "(" + sizes.map { "I\($0)\n" }.joined() + "t" }
        return "ctorch._utils\n_rebuild_tensor_v2\n((S'storage'\nctorch\n\(storage)Storage\n"
            + "S'0'\nS'cpu'\nI\(count)\nNtQI\(offset)\n\(tuple(shape))\(tuple(strides))I00\nNtR"
    }

    @Test func readsTensorsOfAnyStride() throws {
        #expect(try made(tensor([2, 2], [1, 2])).tensor("tensor").doubles == [0, 2, 1, 3])
        #expect(
            try made(tensor([2, 1, 2], [2, .max, 1])).tensor("tensor").doubles == [0, 1, 2, 3])
        #expect(
            try made(tensor([2, 1, 2], [1, .max, 2])).tensor("tensor").doubles == [0, 2, 1, 3])
        #expect(try made(tensor([0, 5], [.max, .max])).tensor("tensor").doubles == [])
        #expect(try made(tensor([3], [0], offset: 3)).tensor("tensor").doubles == [3, 3, 3])
    }

    @Test func refusesTensorsBeyondTheirStorage() throws {
        let all = [
            tensor([2], [.max]), tensor([3, 3], [.max / 2, .max / 2]), tensor([5], [1]),
            tensor([1], [1], offset: 4), tensor([1], [1], offset: .max),
            tensor([.max, 2], [0, 0]), tensor([1 << 40], [0]), tensor([2], [1, 1]),
            tensor([1], [1], storage: "Double"), tensor([1], [1], count: 5),
        ]
        for (index, object) in all.enumerated() {
            Fixtures.expectRefusal("\(index)") { _ = try made(object).tensors() }
        }
    }

    /// A number type of its own over a storage of another width must stay inside the storage.
    @Test func wideNumbersOverNarrowStoragesStayInside() throws {
        func wide(_ count: Int) -> String {
            "ctorch._utils\n_rebuild_tensor_v3\n((S'storage'\nctorch\nFloatStorage\nS'0'\nS'cpu'\n"
                + "I4\nNtQI0\n(I\(count)\nt(I1\ntI00\nNctorch\nint64\ntR"
        }
        #expect(try made(wide(2)).tensor("tensor").type == TensorType(.int64, [2]))
        Fixtures.expectRefusal("3 of 2") { _ = try made(wide(3)).tensors() }
    }

    @Test func sharedTensorsCannotMultiplyMemory() throws {
        // 4 MiB, a thousand times; the numbers are one and the same.
        let large = tensor([1 << 20], [0]) + "p0\n"
        let object = "(l\(large)a" + String(repeating: "g0\na", count: 1000)
        let error = Fixtures.expectRefusal("multiplied") { _ = try made(object) }
        #expect(error?.kind == .tooLarge)
    }

    @Test func objectsAreBareDataAndCallsAreRefused() throws {
        let file = try made("c__main__\nThing\n)\u{81}}S'rate'\nF0.5\nsb")
        #expect(file.value("rate") == .number(0.5))
        for (text, found) in [
            ("c__main__\nThing\n(tR", "__main__.Thing"), ("cos\nsystem\n", "os.system"),
            ("cnumpy\nload\n", "numpy.load"), ("ctorch.hub\nload\n", "torch.hub.load"),
            ("cbuiltins\ngetattr\n", "builtins.getattr"),
        ] {
            let error = Fixtures.expectRefusal(found) { _ = try made(text) }
            #expect(error?.kind == .forbidden && error?.found == found)
        }
    }

    @Test func nestingAndCirclesEnd() throws {
        for object in [
            "(lp0\ng0\na", "(dp0\nS'a'\ng0\ns",
            String(repeating: "(l", count: 200) + String(repeating: "a", count: 199),
        ] {
            let error = Fixtures.expectRefusal("nested") { _ = try made(object) }
            #expect(error?.kind == .tooLarge)
        }
        let shallow = String(repeating: "(l", count: 50) + String(repeating: "a", count: 49)
        #expect(try made(shallow).entries.isEmpty)
    }

    @Test func namesThatComeTwiceAreRefused() throws {
        let error = Fixtures.expectRefusal("twice") {
            _ = try made("(dS'a.b'\nI1\nsS'a'\n(dS'b'\nI2\nss")
        }
        #expect(error?.place == "a.b")
        // Of equal keys in one dictionary the last counts, as in Python.
        #expect(try made("(dS'a'\nI1\nsS'a'\nI2\ns").value("a") == .integer(2))
    }
}
