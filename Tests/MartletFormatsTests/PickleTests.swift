import Foundation
import MartletFormats
import MartletGraph
import Testing

@Suite struct PickleTests {
    private func read(_ bytes: [UInt8]) throws -> PickleValue {
        try PickleDocument(FileContents(bytes, name: "pickle")).root
    }

    private func read(_ text: String) throws -> PickleValue { try read(Array(text.utf8)) }

    /// Arrays saved by PaddlePaddle and by pickle itself, in several protocols and spellings.
    @Test(arguments: [
        "paddle_cnn.pdparams", "paddle_cnn_proto2.pdparams", "paddle_cnn_numpy1_proto2.pdparams",
        "paddle_cnn_numpy1_proto4.pdparams", "numpy_dict.pkl",
    ])
    func readsDictionariesOfArrays(name: String) throws {
        let root = try PickleDocument(contentsOf: Fixtures.url("weights/\(name)")).root
        let values = root["model"] ?? root
        let expected = try Fixtures.archive("weights/paddle_expected.npz")
        let names = expected.names.filter { $0.hasPrefix("cnn.param.") }
        #expect(names.count >= 6)
        for name in names {
            let value = try #require(values[String(name.dropFirst("cnn.param.".count))], "\(name)")
            #expect(try value.array() == expected.array(name), "\(name)")
        }
    }

    @Test func readsOtherOrdersAndWidths() throws {
        let root = try PickleDocument(contentsOf: Fixtures.url("weights/numpy_dict.pkl")).root
        #expect(root["epoch"]?.integer == 4)
        #expect(
            try root["order_f"]?.array()
                == HostTensor([0, 1, 2, 3, 4, 5] as [Float], shape: [2, 3]))
        #expect(try root["big_endian"]?.array() == HostTensor([0, 1, 2] as [Float], shape: [3]))
        #expect(try root["f16"]?.array().type.dtype == .float32)
    }

    @Test func readsProtocolZero() throws {
        let value = try read("(dp0\nS'a'\nI1\nsV\\u00e9\nL-5L\nsS'f'\nF1.5\nsS't'\nI01\ns.")
        #expect(value["a"]?.integer == 1)
        #expect(value["\u{E9}"]?.integer == -5)
        #expect(value["f"]?.number == 1.5)
        #expect(value["t"]?.integer == 1)
        #expect(try read("(lp0\nS'x\\x41\\n'\na.").items?.first?.bytes == [120, 65, 10])
    }

    @Test func readsLongNumbers() throws {
        #expect(try read([0x8A, 0, 46]).integer == 0)
        #expect(try read([0x8A, 1, 0xFF, 46]).integer == -1)
        #expect(try read([0x8A, 2, 0xFF, 0, 46]).integer == 255)
        #expect(try read([0x8A, 8, 0, 0, 0, 0, 0, 0, 0, 0x80, 46]).integer == .min)
        #expect(try read([0x8A, 9, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, 46]).integer == nil)
        #expect(try read([0x4A, 0xFE, 0xFF, 0xFF, 0xFF, 46]).integer == -2)
    }

    @Test func circlesAndDeepNestingDoNoHarm() throws {
        let circle = try read([0x5D, 0x71, 0, 0x68, 0, 0x61, 46])
        #expect(circle.items?.first?.items?.count == 1)
        let deep =
            [UInt8](repeating: 0x5D, count: 200_000) + [UInt8](repeating: 0x61, count: 199_999)
        #expect(try read(deep + [46]).items?.count == 1)
    }

    /// Each turn would make another copy of a text; together far more than the file.
    @Test func copiesCannotMultiply() throws {
        let text = [UInt8](repeating: 0x61, count: 100_000)
        var bytes = Array("c_codecs\nencode\nq\u{0}X".utf8) + [0xA0, 0x86, 1, 0] + text
        bytes += [0x71, 1] + Array("X\u{6}\0\0\0latin1q\u{2}".utf8)
        for _ in 0..<1000 { bytes += [0x68, 0, 0x68, 1, 0x68, 2, 0x86, 0x52] }
        let error = Fixtures.expectRefusal("copies") { _ = try read(bytes + [46]) }
        #expect(error?.kind == .tooLarge)
    }

    @Test func refusesEveryBadFile() throws {
        let readable = ["deep_nesting.pkl", "huge_frame.pkl"]
        var counts = (refused: 0, read: 0)
        for bad in try Fixtures.bad("weights/bad/bad.json", key: "files") {
            guard bad.file.hasSuffix(".pkl") else { continue }
            let url = Fixtures.url("weights/bad/\(bad.file)")
            if readable.contains(bad.file) {
                _ = try PickleDocument(contentsOf: url)
                counts.read += 1
                continue
            }
            let error = Fixtures.expectRefusal(bad.file) {
                _ = try PickleDocument(contentsOf: url)
            }
            if bad.category == "malicious", bad.must.contains("naming") {
                #expect(error?.kind == .forbidden, "\(bad.file): \(String(describing: error))")
            }
            counts.refused += 1
        }
        #expect(counts.refused >= 20)
        #expect(!FileManager.default.fileExists(atPath: Fixtures.traceOfAttack))
        print("pickle: \(counts.refused) bad files refused, \(counts.read) harmless ones read")
    }

    @Test func namesTheFunctionItRefuses() throws {
        let url = Fixtures.url("weights/bad/os_system_proto4.pkl")
        let error = Fixtures.expectRefusal("os") { _ = try PickleDocument(contentsOf: url) }
        #expect(error?.found == "posix.system" || error?.found == "os.system")
        #expect(error?.offset != nil)
    }
}
