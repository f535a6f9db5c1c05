import Foundation
import MartletFormats
import MartletGraph
import Testing

@Suite struct SafetensorsTests {
    private func open(_ header: String, _ content: [UInt8] = []) throws -> Safetensors {
        let text = Array(header.utf8)
        let length = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
        return try Safetensors(FileContents(length + text + content, name: "made"))
    }

    @Test(arguments: [
        ("net", "net.param."), ("net_f16", "net_f16.param."), ("net_bf16", "net_bf16.param."),
        ("dtypes", "storages."),
    ])
    func readsEveryFixture(stem: String, prefix: String) throws {
        let expected = try Fixtures.archive("weights/torch_expected.npz")
        let file = try Safetensors(contentsOf: Fixtures.url("weights/\(stem).safetensors"))
        #expect(file.entries.count == (stem == "dtypes" ? 13 : 8))
        for (name, tensor) in try file.tensors() {
            #expect(try expected.array(prefix + name) == tensor, "\(name)")
            #expect(file.entry(name)?.type == tensor.type, "\(name)")
        }
        if stem == "net" { #expect(file.metadata.isEmpty == false) }
        if stem == "net_bf16" { #expect(Set(file.entries.map(\.storedType)) == ["BF16"]) }
    }

    /// Numbers that were worked out by hand, for the types that no fixture holds.
    @Test func widensUnsignedNumbers() throws {
        let header = """
            {"a":{"dtype":"U16","shape":[1],"data_offsets":[0,2]},
            "b":{"dtype":"U32","shape":[1],"data_offsets":[2,6]},
            "c":{"dtype":"U64","shape":[1],"data_offsets":[6,14]}}
            """
        let high: [UInt8] = [254, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255]
        let file = try open(header, high + [127])
        #expect(try file.tensor("a") == HostTensor([Int32(65534)], shape: [1]))
        #expect(try file.tensor("b") == HostTensor([Int64(0xFFFF_FFFF)], shape: [1]))
        #expect(try file.tensor("c") == HostTensor([Int64.max], shape: [1]))
        let tooLarge = try open(header, high + [128])
        let error = Fixtures.expectRefusal("2^63") { _ = try tooLarge.tensor("c") }
        #expect(error?.place == "c, element 0")
    }

    @Test func entriesComeInTheOrderOfTheirNumbers() throws {
        let file = try open(
            """
            { "late" : {"data_offsets":[4,8],"shape":[1],"dtype":"I32"},
              "none" : {"data_offsets":[0,0],"shape":[3,0],"dtype":"F64"},
              "\\u00e9\\ud83d\\ude00\\n" : {"dtype":"F32","shape":[],"data_offsets":[0,4]} }  \n
            """, [0, 0, 0x80, 0x3F, 7, 0, 0, 0])
        #expect(file.names == ["none", "\u{E9}\u{1F600}\n", "late"])
        #expect(try file.tensor("\u{E9}\u{1F600}\n") == HostTensor(Float(1)))
        #expect(try file.tensor("late") == HostTensor([Int32(7)], shape: [1]))
        #expect(try file.tensor("none").type == TensorType(.float64, [3, 0]))
        let error = Fixtures.expectRefusal("absent") { _ = try file.tensor("absent") }
        #expect(error?.found.contains("late") == true)
    }

    private static let samples: [(name: String, tensor: HostTensor)] = [
        ("z.weight", HostTensor([1.5, -2, .infinity] as [Float], shape: [3, 1])),
        ("flags", HostTensor([true, false, true], shape: [3])),
        ("a \"quoted\" \\ \u{1}\u{E9}", HostTensor(Double.pi)),
        ("empty", HostTensor(zeros: TensorType(.int32, [0, 4]))),
        ("long", HostTensor([Int64.min, .max], shape: [2])),
        ("bytes", HostTensor([1, 2, 255] as [UInt8], shape: [1, 3])),
        ("int", HostTensor(Int32(-9))),
    ]

    @Test func readsWhatItWrites() throws {
        let metadata = ["format": "martlet", "graph": "a\nb\t\"c\"", "empty": ""]
        let bytes = try Safetensors.encoded(Self.samples, metadata: metadata)
        #expect(try Safetensors.encoded(Self.samples, metadata: metadata) == bytes)
        #expect(bytes[0].isMultiple(of: 8))
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("martlet-\(UUID().uuidString)/new/net.safetensors")
        defer {
            let folder = url.deletingLastPathComponent().deletingLastPathComponent()
            try? FileManager.default.removeItem(at: folder)
        }
        for _ in 0..<2 { try Safetensors.write(Self.samples, metadata: metadata, to: url) }
        #expect(try FileContents(contentsOf: url).bytes == bytes)
        let names = try FileManager.default.contentsOfDirectory(
            atPath: url.deletingLastPathComponent().path)
        #expect(names == ["net.safetensors"])
        for file in try [
            Safetensors(contentsOf: url), Safetensors(FileContents(bytes, name: "memory")),
        ] {
            #expect(file.metadata == metadata)
            #expect(file.names.sorted() == Self.samples.map(\.name).sorted())
            for (name, tensor) in Self.samples {
                #expect(try file.tensor(name) == tensor, "\(name)")
            }
        }
    }

    @Test func writesTheTextThatTheFormatAsksFor() throws {
        let bytes = try Safetensors.encoded(
            [("b", HostTensor([Int32(1)], shape: [1])), ("a", HostTensor(UInt8(2)))],
            metadata: ["y": "2", "x": "1"])
        let text =
            "{\"__metadata__\":{\"x\":\"1\",\"y\":\"2\"},"
            + "\"b\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[0,4]},"
            + "\"a\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[4,5]}}"
        let padded = text + String(repeating: " ", count: (8 - text.utf8.count % 8) % 8)
        #expect(Array(bytes[8..<8 + padded.utf8.count]) == Array(padded.utf8))
        #expect(Array(bytes[(8 + padded.utf8.count)...]) == [1, 0, 0, 0, 2])
        #expect(try Safetensors.encoded([]) == [8, 0, 0, 0, 0, 0, 0, 0] + Array("{}      ".utf8))
    }

    @Test func refusesToWriteWhatCannotBeReadAgain() throws {
        let one = HostTensor(Float(1))
        for names in [["a", "a"], ["__metadata__"]] {
            let error = Fixtures.expectRefusal("\(names)") {
                _ = try Safetensors.encoded(names.map { ($0, one) })
            }
            #expect(error?.kind == .unwritable)
        }
        let error = Fixtures.expectRefusal("a file as folder") {
            try Safetensors.write([("a", one)], to: URL(fileURLWithPath: "/dev/null/net"))
        }
        #expect(error?.kind == .unwritable)
    }

    @Test(arguments: [
        "{", "{}{}", "{},", "{\"a\"}", "{\"a\":1}", "{\"a\":{}", "[]", " {}", "{'a':{}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4],\"more\":1}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"shape\":[],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[01],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1e0],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]},}",
        "{\"__metadata__\":{\"a\":\"b\",\"a\":\"c\"}}", "{\"\\ud800\":{}}", "{\"\\x\":{}}",
        "{\"\\u+123\":{}}", "{\"a\u{1}\":{}}", "{\"__metadata__\":{}", "",
    ])
    func refusesOtherHeaders(header: String) {
        Fixtures.expectRefusal(header) { _ = try open(header, [0, 0, 0, 0]) }
    }

    @Test func refusesEveryCut() throws {
        let whole = try Safetensors.encoded(Self.samples)
        for count in 0..<whole.count {
            Fixtures.expectRefusal("cut to \(count)") {
                _ = try Safetensors(FileContents(Array(whole[..<count]), name: "cut"))
            }
        }
    }

    @Test func refusesEveryBadFile() throws {
        let control = try Fixtures.archive("weights/bad/control.npz")
        var refused = 0
        for bad in try Fixtures.bad("weights/bad/bad.json", key: "files") {
            guard bad.file.hasSuffix(".safetensors") else { continue }
            let url = Fixtures.url("weights/bad/\(bad.file)")
            if bad.category == "control" {
                let tensor = try Safetensors(contentsOf: url).tensor("a")
                #expect(try tensor == control.array("st_handmade_good.a"))
                continue
            }
            Fixtures.expectRefusal(bad.file) { _ = try Safetensors(contentsOf: url) }
            refused += 1
        }
        #expect(refused >= 25)
        print("safetensors: \(refused) bad files refused")
    }
}
