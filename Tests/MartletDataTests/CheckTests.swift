import MartletData
import Testing

@Suite struct CheckTests {
    private let data = Dataset(
        name: "train", images: [1, 2, 5, 5, 1, 2, 3, 4], imageShape: [1, 1, 2],
        labels: [0, 0, 0, 1], classNames: ["a", "b", "c"])
    private let test = Dataset(
        name: "test", images: [9, 8, 3, 4], imageShape: [1, 1, 2], labels: [0, 1],
        classNames: ["a", "b", "c"])

    @Test func findsEqualAndConstantPictures() {
        let report = data.check(with: [test])
        #expect(report.count == 6 && report.names == ["train", "test"])
        #expect(report.duplicates.map { $0.map(\.index) } == [[0, 2]])
        #expect(report.constant.map(\.index) == [1])
        #expect(report.shared.count == 1)
        #expect(report.shared.first?.map { "\($0.data) \($0.index)" } == ["train 3", "test 1"])
        #expect(report.classCounts == [[3, 1, 0], [1, 1, 0]])
        #expect(report.imbalance == [3, 1])
        #expect(report.emptyClasses == [["c"], ["c"]])
        #expect(!report.isUsable)
    }

    @Test func saysSoInLines() {
        #expect(
            data.check(with: [test]).description == """
                checked 6 pictures of train, test
                1 of one colour:
                  record 1  all pixels are equal
                1 groups of equal pictures inside one set:
                  train: record 0 = train: record 2
                1 groups of equal pictures in different sets:
                  train: record 3 = test: record 1
                train: the largest class has 3.0 times the smallest
                train: no picture of c
                test: no picture of c
                """)
        let clean = Dataset(
            name: "two", images: [1, 2, 3, 4], imageShape: [1, 1, 2], labels: [0, 1],
            classNames: ["a", "b"])
        #expect(clean.check().description == "checked 2 pictures of two\nnothing to note")
        #expect(clean.check().isUsable)
    }

    /// Pictures whose bytes differ in one bit, or in their number of zeros, are not equal.
    @Test func similarPicturesAreNotEqual() {
        let size = 24
        var images = [UInt8](repeating: 0, count: size * (1 + 8 * size))
        for bit in 0..<8 * size { images[(bit + 1) * size + bit / 8] = 1 << (bit % 8) }
        let data = Dataset(
            name: "bits", images: images, imageShape: [1, 1, size],
            labels: [Int32](repeating: 0, count: 1 + 8 * size), classNames: ["a"])
        #expect(data.check().duplicates.isEmpty)
    }
}
