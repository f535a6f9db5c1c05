import MartletCompiler
import MartletGraph
import Testing

@Suite struct MemoryPlanCacheTests {
    private typealias Cache = PlanCache<[String: TensorType], Int>

    private func makeCache(capacity: Int = 4) -> Cache {
        Cache(name: "train", capacity: capacity, settings: Settings()) { key in
            key.sorted { $0.key < $1.key }.map { ($0.key, $0.value.description) }
        }
    }

    @Test func plansAreCompiledOnceAndReasonsTold() throws {
        var cache = makeCache()
        var compiled = 0
        func use(_ key: [String: TensorType]) -> Int {
            cache.plan(for: key) {
                compiled += 1
                return compiled
            }
        }
        let large = ["x": TensorType(.float32, [32, 4]), "y": TensorType(.int32, [32])]
        let small = ["x": TensorType(.float32, [16, 4]), "y": TensorType(.int32, [16])]
        #expect(use(large) == 1)
        #expect(use(large) == 1)
        #expect(use(small) == 2)
        #expect(use(large) == 1)
        #expect(use(["x": TensorType(.float32, [32, 4]), "z": TensorType(.bool, [])]) == 3)
        #expect(
            cache.compilations == [
                .init(name: "train", reason: "first call"),
                .init(
                    name: "train",
                    reason:
                        "x changed from f32[32,4] to f32[16,4], y changed from i32[32] to i32[16]"),
                .init(name: "train", reason: "z is new, bool[], y is gone, was i32[32]"),
            ])
        #expect(cache.lookup(small) == 2)
        #expect(cache.lookup([:]) == nil)
    }

    @Test func theLeastUsedPlanIsDropped() throws {
        var cache = makeCache(capacity: 2)
        let keys = (1...3).map { ["x": TensorType(.float32, [$0])] }
        for key in [keys[0], keys[1], keys[0], keys[2]] { _ = cache.plan(for: key) { 0 } }
        #expect(cache.count == 2)
        #expect(cache.lookup(keys[1]) == nil)
        #expect(cache.lookup(keys[0]) != nil)
        _ = cache.plan(for: keys[1]) { 0 }
        #expect(
            cache.compilations.last?.reason == "its plan was dropped to keep no more than 2")
    }

    @Test func aFailedCompilationLeavesNoPlan() throws {
        var cache = makeCache()
        let key = ["x": TensorType(.float32, [])]
        #expect(throws: EngineError.self) {
            _ = try cache.plan(for: key) { () throws(EngineError) -> Int in throw EngineError("no")
            }
        }
        #expect(cache.lookup(key) == nil && cache.compilations.isEmpty)
    }
}
