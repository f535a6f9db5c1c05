import Foundation
import MartletFormats
import MartletGraph
import MartletTestSupport
import Testing

@Suite struct ImageSetTests {
    @Test func readsTheJSONText() throws {
        let sets = try PaddleJSON(contentsOf: Fixtures.url("data/paddle/mnist.json.gz"))
        let expected = try Fixtures.archive("data/paddle/expected.npz")
        for (name, set) in [("train", sets.train), ("valid", sets.validation), ("test", sets.test)]
        {
            #expect(try expected.array("\(name).images") == set.images)
            #expect(try expected.array("\(name).labels").doubles == set.labels.map(Double.init))
        }
        let plain = try PaddleJSON(contentsOf: Fixtures.url("data/paddle/mnist_plain.json"))
        #expect(plain.train.count == 1 && plain.validation.count == 1 && plain.test.count == 1)
        print("paddle: 15 images equal their expected numbers bit for bit")
    }

    @Test func refusesEveryBadJSONText() throws {
        var refused = 0
        for bad in try Fixtures.bad("data/paddle/paddle.json") {
            let file = try Fixtures.contents("data/paddle/\(bad.file)")
            if bad.file.hasPrefix("bad_empty_sets") {
                #expect(try PaddleJSON(file).train.count == 0)
                continue
            }
            Fixtures.expectRefusal(bad.file) { _ = try PaddleJSON(file) }
            refused += 1
        }
        print("paddle: \(refused) bad files refused, the empty sets read as empty")
    }

    /// A refusal for the right reason: each small text is good but for one thing.
    @Test(
        arguments: [
            ("[[[[1,2]],[3]],[[],[]],[[],[]]]", nil),
            ("[[[[1,2],[3,4]],[3]],[[],[]],[[],[]]]", "labels"),
            ("[[[[1]],[3]],[[],[]],[[],[]]]", "image 0"),
            ("[[[[1,2,3]],[3]],[[],[]],[[],[]]]", "image 0"),
            ("[[[[1,2]],[10]],[[],[]],[[],[]]]", "label 0"),
            ("[[[[1,2]],[-1]],[[],[]],[[],[]]]", "label 0"),
            ("[[[[1,2]],[3.5]],[[],[]],[[],[]]]", "label 0"),
            ("[[[[1,\"x\"]],[3]],[[],[]],[[],[]]]", "image 0"),
            ("[[[[1,NaN]],[3]],[[],[]],[[],[]]]", "image 0"),
            ("[[[[1,1e999]],[3]],[[],[]],[[],[]]]", "image 0"),
            ("[[[[1,01]],[3]],[[],[]],[[],[]]]", "image 0"),
            ("[[[[1,.5]],[3]],[[],[]],[[],[]]]", "image 0"),
            ("[[[[1,2]],[3]],[[],[]]]", "test set"), ("[[[[1,2]],[3]],[[],[]],[[],[]]]]", "after"),
        ] as [(String, String?)])
    func saysWhereAJSONTextIsWrong(text: String, place: String?) throws {
        let file = FileContents(Array(text.utf8), name: "text")
        guard let place else {
            let sets = try PaddleJSON(file, pixelCount: 2)
            #expect(sets.train.images == HostTensor([1, 2] as [Float], shape: [1, 2]))
            return
        }
        let error = Fixtures.expectRefusal(text) { _ = try PaddleJSON(file, pixelCount: 2) }
        let message = error.map { "\($0)" } ?? ""
        #expect(message.contains(place), "\(message)")
    }

    /// Numbers are rounded once, to the nearest float, as Swift's own reader does.
    @Test func roundsNumbersOnce() throws {
        var numbers = SeededGenerator(seed: 5)
        var texts = ["1.00000005960464477539063", "0.1", "-0", "16777217", "3.4028235e38", "1e-45"]
        for _ in 0..<2000 {
            let value = Double.random(in: -2...2, using: &numbers)
            texts.append("\(value)")
            texts.append("\((value * 1e6).rounded() / 1e6)")
            texts.append("\(Double(Float(value)) + Double(Float(value).ulp) / 2)")
        }
        let json = "[[[[\(texts.joined(separator: ","))]],[0]],[[],[]],[[],[]]]"
        let sets = try PaddleJSON(
            FileContents(Array(json.utf8), name: "numbers"), pixelCount: texts.count)
        let values = try #require(sets.train.images.scalars(as: Float.self))
        for (text, value) in zip(texts, values) { #expect(Float(text) == value, "\(text)") }
    }

    @Test func readsBothSpellingsOfNumpySets() throws {
        let keras = try NumpyImageSets(contentsOf: Fixtures.url("data/npz/mnist_keras.npz"))
        let other = try NumpyImageSets(
            contentsOf: Fixtures.url("data/npz/mnist_keras_compressed.npz"))
        let oneHot = try NumpyImageSets(contentsOf: Fixtures.url("data/npz/mnist_trainInps.npz"))
        let floats = try NumpyImageSets(
            contentsOf: Fixtures.url("data/npz/mnist_trainInps_float.npz"))
        #expect(keras == other)
        #expect(
            keras.train.labels == oneHot.train.labels && keras.test.labels == oneHot.test.labels)
        #expect(keras.train.images.bytes == oneHot.train.images.bytes)
        #expect(floats.train.count == 5 && floats.test.count == 2)
        #expect(floats.train.labels == Array(keras.train.labels[..<5]))
        #expect(
            zip(floats.train.images.doubles, keras.train.images.bytes).allSatisfy {
                abs($0 - Double($1) / 255) < 1e-12
            })
    }

    @Test(arguments: [
        ("bad_onehot_zero_row", "trainTargs, row 1"), ("bad_count_mismatch", "4 labels"),
        ("bad_missing_key", "y_test"),
    ])
    func refusesBadNumpySets(name: String, part: String) throws {
        let error = Fixtures.expectRefusal(name) {
            _ = try NumpyImageSets(contentsOf: Fixtures.url("data/npz/\(name).npz"))
        }
        #expect(error.map { "\($0)".contains(part) } == true, "\(String(describing: error))")
    }

    @Test func holdsIdxLabelsAgainstImages() throws {
        let images = try Fixtures.contents("data/idx/bad/images-3")
        for (name, part) in [("labels-count-mismatch", "3 labels"), ("label-10", "0 to 9")] {
            let error = Fixtures.expectRefusal(name) {
                _ = try LabelledImages.idx(
                    images: images, labels: try Fixtures.contents("data/idx/bad/\(name)"))
            }
            #expect(error.map { "\($0)".contains(part) } == true, "\(String(describing: error))")
        }
        let good = try LabelledImages.idx(
            images: try Fixtures.contents("data/idx/train-images-idx3-ubyte.gz"),
            labels: try Fixtures.contents("data/idx/train-labels-idx1-ubyte"))
        #expect(good.count == 20)
    }

    @Test(arguments: [
        "7,0,255,3,4\n1,9,8,7,6\n", "label,a,b,c,d\r\n7,0,255,3,4\r\n\r\n1,9,8,7,6",
        "\u{FEFF}7,0,255,3,4\n1,9,8,7,6",
    ])
    func readsTables(text: String) throws {
        for bytes in [Array(text.utf8), packed(Array(text.utf8), .gzip)] {
            let set = try PixelTable.read(FileContents(bytes, name: "table"), shape: [2, 2])
            #expect(set.labels == [7, 1])
            #expect(set.images.bytes == [0, 255, 3, 4, 9, 8, 7, 6])
            #expect(set.images.type.shape == [2, 2, 2])
        }
        let last = FileContents(Array("0,255,3,4,7\n".utf8), name: "table")
        #expect(try PixelTable.read(last, shape: [4], label: .last).labels == [7])
    }

    @Test(arguments: [
        ("7,0,255,3\n", "line 1, column 4"), ("7,0,255,3,4\n7,0,255,3,4,5\n", "line 2, column 6"),
        ("7,0,256,3,4\n", "line 1, column 3"), ("7,0,x,3,4\n", "line 1, column 3"),
        ("7,0,-1,3,4\n", "line 1, column 3"), ("10,0,1,3,4\n", "label 0"), ("", "empty"),
        ("7,0,1,3,4;\n", "line 1"), ("7,0,1.5,3,4\n", "line 1, column 3"),
    ])
    func refusesBadTables(text: String, place: String) {
        let error = Fixtures.expectRefusal(text) {
            _ = try PixelTable.read(FileContents(Array(text.utf8), name: "t"), shape: [2, 2])
        }
        #expect(error.map { "\($0)".contains(place) } == true, "\(String(describing: error))")
    }
}
