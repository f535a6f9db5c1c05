import Foundation
import MartletFormats
import MartletGraph
import Testing

@Suite struct NumpyTests {
    @Test func readsEveryFixture() throws {
        let expected = try Fixtures.archive("data/npz/expected.npz")
        let stems = expected.names.filter { !$0.hasPrefix("mixed_") }
        for stem in stems {
            let tensor = try NumpyArray.read(contentsOf: Fixtures.url("data/npz/\(stem).npy"))
            #expect(try expected.array(stem) == tensor, "\(stem)")
        }
        let mixed = try Fixtures.archive("data/npz/mixed_compression.npz")
        #expect(mixed.names == ["deflated", "stored"])
        #expect(try mixed.array("stored") == expected.array("mixed_stored"))
        #expect(try mixed.array("deflated") == expected.array("mixed_deflated"))
        print("npy: \(stems.count) files and 2 entries equal their expected arrays")
    }

    @Test(arguments: [
        ("dtype_f2", DataType.float32), ("dtype_f8", .float64), ("dtype_i1", .int32),
        ("dtype_i2", .int32), ("dtype_i4", .int32), ("dtype_i8", .int64), ("dtype_u1", .uint8),
        ("dtype_u2", .int32), ("dtype_u4", .int64), ("dtype_u8", .int64), ("dtype_bool", .bool),
    ])
    func widensAsDocumented(stem: String, type: DataType) throws {
        let tensor = try NumpyArray.read(contentsOf: Fixtures.url("data/npz/\(stem).npy"))
        #expect(tensor.type == TensorType(type, [7]))
    }

    /// Numbers that were written down when the fixtures were made, not read with the same code.
    @Test func knowsNumbersOfItsOwn() throws {
        let wide = try NumpyArray.read(contentsOf: Fixtures.url("data/npz/i8_beyond_double.npy"))
        #expect(wide.scalars(as: Int64.self) == [9_007_199_254_740_993, .min, .max])
        let bytes = try NumpyArray.read(contentsOf: Fixtures.url("data/npz/dtype_i1.npy"))
        #expect(bytes.doubles == [63, 78, 52, 36, 65, 69, 95])
        let halves = try NumpyArray.read(contentsOf: Fixtures.url("data/npz/dtype_f2.npy")).doubles
        #expect(zip(halves, [-4.758, -19.17, 7.125, 7.574]).allSatisfy { abs($0 - $1) < 0.01 })
        let special = try NumpyArray.read(contentsOf: Fixtures.url("data/npz/nan_inf.npy")).doubles
        #expect(special[0].isNaN && special[1] == .infinity && special[2] == -.infinity)
        #expect(special[3] == 0 && special[3].sign == .minus)
    }

    /// Every half-precision number against the definition of IEEE 754.
    @Test func halvesAreExact() throws {
        let patterns = (0...UInt16.max).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        let header = "{'descr': '<f2', 'fortran_order': False, 'shape': (65536,), }"
        let file =
            [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0]
            + Array(header.utf8) + patterns
        let values = try NumpyArray.read(FileContents(file, name: "halves")).doubles
        for (bits, value) in values.enumerated() {
            let (exponent, fraction) = (bits >> 10 & 31, Double(bits & 1023))
            let size =
                switch exponent {
                case 0: fraction / 16_777_216
                case 31: fraction == 0 ? Double.infinity : .nan
                default: (1 + fraction / 1024) * pow(2, Double(exponent - 15))
                }
            let expected = bits >> 15 == 1 ? -size : size
            #expect(value == expected || value.isNaN && expected.isNaN, "bits \(bits)")
        }
    }

    @Test func writesWhatItReads() throws {
        let tensors = [
            HostTensor([1.5, -2] as [Float], shape: [2]),
            HostTensor([Int64.min, 7], shape: [1, 2]),
            HostTensor(UInt8(9)), HostTensor([true, false, true], shape: [3, 1]),
            HostTensor(zeros: TensorType(.float64, [0, 3])),
            HostTensor([Int32(4)], shape: [1, 1, 1]),
        ]
        for tensor in tensors {
            let file = NumpyArray.write(tensor)
            #expect((file.count - tensor.bytes.count).isMultiple(of: 64))
            #expect(try NumpyArray.read(FileContents(file, name: "written")) == tensor)
        }
    }

    @Test func refusesUnsignedNumbersThatNoTypeHolds() throws {
        var file = try Fixtures.contents("data/npz/dtype_u8.npy").bytes
        file[file.count - 1] = 0x80
        let error = Fixtures.expectRefusal("u8") {
            _ = try NumpyArray.read(FileContents(file, name: "u8"))
        }
        #expect(error?.place == "element 6")
    }

    /// Arrays of the bad archives that are whole; every other one must be refused.
    private static let wholeArrays = [
        "object_malicious.npz": ["ok"], "npz_bad_crc.npz": ["b"],
    ]

    @Test func refusesEveryBadFile() throws {
        var counts = (refused: 0, read: 0)
        for bad in try Fixtures.bad("weights/bad/bad.json", key: "files") {
            let path = "weights/bad/\(bad.file)"
            if bad.file.hasSuffix(".npy") {
                Fixtures.expectRefusal(bad.file) {
                    _ = try NumpyArray.read(contentsOf: Fixtures.url(path))
                }
                counts.refused += 1
            } else if bad.file == "npz_truncated.npz" {
                Fixtures.expectRefusal(bad.file) { _ = try Fixtures.archive(path) }
                counts.refused += 1
            } else if bad.file.hasSuffix(".npz"), bad.category != "control" {
                let archive = try Fixtures.archive(path)
                let whole = Self.wholeArrays[bad.file] ?? []
                for name in whole {
                    _ = try archive.array(name)
                    counts.read += 1
                }
                for name in archive.names where !whole.contains(name) {
                    Fixtures.expectRefusal("\(bad.file) \(name)") { _ = try archive.array(name) }
                    counts.refused += 1
                }
            }
        }
        #expect(counts.refused >= 20)
        #expect(!FileManager.default.fileExists(atPath: Fixtures.traceOfAttack))
        print("npy, npz: \(counts.refused) bad arrays refused, \(counts.read) beside them read")
    }
}
