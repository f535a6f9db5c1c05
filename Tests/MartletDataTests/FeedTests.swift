import Foundation
import MartletData
import MartletGraph
import Testing

@Suite struct FeedTests {
    /// 23 pictures of 3 × 2 pixels; the first pixel of each is its number.
    private let data = Dataset(
        name: "rows", images: (0..<23).flatMap { number in [UInt8(number), 7, 200, 3, 90, 255] },
        imageShape: [1, 3, 2], labels: (0..<23).map { $0 % 4 }, classNames: ["a", "b", "c", "d"])

    /// Everything that an epoch gives.
    private func contents(
        _ data: Dataset, _ options: BatchOptions, epoch: Int = 1, startingAt first: Int = 0
    ) throws -> [HostTensor] {
        let feed = BatchFeed(data, options, epoch: epoch, startingAt: first)
        var result: [HostTensor] = []
        while let batch = try feed.next() {
            result += [try batch.images(), batch.targets()]
            #expect(result[result.count - 2].type == batch.imageType)
            #expect(batch.targets().type == batch.targetType)
        }
        return result
    }

    private let augmentation = Augmentation(
        .flipHorizontally(probability: 0.5), .shift(x: -1...1, y: -1...1))

    @Test func givesEveryPictureOnce() throws {
        for (keeps, expected) in [(true, 23), (false, 20)] {
            let feed = BatchFeed(
                data, BatchOptions(size: 5, shuffleSeed: 3, keepsShortBatch: keeps), epoch: 2)
            var seen: [Int] = []
            var sizes: [Int] = []
            while let batch = try feed.next() {
                let bytes = try batch.images().bytes
                let labels = try #require(batch.targets().scalars(as: Int32.self))
                for (position, sample) in batch.samples.enumerated() {
                    #expect(bytes[6 * position] == UInt8(sample))
                    #expect(labels[position] == Int32(sample % 4))
                }
                seen += batch.samples
                sizes.append(batch.count)
            }
            #expect(Set(seen).count == expected && seen.count == expected)
            #expect(sizes.count == feed.count && sizes.dropLast().allSatisfy { $0 == 5 })
            #expect(seen != seen.sorted())
        }
    }

    @Test func goesOnWhereItIsTold() throws {
        for workers in [0, 2] {
            let options = BatchOptions(size: 4, shuffleSeed: 9, workers: workers)
            let whole = try contents(data, options, epoch: 5)
            #expect(try contents(data, options, epoch: 5, startingAt: 3) == Array(whole[6...]))
            #expect(try contents(data, options, epoch: 5, startingAt: 6) == [])
        }
    }

    @Test(arguments: [Mixing?.none, Mixing(mixup: 0.4, cutmix: 1, probability: 0.8)])
    func resultsDoNotDependOnThreadsOrRuns(mixing: Mixing?) throws {
        var options = BatchOptions(
            size: 4, shuffleSeed: 1, augmentation: augmentation, mixing: mixing,
            labelSmoothing: 0.1, augmentationSeed: 5, workers: 0)
        let expected = try contents(data, options, epoch: 3)
        #expect(expected.count == 12)
        for (workers, capacity) in [(1, 1), (1, 5), (4, 1), (4, 3), (4, 20)] {
            (options.workers, options.capacity) = (workers, capacity)
            #expect(try contents(data, options, epoch: 3) == expected)
        }
        #expect(try contents(data, options, epoch: 4) != expected)
    }

    @Test func mixedTargetsAreSharesOfClasses() throws {
        let options = BatchOptions(
            size: 23, mixing: Mixing(mixup: 1), labelSmoothing: 0.2, workers: 0)
        let values = try contents(data, options)
        #expect(values[0].type == TensorType(.float32, [23, 1, 3, 2]))
        let rows = try #require(values[1].scalars(as: Float.self))
        #expect(values[1].type == TensorType(.float32, [23, 4]))
        for row in 0..<23 {
            let shares = rows[4 * row..<4 * row + 4]
            #expect(abs(shares.reduce(0, +) - 1) < 1e-5 && shares.allSatisfy { $0 >= 0.05 })
        }
        let pixels = try #require(values[0].scalars(as: Float.self))
        #expect(pixels.contains { $0 != $0.rounded() } && pixels.allSatisfy { $0 <= 255 })
    }

    @Test func givesTheFormsOfTargets() throws {
        let forms: [(TargetForm, TensorType, [Double])] = [
            (.classNumbers, TensorType(.int32, [2]), [0, 1]),
            (.values, TensorType(.float32, [2, 1]), [0, 1]),
            (.oneHot, TensorType(.float32, [2, 4]), [1, 0, 0, 0, 0, 1, 0, 0]),
        ]
        for workers in [0, 1] {
            for (form, type, values) in forms {
                let options = BatchOptions(
                    size: 2, sampleLimit: 2, targets: form, workers: workers)
                let targets = try contents(data, options)
                #expect(targets.count == 2)
                #expect(targets[1].type == type && targets[1].doubles == values)
            }
        }
    }

    @Test func takesOnlyTheFirstPictures() throws {
        let options = BatchOptions(size: 4, shuffleSeed: 1, sampleLimit: 10)
        let feed = BatchFeed(data, options, epoch: 1)
        var seen: [Int] = []
        while let batch = try feed.next() { seen += batch.samples }
        #expect(seen.sorted() == Array(0..<10) && feed.count == 3)
    }

    @Test func emptyDataGivesNoBatch() throws {
        for workers in [0, 2] {
            let feed = BatchFeed(
                data.subset([]), BatchOptions(size: 4, workers: workers), epoch: 1)
            #expect(feed.count == 0)
            #expect(try feed.next()?.count == nil)
            #expect(try feed.next()?.count == nil)
        }
    }

    @Test func aLoaderServesManyEpochsAndFeedsThatWereLeft() throws {
        let options = BatchOptions(
            size: 3, shuffleSeed: 2, augmentation: augmentation, workers: 3, capacity: 2)
        let loader = BatchLoader(data, options)
        let left = loader.feed(epoch: 1)
        _ = try left.next()
        for epoch in 2...20 {
            let feed = loader.feed(epoch: epoch)
            var images: [[UInt8]] = []
            while let batch = try feed.next() {
                images.append(try batch.images().bytes)
                if epoch % 3 == 0, batch.number == 2 { break }
            }
            var direct = options
            direct.workers = 0
            let expected = try contents(data, direct, epoch: epoch)
            #expect(images.indices.allSatisfy { images[$0] == expected[2 * $0].bytes })
        }
        // It goes on without the threads, with the same batches.
        let second = try #require(try left.next())
        var direct = options
        direct.workers = 0
        let expected = try contents(data, direct, epoch: 1)
        #expect(try second.number == 1 && second.images() == expected[2])
    }

    @Test func feedsThatAreDroppedEndTheirThreads() throws {
        for round in 0..<50 {
            let feed = BatchFeed(
                data,
                BatchOptions(
                    size: 1, augmentation: augmentation, workers: 4, capacity: 1 + round % 3),
                epoch: round)
            for _ in 0..<round % 5 { _ = try feed.next() }
        }
    }

    @Test func loopsOverBatches() throws {
        var seen: [Int] = []
        for batch in data.batches(of: 10, shuffled: 4) {
            #expect(try batch.images().bytes.count == 6 * batch.count)
            seen += batch.samples
        }
        #expect(seen == Shuffle.order(23, seed: 4, epoch: 1))
        #expect(data.batches(of: 10).map(\.count) == [10, 10, 3])
    }

    @Test func loopsOverBatchesMadeAhead() async throws {
        let options = BatchOptions(size: 5, shuffleSeed: 4, augmentation: augmentation)
        var found: [HostTensor] = []
        for try await batch in data.batches(options).prefetched(workers: 2) {
            found += [batch.images, batch.targets]
        }
        #expect(try contents(data, options) == found)
        for try await batch in data.batches(options).prefetched() {
            if batch.number == 1 { break }
        }
    }

    @Test func optionsSurviveCodingAndOldFilesLackNewOnes() throws {
        let options = BatchOptions(
            size: 7, shuffleSeed: 1, keepsShortBatch: false, sampleLimit: 100, targets: .oneHot,
            augmentation: augmentation, mixing: Mixing(cutmix: 1), labelSmoothing: 0.1,
            augmentationSeed: 4, workers: 2, capacity: 9)
        let bytes = try JSONEncoder().encode(options)
        #expect(try JSONDecoder().decode(BatchOptions.self, from: bytes) == options)
        let old = Data(#"{"size":7,"shuffleSeed":3,"keepsShortBatch":true}"#.utf8)
        #expect(
            try JSONDecoder().decode(BatchOptions.self, from: old)
                == BatchOptions(size: 7, shuffleSeed: 3))
        for bad in [
            #"{"size":0}"#, #"{"size":1,"capacity":0}"#, #"{"size":1,"workers":-1}"#,
            #"{"size":1,"labelSmoothing":2}"#,
        ] {
            #expect(throws: DecodingError.self) {
                try JSONDecoder().decode(BatchOptions.self, from: Data(bad.utf8))
            }
        }
        var other = options
        (other.workers, other.capacity) = (nil, 1)
        #expect(options.givesSameBatches(as: other))
        other.size = 8
        #expect(!options.givesSameBatches(as: other))
    }
}
