import MartletData
import Testing

@Suite struct SplitTests {
    /// 40 pictures of one pixel, their number; 20 of class 0, 12 of class 1, 8 of class 2.
    private let data = Dataset(
        name: "uneven", images: (0..<40).map { UInt8($0) }, imageShape: [1, 1, 1],
        labels: (0..<40).map { $0 < 20 ? 0 : $0 < 32 ? 1 : 2 }, classNames: ["a", "b", "c"])

    private func numbers(_ data: Dataset) throws -> [UInt8] { try data.allBytes() }

    @Test(arguments: [SplitOrder.inOrder, .shuffled(seed: 1), .stratified(seed: 1)])
    func partsAreDisjointAndTogetherTheWhole(order: SplitOrder) throws {
        for count in [0, 1, 7, 39, 40] {
            let (rest, held) = try data.split(count: count, order)
            #expect(held.count == count && rest.count == 40 - count)
            #expect((try numbers(rest) + numbers(held)).sorted() == Array(0..<40))
            #expect(try numbers(rest) == numbers(rest).sorted())
            let again = try data.split(count: count, order)
            #expect(try numbers(again.heldOut) == numbers(held))
        }
        #expect(try data.split(fraction: 0.25, order).heldOut.count == 10)
    }

    @Test func theLastPicturesAreHeldOutInOrder() throws {
        #expect(try numbers(data.split(count: 3, .inOrder).heldOut) == [37, 38, 39])
        #expect(
            try numbers(data.split(count: 8, .shuffled(seed: 1)).heldOut)
                != numbers(data.split(count: 8, .shuffled(seed: 2)).heldOut))
    }

    @Test func stratifiedPartsKeepTheShares() throws {
        let (rest, held) = try data.split(fraction: 0.25, .stratified(seed: 3))
        #expect(held.classCounts == [5, 3, 2] && rest.classCounts == [15, 9, 6])
        // 7 of 40 are 3.5, 2.1 and 1.4: the largest remainder gets the one that is left.
        #expect(try data.split(count: 7, .stratified(seed: 3)).heldOut.classCounts == [4, 2, 1])
    }

    @Test(arguments: [SplitOrder.inOrder, .shuffled(seed: 5), .stratified(seed: 5)])
    func everyPictureIsHeldOutInOneFold(order: SplitOrder) throws {
        let folds = try data.folds(6, order)
        #expect(folds.count == 6)
        #expect(try folds.flatMap { try numbers($0.validation) }.sorted() == Array(0..<40))
        for fold in folds {
            #expect((6...7).contains(fold.validation.count))
            #expect(
                (try numbers(fold.train) + numbers(fold.validation)).sorted() == Array(0..<40))
            if case .stratified = order {
                #expect((3...4).contains(fold.validation.classCounts[0]))
                #expect((1...2).contains(fold.validation.classCounts[2]))
            }
        }
    }

    @Test func impossiblePartsAreErrors() throws {
        for count in [-1, 41] {
            #expect(throws: DataError.self) { try data.split(count: count) }
        }
        for fraction in [-0.1, 1.1, .nan] {
            #expect(throws: DataError.self) { try data.split(fraction: fraction) }
        }
        for count in [0, 1, 41] { #expect(throws: DataError.self) { try data.folds(count) } }
    }

    @Test func theFirstPictures() throws {
        #expect(try numbers(data.first(3)) == [0, 1, 2])
        #expect(data.first(100).count == 40 && data.first(-1).count == 0)
        #expect(data.first(3).name == "uneven, first 3")
    }
}
