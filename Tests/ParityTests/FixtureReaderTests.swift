import Foundation
import MartletGraph
import MartletTestSupport
import Testing

/// The fixtures that come with the tests, whatever `MARTLET_FIXTURES` says.
let bundledFixtures = (Bundle.module.resourceURL ?? Bundle.module.bundleURL)
    .appendingPathComponent("Fixtures")

@Suite("Fixture reader")
struct FixtureReaderTests {
    let folder = FixtureFolder(at: bundledFixtures)

    @Test("Arrays of every stored kind read as numpy reads them")
    func arrays() throws {
        let convolution = try FixtureArchive(contentsOf: folder.file("ops", "conv2d.npz"))
        #expect(convolution.names.count == 190)
        let x = try convolution.array("k1.in.x")
        #expect(x.type == TensorType(.float32, [2, 3, 7, 9]))
        let floats = try #require(x.scalars(as: Float.self))
        #expect(floats.prefix(3) == [1.7436697483062744, -1.8873399496078491, 0.6590842008590698])
        #expect(floats.last == 0.8787330389022827)
        #expect(abs(x.doubles.reduce(0, +) - 2.1134060852728) < 1e-12)

        let losses = try FixtureArchive(contentsOf: folder.file("ops", "losses.npz"))
        let target = try losses.array("ce_mean.in.target")
        #expect(target.type == TensorType(.int64, [6]))
        #expect(target.doubles.prefix(3) == [0, 9, 4])
        let loss = try losses.array("ce_mean.out")
        #expect(loss == HostTensor(Float(2.9194395542144775)))

        let net = try FixtureArchive(contentsOf: folder.file("nets", "mlp.npz"))
        let half = try net.array("param.fc1.weight")
        #expect(half.type == TensorType(.float32, [64, 784]))
        #expect(
            half.doubles.prefix(3) == [-0.00701904296875, 0.0078887939453125, 0.033233642578125])
        #expect(abs(half.doubles.reduce(0, +) - 1.0785858035087585) < 1e-12)
        let index = try net.array("grad.fc1.weight.index")
        #expect(index.type == TensorType(.int32, [515]))
        #expect(index.doubles.prefix(3) == [0, 1, 50])
        #expect(index.doubles.last == 50175)
        let sums = try net.array("grad.fc1.weight.sums")
        #expect(
            sums.scalars(as: Double.self)
                == [1.9503287920088466, 12.530435980120714, 0.1882655258268952])
    }

    @Test("NaN and infinities come through arrays and through JSON strings")
    func specialNumbers() throws {
        let archive = try FixtureArchive(contentsOf: folder.file("ops", "nonfinite.npz"))
        let x = try archive.array("relu_special.in.x").doubles
        #expect(x.count == 5 && x[0].isNaN && x[1] == .infinity && x[2] == -.infinity)
        let clip = try FixtureValue(contentsOf: folder.file("optim", "clip.json"))
        let types = clip["cases"]?.array?.compactMap { $0["norm_type"]?.number } ?? []
        #expect(types.contains(.infinity) && types.contains(2))
        #expect(FixtureValue.string("-inf").number == -.infinity)
        #expect(FixtureValue.string("nan").number?.isNaN == true)
        #expect(FixtureValue.string("same").number == nil)
    }

    @Test("Half-precision bits mean what IEEE 754 says")
    func halves() throws {
        let bits: [UInt16] = [0x3c00, 0xc000, 0x7bff, 0x0001, 0x8000, 0x7c00, 0x7e00, 0x3555]
        let bytes = bits.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
        let found = try array(numpyFile("<f2", "(8,)", bytes)).doubles
        let expected = [1, -2, 65504, 5.9604644775390625e-08, 0, .infinity, .nan, 0.333251953125]
        for (a, b) in zip(found, expected) { #expect(a == b || (a.isNaN && b.isNaN)) }
        #expect(found[4].sign == .minus)
    }

    @Test("Bytes, truth values, version 2 headers, scalars and empty arrays read")
    func otherKinds() throws {
        let bytes = try array(numpyFile("|u1", "(2, 2)", [0, 7, 200, 255]))
        #expect(bytes == HostTensor([0, 7, 200, 255] as [UInt8], shape: [2, 2]))
        let flags = try array(numpyFile("|b1", "(2,)", [0, 1], version: 2))
        #expect(flags == HostTensor([false, true], shape: [2]))
        let scalar = try array(numpyFile("<i4", "()", [0xfe, 0xff, 0xff, 0xff]))
        #expect(scalar == HostTensor(Int32(-2)))
        #expect(try array(numpyFile("<f8", "(0, 3)", [])).type == TensorType(.float64, [0, 3]))
    }

    @Test(
        "Mistakes in arrays are told, not read",
        arguments: [
            (numpyFile("<f4", "(2,)", [0, 0, 0, 0]), "ends too early"),
            (numpyFile("<f4", "(1,)", [0, 0, 0, 0, 0]), "longer"),
            (numpyFile("<f4", "(1,)", [0, 0, 0, 0], order: "True"), "Fortran"),
            (numpyFile(">f4", "(1,)", [0, 0, 0, 0]), "element type >f4"),
            (numpyFile("<f4", "(-1,)", []), "shape"),
            (numpyFile("<f4", "(4611686018427387904, 4)", []), "impossible"),
            (numpyFile("<f4", "(1,)", [0, 0, 0, 0], version: 9), "version"),
            (Array("PK is no array".utf8), "not an .npy"),
        ])
    func badArrays(bytes: [UInt8], problem: String) throws {
        let error = #expect(throws: FixtureError.self) { try array(bytes) }
        #expect(error?.description.contains(problem) == true, "\(error?.description ?? "nothing")")
    }

    @Test("Mistakes in archives are told, not read")
    func badArchives() throws {
        let file = folder.file("ops", "nonfinite.npz")
        let bytes = [UInt8](try Data(contentsOf: file))
        func problem(_ bytes: [UInt8], _ name: String = "relu_special.in.x") -> String {
            do {
                _ = try FixtureArchive(bytes: bytes, file: "test").array(name)
                return "none"
            } catch {
                return "\(error)"
            }
        }
        #expect(problem(bytes) == "none")
        #expect(problem(bytes, "absent").contains("holds no array absent"))
        #expect(problem([]).contains("not a zip file"))
        #expect(problem(Array(bytes.dropLast(40))).contains("not a zip file"))
        var damaged = bytes
        let text = Array("NUMPY".utf8)
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: text) })
        damaged[place + 130] ^= 1
        #expect(problem(damaged).contains("checksum"))
        #expect(throws: FixtureError.self) {
            try FixtureArchive(contentsOf: folder.file("ops", "absent.npz"))
        }
    }

    @Test("Comparison takes NaN as equal to NaN and infinities only as themselves")
    func comparison() {
        let tolerance = FixtureTolerance(rtol: 0.1, atol: 0.01)
        func passes(_ a: Float, _ b: Float) -> Bool {
            FixtureComparison(HostTensor(a), HostTensor(b), tolerance).passes
        }
        #expect(passes(.nan, .nan) && passes(.infinity, .infinity) && passes(1.1, 1))
        #expect(!passes(.nan, 1) && !passes(1, .nan) && !passes(1.2, 1))
        #expect(!passes(.infinity, -.infinity) && !passes(3e38, .infinity))
        let row = HostTensor([1, 2] as [Float], shape: [1, 2])
        #expect(!FixtureComparison(row, row.reshaped([2]), tolerance).passes)
        let other = HostTensor([1, 9] as [Float], shape: [1, 2])
        #expect(FixtureComparison(row, other, tolerance).summary.contains("at [0, 1]"))
    }
}

/// The bytes of an `.npy` file with this description and content.
private func numpyFile(
    _ type: String, _ shape: String, _ content: [UInt8], order: String = "False",
    version: UInt8 = 1
) -> [UInt8] {
    let header = Array(
        "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }\n".utf8)
    let length = [UInt8(header.count), 0] + (version > 1 ? [0, 0] : [])
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + header + content
}

/// Reads one `.npy` file out of memory.
private func array(_ bytes: [UInt8]) throws -> HostTensor {
    try readNumpyArray(bytes, file: "test.npy")
}
