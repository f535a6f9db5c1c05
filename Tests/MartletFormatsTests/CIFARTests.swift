import Foundation
import MartletFormats
import MartletGraph
import Testing

@Suite struct CIFARTests {
    private func sums(_ images: HostTensor) -> [Int] {
        (0..<images.type.shape[0]).map { image in
            images.bytes[image * 3072..<(image + 1) * 3072].reduce(0) { $0 + Int($1) }
        }
    }

    private static let batches = (1...5).map { "data_batch_\($0)" } + ["test_batch"]

    @Test(arguments: [("py", ""), ("bin", ".bin")])
    func readsBothVersions(version: String, ending: String) throws {
        let description = try Fixtures.json("data/cifar.json")
        var (labels, pixels) = ([Int](), [Int]())
        for batch in Self.batches {
            let file = try Fixtures.contents("data/cifar-10-batches-\(version)/\(batch)\(ending)")
            let set = try CIFARFile.read(file)
            #expect(set.images.type == TensorType(.uint8, [3, 3, 32, 32]))
            labels += set.labels
            pixels += sums(set.images)
        }
        #expect(labels == description["labels"] as? [Int])
        #expect(pixels == description["pixelSum"] as? [Int])
        let meta = version == "py" ? "batches.meta" : "batches.meta.txt"
        let names = try CIFARFile.readNames(
            try Fixtures.contents("data/cifar-10-batches-\(version)/\(meta)"))
        #expect(names == description["labelNames"] as? [String])
        print("cifar-10-batches-\(version): \(labels.count) images, labels, sums and names equal")
    }

    @Test(arguments: ["data_batch_python3_bytes_keys", "data_batch_python3_str_keys_proto4"])
    func readsPicklesOfPython3(name: String) throws {
        let set = try CIFARFile.read(Fixtures.contents("data/cifar-extra/\(name)"))
        let first = try CIFARFile.read(
            Fixtures.contents("data/cifar-10-batches-bin/data_batch_1.bin"))
        #expect(set.labels == Array(first.labels[..<2]))
        #expect(set.images.bytes == Array(first.images.bytes[..<(2 * 3072)]))
    }

    @Test func readsBothLabelsOfCIFAR100() throws {
        let file = try Fixtures.contents("data/cifar-extra/cifar100_two_records.bin")
        #expect(try CIFARFile.read(file, labels: .coarse).labels == [2, 8])
        #expect(try CIFARFile.read(file, labels: .fine).labels == [9, 36])
        let first = try CIFARFile.read(
            Fixtures.contents("data/cifar-10-batches-bin/data_batch_1.bin"))
        #expect(
            try CIFARFile.read(file, labels: .fine).images.bytes
                == first.images.bytes.dropLast(3072))
    }

    @Test func refusesEveryBadFile() throws {
        var refused = 0
        for bad in try Fixtures.bad("data/cifar.json") {
            let file = try Fixtures.contents("data/cifar-bad/\(bad.file)")
            let error = Fixtures.expectRefusal(bad.file) { _ = try CIFARFile.read(file) }
            if bad.must.contains("naming the function") { #expect(error?.kind == .forbidden) }
            refused += 1
        }
        #expect(refused >= 12)
        print("cifar: \(refused) bad files refused")
    }
}
