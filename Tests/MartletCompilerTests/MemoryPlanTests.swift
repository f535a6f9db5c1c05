import MartletCompiler
import MartletTestSupport
import Testing

@Suite struct MemoryPlanTests {
    /// Requires that nothing lies over anything else that is alive, in-place hints aside.
    private func check(_ requests: [MemoryRequest], _ plan: MemoryPlan, _ comment: Comment) {
        #expect(plan.offsets.count == requests.count, comment)
        for (i, a) in requests.enumerated() where a.byteCount > 0 {
            #expect(plan.offsets[i] % 64 == 0 && plan.offsets[i] >= 0, comment)
            #expect(plan.offsets[i] + a.byteCount <= plan.totalBytes, comment)
            for (j, b) in requests.enumerated().dropFirst(i + 1) where b.byteCount > 0 {
                let together = a.firstStep <= b.lastStep && b.firstStep <= a.lastStep
                let apart =
                    plan.offsets[i] + a.byteCount <= plan.offsets[j]
                    || plan.offsets[j] + b.byteCount <= plan.offsets[i]
                let inPlace =
                    plan.offsets[i] == plan.offsets[j]
                    && (a.sharesWith == j && b.lastStep == a.firstStep
                        || b.sharesWith == i && a.lastStep == b.firstStep)
                #expect(!together || apart || inPlace, "\(comment): requests \(i) and \(j)")
            }
        }
        #expect(plan.totalBytes >= plan.peakBytes && plan.totalBytes <= plan.unsharedBytes, comment)
    }

    private func random(seed: UInt64, hints: Bool) -> [MemoryRequest] {
        var generator = SeededGenerator(seed: seed)
        let sizes = [0, 1, 64, 100, 640, 4096, 50_000]
        var requests: [MemoryRequest] = []
        for _ in 0..<Int.random(in: 1...40, using: &generator) {
            let first = Int.random(in: 0..<20, using: &generator)
            let last = first + Int.random(in: 0..<8, using: &generator)
            // Half of the hints point to a request that ends in time, the others anywhere.
            let ending = requests.indices.filter { requests[$0].lastStep == first }
            let isGood = Bool.random(using: &generator) && !ending.isEmpty
            let hint = (isGood ? ending : Array(0..<40)).randomElement(using: &generator)
            requests.append(
                MemoryRequest(
                    byteCount: sizes.randomElement(using: &generator) ?? 0, firstStep: first,
                    lastStep: last, sharesWith: hints ? hint : nil))
        }
        return requests
    }

    @Test func livesThatOverlapNeverOverlapInMemory() {
        var followed = 0
        for seed in 0..<300 as Range<UInt64> {
            let requests = random(seed: seed, hints: seed % 2 == 0)
            let plan = MemoryPlan.plan(requests: requests, alignment: 64)
            check(requests, plan, "seed \(seed)")
            for (index, request) in requests.enumerated() where request.byteCount > 0 {
                if let other = request.sharesWith, other < requests.count, other != index,
                    plan.offsets[index] == plan.offsets[other],
                    requests[other].lastStep == request.firstStep, requests[other].byteCount > 0
                {
                    followed += 1
                }
            }
        }
        #expect(followed > 20, "too few hints were followed to say anything")
    }

    @Test func chainsComeNearTheLowerBound() {
        var (ratios, worst) = (0.0, 0.0)
        for seed in 0..<100 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            // A forward pass whose values live until the backward pass, with short ones between.
            let depth = Int.random(in: 4...30, using: &generator)
            var requests: [MemoryRequest] = []
            for step in 0..<depth {
                let size = 64 * Int.random(in: 1...200, using: &generator)
                requests.append(
                    MemoryRequest(byteCount: size, firstStep: step, lastStep: 2 * depth - step))
                requests.append(
                    MemoryRequest(byteCount: 2 * size, firstStep: step, lastStep: step + 1))
                requests.append(
                    MemoryRequest(
                        byteCount: size, firstStep: 2 * depth - step - 1,
                        lastStep: 2 * depth - step))
            }
            let plan = MemoryPlan.plan(requests: requests, alignment: 64)
            check(requests, plan, "seed \(seed)")
            let ratio = Double(plan.totalBytes) / Double(plan.peakBytes)
            ratios += ratio
            worst = max(worst, ratio)
        }
        #expect(ratios / 100 <= 1.25, "average \(ratios / 100), worst \(worst)")
    }

    @Test func nothingNeedsNothing() {
        #expect(MemoryPlan.plan(requests: []).totalBytes == 0)
        let empty = MemoryRequest(byteCount: 0, firstStep: 0, lastStep: 3)
        let plan = MemoryPlan.plan(requests: [empty, empty])
        #expect(plan.offsets == [0, 0] && plan.totalBytes == 0 && plan.peakBytes == 0)
    }

    @Test func aChainInPlaceTakesOneBlock() {
        let requests = (0..<10).map { step in
            MemoryRequest(
                byteCount: 100, firstStep: step, lastStep: step + 1,
                sharesWith: step == 0 ? nil : step - 1)
        }
        let plan = MemoryPlan.plan(requests: requests)
        #expect(plan.offsets == [Int](repeating: 0, count: 10) && plan.totalBytes == 128)
    }

    @Test func hintsThatWouldClashAreIgnored() {
        // Two requests want the memory of the first; one still lives when the other begins.
        let requests = [
            MemoryRequest(byteCount: 64, firstStep: 0, lastStep: 2),
            MemoryRequest(byteCount: 64, firstStep: 2, lastStep: 4, sharesWith: 0),
            MemoryRequest(byteCount: 64, firstStep: 2, lastStep: 2, sharesWith: 0),
            MemoryRequest(byteCount: 64, firstStep: 3, lastStep: 5, sharesWith: 1),
            MemoryRequest(byteCount: 256, firstStep: 5, lastStep: 6, sharesWith: 3),
            MemoryRequest(byteCount: 64, firstStep: 5, lastStep: 6, sharesWith: 99),
        ]
        let plan = MemoryPlan.plan(requests: requests)
        check(requests, plan, "clashing hints")
        #expect(plan.offsets[1] == plan.offsets[0] && plan.offsets[2] != plan.offsets[0])
    }

    @Test func aChainWithinOneStepIsNotFollowed() {
        // The last request would lie over the first, which is still read in step 2.
        let requests = [
            MemoryRequest(byteCount: 64, firstStep: 0, lastStep: 2),
            MemoryRequest(byteCount: 64, firstStep: 2, lastStep: 2, sharesWith: 0),
            MemoryRequest(byteCount: 64, firstStep: 2, lastStep: 3, sharesWith: 1),
        ]
        let plan = MemoryPlan.plan(requests: requests)
        check(requests, plan, "a chain within one step")
        #expect(plan.offsets[2] != plan.offsets[0])
    }

    @Test func oneStepAfterAnotherSharesMemory() {
        let requests = (0..<5).map { MemoryRequest(byteCount: 1, firstStep: $0, lastStep: $0) }
        #expect(MemoryPlan.plan(requests: requests, alignment: 16).totalBytes == 16)
    }
}
