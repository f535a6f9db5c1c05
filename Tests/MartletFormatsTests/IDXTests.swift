import Foundation
import MartletFormats
import MartletGraph
import Testing

@Suite struct IDXTests {
    private func sums(_ images: HostTensor) -> [Int] {
        let count = images.type.shape[0]
        let size = count == 0 ? 0 : images.bytes.count / count
        return (0..<count).map { image in
            images.bytes[image * size..<(image + 1) * size].reduce(0) { $0 + Int($1) }
        }
    }

    @Test(arguments: ["", ".gz"]) func readsTheFixtures(ending: String) throws {
        let description = try Fixtures.json("data/idx/idx.json")
        for (prefix, part) in [("train", "Train"), ("t10k", "Test")] {
            let images = try IDXFile.read(
                contentsOf: Fixtures.url("data/idx/\(prefix)-images-idx3-ubyte\(ending)"))
            let labels = try IDXFile.read(
                contentsOf: Fixtures.url("data/idx/\(prefix)-labels-idx1-ubyte\(ending)"))
            #expect(images.type.dtype == .uint8)
            #expect(images.type.shape == description["\(part.lowercased())Images"] as? [Int])
            #expect(sums(images) == description["pixelSum\(part)"] as? [Int])
            #expect(
                labels.bytes.map(Int.init) == description["\(part.lowercased())Labels"] as? [Int])
        }
    }

    @Test func equalsTheSamePixelsInNumpyFormat() throws {
        let archive = try Fixtures.archive("data/npz/mnist_keras.npz")
        let images = try IDXFile.read(
            contentsOf: Fixtures.url("data/idx/train-images-idx3-ubyte.gz"))
        #expect(try archive.array("x_train") == images)
    }

    @Test func readsOtherShapesAndKinds() throws {
        let expected = try Fixtures.archive("data/idx/expected.npz")
        let odd = try IDXFile.read(contentsOf: Fixtures.url("data/idx/one-image-30x21-idx3-ubyte"))
        #expect(try expected.array("oddSize").bytes == odd.bytes)
        #expect(odd.type.shape == [1, 30, 21])
        let floats = try IDXFile.read(contentsOf: Fixtures.url("data/idx/float32-idx1"))
        #expect(try expected.array("float32") == floats)
        let empty = try IDXFile.read(contentsOf: Fixtures.url("data/idx/empty-images-idx3-ubyte"))
        #expect(empty.type.shape.first == 0 && empty.bytes.isEmpty)
    }

    @Test(
        arguments: [
            (UInt8(9), [0xFE, 3], [-2, 3]), (11, [0xFF, 0xFE, 0, 3], [-2, 3]),
            (12, [0xFF, 0xFF, 0xFF, 0xFE, 0, 0, 1, 3], [-2, 259]),
            (14, [0xC0, 0, 0, 0, 0, 0, 0, 0, 0x40, 8, 0, 0, 0, 0, 0, 0], [-2, 3]),
        ] as [(UInt8, [UInt8], [Double])])
    func readsEveryElementKind(kind: UInt8, bytes: [UInt8], values: [Double]) throws {
        let file = [0, 0, kind, 1, 0, 0, 0, 2] + bytes
        for contents in [file, packed(file, .gzip)] {
            let tensor = try IDXFile.read(FileContents(contents, name: "kind \(kind)"))
            #expect(tensor.doubles == values)
        }
    }

    @Test func refusesEveryBadFile() throws {
        // Legal as arrays; what is wrong shows when labels meet images or a class count.
        let legal = ["bad/images-3", "bad/labels-count-mismatch", "bad/label-10"]
        let readable = legal + ["bad/two-members.gz", "bad/not-gzip.gz"]
        var refused = 0
        for bad in try Fixtures.bad("data/idx/idx.json") {
            let file = try Fixtures.contents("data/idx/\(bad.file)")
            if readable.contains(bad.file) {
                let tensor = try IDXFile.read(file)
                let count = tensor.type.shape[0]
                if bad.file.hasSuffix("two-members.gz") || bad.file.hasSuffix("images-3") {
                    #expect(count == 3)
                }
                continue
            }
            Fixtures.expectRefusal(bad.file) { _ = try IDXFile.read(file) }
            refused += 1
        }
        print("idx: \(refused) bad files refused, \(readable.count) read as their list allows")
    }

    @Test func namesByteExpectedAndFound() throws {
        let file = try Fixtures.contents("data/idx/bad/truncated-images")
        let error = Fixtures.expectRefusal("truncated-images") { _ = try IDXFile.read(file) }
        #expect(error?.offset == 16)
        #expect(error?.expected.contains("2352 bytes") == true)
        #expect(error?.found == "2252 bytes")
    }
}
