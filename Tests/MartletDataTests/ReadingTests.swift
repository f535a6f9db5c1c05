import Foundation
import MartletData
import MartletFormats
import MartletGraph
import Testing

@Suite struct ReadingTests {
    private func expectIDX(_ data: Dataset, _ part: String) throws {
        let description = try DataFixtures.json("idx/idx.json")
        #expect(data.labels.map(Int.init) == description["\(part.lowercased())Labels"] as? [Int])
        #expect(try data.sums() == description["pixelSum\(part)"] as? [Int])
        #expect(data.imageType == TensorType(.uint8, [1, 28, 28]))
        #expect(data.classNames == Dataset.digitNames)
    }

    @Test(arguments: [("", "", "."), (".gz", "", "-"), (".gz", "MNIST/raw", "-"), ("", "raw", ".")])
    func readsPairsOfIDXFilesInEverySpelling(ending: String, place: String, mark: String) throws {
        try DataFixtures.withFolder { folder in
            let base = place.isEmpty ? folder : folder.appendingPathComponent(place)
            for prefix in ["train", "t10k"] {
                for kind in ["images-idx3", "labels-idx1"] {
                    let bytes = try DataFixtures.bytes("idx/\(prefix)-\(kind)-ubyte\(ending)")
                    let name = kind.replacingOccurrences(of: "-idx", with: "\(mark)idx")
                    try DataFixtures.write(
                        bytes, to: base.appendingPathComponent("\(prefix)-\(name)-ubyte\(ending)"))
                }
            }
            try expectIDX(try Dataset.idx(folder: folder, split: .train), "Train")
            try expectIDX(try Dataset(contentsOf: folder, split: .test), "Test")
            let text = DataFixtures.refusal {
                _ = try Dataset.idx(folder: folder, split: .validation)
            }
            #expect(text.contains("split(fraction:)"))
        }
    }

    @Test func readsAnIDXFileByItself() throws {
        let file = DataFixtures.url("idx/train-images-idx3-ubyte.gz")
        try expectIDX(try Dataset(contentsOf: file), "Train")
        let text = DataFixtures.refusal {
            _ = try Dataset.idx(
                images: DataFixtures.url("idx/one-image-30x21-idx3-ubyte"),
                labels: DataFixtures.url("idx/train-labels-idx1-ubyte"))
        }
        #expect(text.contains("1 labels") && text.contains("20"))
    }

    @Test func tellsWhatIsAbsentFromAFolder() throws {
        try DataFixtures.withFolder { folder in
            try DataFixtures.write(
                try DataFixtures.bytes("idx/train-images-idx3-ubyte"),
                to: folder.appendingPathComponent("train-images-idx3-ubyte"))
            let train = DataFixtures.refusal { _ = try Dataset.idx(folder: folder) }
            #expect(train.contains("labels that belong to train-images"))
            let test = DataFixtures.refusal { _ = try Dataset.idx(folder: folder, split: .test) }
            #expect(test.contains("t10k-images-idx3-ubyte") && test.contains("found"), "\(test)")
            let none = DataFixtures.refusal {
                _ = try Dataset(contentsOf: folder.appendingPathComponent("nothing"))
            }
            #expect(none.contains("nothing of that name"))
        }
    }

    @Test(arguments: ["mnist_keras", "mnist_keras_compressed", "mnist_trainInps"])
    func readsNumpyArchives(name: String) throws {
        let expected = try DataFixtures.archive("npz/mnist_keras.npz")
        for (split, part) in [(Split.train, "train"), (.test, "test")] {
            let data = try Dataset(
                contentsOf: DataFixtures.url("npz/\(name).npz"), split: split)
            #expect(try data.allBytes() == expected.array("x_\(part)").bytes)
            #expect(try data.labels.map(Double.init) == expected.array("y_\(part)").doubles)
            #expect(data.imageShape == [1, 28, 28])
        }
    }

    @Test func numbersThatStandForBytesBecomeBytes() throws {
        let data = try Dataset.npz(contentsOf: DataFixtures.url("npz/mnist_trainInps_float.npz"))
        let expected = try DataFixtures.archive("npz/mnist_keras.npz").array("x_train")
        #expect(data.pixelType == .uint8 && data.brightest == 255)
        #expect(try data.allBytes() == Array(expected.bytes.prefix(5 * 784)))
    }

    @Test func refusesBadArchives() throws {
        for name in ["bad_missing_key", "bad_count_mismatch", "bad_onehot_zero_row"] {
            let text = DataFixtures.refusal(name) {
                _ = try Dataset(contentsOf: DataFixtures.url("npz/\(name).npz"))
            }
            #expect(text.contains(name))
        }
    }

    @Test(arguments: [("train", Split.train), ("valid", .validation), ("eval", .test)])
    func readsTheModesOfPaddlesText(mode: String, split: Split) throws {
        let file = DataFixtures.url("paddle/mnist.json.gz")
        let expected = try DataFixtures.archive("paddle/expected.npz")
        let key = mode == "eval" ? "test" : mode
        let images = try expected.array("\(key).images").doubles
        for data in [
            try Dataset.paddleJSON(contentsOf: file, mode: mode),
            try Dataset(contentsOf: file, split: split),
        ] {
            #expect(try data.labels.map(Double.init) == expected.array("\(key).labels").doubles)
            #expect(data.imageType == TensorType(.uint8, [1, 28, 28]))
            let pixels = try data.allBytes().map { Double($0) / 127.5 - 1 }
            #expect(pixels.count == images.count)
            #expect(zip(pixels, images).allSatisfy { abs($0 - $1) < 1e-6 })
        }
    }

    @Test func anyOtherModeIsAnErrorThatListsTheThree() throws {
        for mode in ["test", "", "Train", "validation"] {
            let text = DataFixtures.refusal(mode) {
                _ = try Dataset.paddleJSON(
                    contentsOf: DataFixtures.url("paddle/mnist.json.gz"), mode: mode)
            }
            #expect(text.contains("train, valid and eval"), "\(text)")
        }
    }

    @Test(arguments: ["bin", "py"]) func readsCIFAR(version: String) throws {
        let description = try DataFixtures.json("cifar.json")
        let labels = try #require(description["labels"] as? [Int])
        let sums = try #require(description["pixelSum"] as? [Int])
        let folder = DataFixtures.url("cifar-10-batches-\(version)")
        let train = try Dataset(contentsOf: folder)
        let test = try Dataset.cifar10(folder: folder, split: .test)
        #expect((train.labels + test.labels).map(Int.init) == labels)
        #expect(try train.sums() + test.sums() == sums)
        #expect(train.classNames == description["labelNames"] as? [String])
        #expect(train.imageShape == [3, 32, 32])
    }

    @Test func readsCIFAR100() throws {
        try DataFixtures.withFolder { folder in
            let bytes = try DataFixtures.bytes("cifar-extra/cifar100_two_records.bin")
            try DataFixtures.write(
                bytes, to: folder.appendingPathComponent("cifar-100-binary/train.bin"))
            #expect(try Dataset.cifar100(folder: folder).labels == [9, 36])
            let coarse = try Dataset.cifar100(folder: folder, coarse: true)
            #expect(coarse.labels == [2, 8] && coarse.classNames.count == 20)
            #expect(try coarse.image(1) == Array(bytes.suffix(3072)))
        }
    }

    @Test func refusesBadBatchesThroughTheFolder() throws {
        try DataFixtures.withFolder { folder in
            let good = try DataFixtures.bytes("cifar-10-batches-bin/data_batch_1.bin")
            for number in 1...4 {
                try DataFixtures.write(
                    good, to: folder.appendingPathComponent("data_batch_\(number).bin"))
            }
            let absent = DataFixtures.refusal { _ = try Dataset.cifar10(folder: folder) }
            #expect(absent.contains("data_batch_5.bin"))
            let last = folder.appendingPathComponent("data_batch_5.bin")
            for name in ["label_10.bin", "truncated.bin", "zero.bin"] {
                try DataFixtures.write(try DataFixtures.bytes("cifar-bad/\(name)"), to: last)
                let text = DataFixtures.refusal(name) { _ = try Dataset(contentsOf: folder) }
                #expect(text.contains("data_batch_5.bin"))
            }
        }
    }

    @Test(arguments: [
        ("7,0,255,3,4\n1,9,8,7,6\n", "a.csv"), ("a,b,c,d,Label\n0,255,3,4,7\n9,8,7,6,1\n", "b.csv"),
        ("\"a\",\"b\",\"c\",\"d\",\"label\"\n0,255,3,4,7\n9,8,7,6,1\n", "c.csv"),
    ]) func readsTables(text: String, name: String) throws {
        try DataFixtures.withFolder { folder in
            let file = folder.appendingPathComponent(name)
            for (bytes, url) in [
                (Array(text.utf8), file),
                (packed(Array(text.utf8), .gzip), file.appendingPathExtension("gz")),
            ] {
                try DataFixtures.write(bytes, to: url)
                let data = try Dataset(contentsOf: url)
                #expect(data.labels == [7, 1])
                #expect(try data.allBytes() == [0, 255, 3, 4, 9, 8, 7, 6])
                #expect(data.imageShape == [1, 2, 2])
                let test = DataFixtures.refusal { _ = try Dataset(contentsOf: url, split: .test) }
                #expect(test.contains("one part"))
            }
        }
    }

    @Test func numbersBetweenBytesStayNumbers() throws {
        let sets = LabelledSet([0, 0.5, 0.3, 1], [2])
        let data = try sets.dataset()
        #expect(data.imageType == TensorType(.float32, [1, 2, 2]) && data.brightest == 1)
        #expect(try data.pixels([0]) == [0, 0.5, 0.3, 1])
        let feed = BatchFeed(data, BatchOptions(size: 1), epoch: 1)
        let batch = try #require(try feed.next())
        #expect(try batch.images().scalars(as: Float.self) == [0, 0.5, 0.3, 1])
        let text = DataFixtures.refusal { _ = try LabelledSet([0, .nan, 0, 1], [2]).dataset() }
        #expect(text.contains("record 0, pixel 1"))
    }

    /// A file of one picture of numbers, written and read again.
    private struct LabelledSet {
        let pixels: [Float]
        let labels: [UInt8]

        init(_ pixels: [Float], _ labels: [UInt8]) { (self.pixels, self.labels) = (pixels, labels) }

        func dataset() throws -> Dataset {
            try DataFixtures.withFolder { folder in
                let (images, classes) = (
                    folder.appendingPathComponent("i"), folder.appendingPathComponent("l")
                )
                let numbers = pixels.flatMap { value in
                    withUnsafeBytes(of: value.bitPattern.bigEndian) { Array($0) }
                }
                try DataFixtures.write(
                    [0, 0, 13, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2] + numbers, to: images)
                try DataFixtures.write(
                    [0, 0, 8, 1, 0, 0, 0, UInt8(labels.count)] + labels, to: classes)
                return try Dataset.idx(images: images, labels: classes)
            }
        }
    }

    @Test func refusesWhatIsNoData() throws {
        let text = DataFixtures.refusal {
            _ = try Dataset(
                contentsOf: DataFixtures.url("cifar.json").deletingLastPathComponent()
                    .appendingPathComponent("README.md"))
        }
        #expect(text.contains("idx files") && text.contains("found"))
        for name in try DataFixtures.bad("paddle/paddle.json") where !name.contains("empty_sets") {
            let text = DataFixtures.refusal(name) {
                _ = try Dataset(contentsOf: DataFixtures.url("paddle/\(name)"))
            }
            #expect(text.contains(name))
        }
        for name in ["labels-count-mismatch", "label-10"] {
            let text = DataFixtures.refusal(name) {
                _ = try Dataset.idx(
                    images: DataFixtures.url("idx/bad/images-3"),
                    labels: DataFixtures.url("idx/bad/\(name)"))
            }
            #expect(text.contains(name))
        }
    }

    @Test func readsSetsByTheirNames() throws {
        try DataFixtures.withFolder { root in
            for (folder, ending) in [("mnist", ".gz"), ("FashionMNIST/raw", "")] {
                for name in ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"] {
                    try DataFixtures.write(
                        try DataFixtures.bytes("idx/\(name)\(ending)"),
                        to: root.appendingPathComponent("\(folder)/\(name)\(ending)"))
                }
            }
            try expectIDX(try Dataset.mnist(.test, folder: root), "Test")
            try expectIDX(
                try Dataset.mnist(.test, folder: root.appendingPathComponent("mnist")), "Test")
            let clothes = try Dataset.named("Fashion_MNIST", .test, folder: root)
            #expect(clothes.classNames[9] == "Ankle boot")
            #expect(clothes.name == "fashion-mnist (test)")
            let train = DataFixtures.refusal { _ = try Dataset.mnist(folder: root) }
            #expect(train.contains("train-images"), "\(train)")
        }
    }

    @Test func describesItself() throws {
        let data = try Dataset.idx(folder: DataFixtures.url("idx"))
        #expect(data.description == "idx (train): 20 pictures u8[1,28,28], 10 classes")
        #expect(data.rowsAndColumns == "Rows: 20, columns: 784")
    }
}
