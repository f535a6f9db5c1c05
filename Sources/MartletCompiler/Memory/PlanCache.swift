/// Plans by what they were compiled for, with a record of why each one was compiled.
///
/// A plan costs milliseconds to seconds to compile, so a surprising second compilation must be
/// visible: reasons are logged at `MARTLET_DEBUG=1` and kept in `compilations`. Holds a bounded
/// number of plans; the one that was not used for the longest time goes first.
public struct PlanCache<Key: Hashable, Plan> {
    /// One compilation and its reason.
    public struct Compilation: Hashable, Sendable {
        /// The name of what was compiled, `train`.
        public var name: String
        /// Why there was no plan: `first call`, `x changed from f32[32,4] to f32[16,4]`.
        public var reason: String

        /// Records that `name` was compiled because of `reason`.
        public init(name: String, reason: String) { (self.name, self.reason) = (name, reason) }
    }

    /// The name of what is compiled, as messages show it.
    public let name: String
    /// The number of plans that are kept at most.
    public let capacity: Int
    /// Every compilation so far, dropped plans included.
    public private(set) var compilations: [Compilation] = []
    /// The number of plans that are held now.
    public var count: Int { entries.count }

    private let describe: (Key) -> [(part: String, value: String)]
    private let settings: Settings
    private var entries: [Key: (plan: Plan, lastUse: Int)] = [:]
    private var dropped: Set<Key> = []
    private var latest: Key?
    private var clock = 0

    /// Makes an empty cache.
    ///
    /// - Parameter describe: the parts of a key by name, such as each input with its type; they
    ///   are compared to tell what changed.
    /// - Precondition: `capacity` is positive.
    public init(
        name: String, capacity: Int = 16, settings: Settings = .current,
        describe: @escaping (Key) -> [(part: String, value: String)]
    ) {
        precondition(capacity > 0, "PlanCache: capacity must be positive, got \(capacity)")
        (self.name, self.capacity, self.settings) = (name, capacity, settings)
        self.describe = describe
    }

    /// The plan for `key` if there is one; counts as a use.
    public mutating func lookup(_ key: Key) -> Plan? {
        guard let plan = entries[key]?.plan else { return nil }
        clock += 1
        entries[key]?.lastUse = clock
        latest = key
        return plan
    }

    /// The plan for `key`, compiled and kept if there is none; nothing is kept when that throws.
    public mutating func plan<Failure: Error>(
        for key: Key, compile: () throws(Failure) -> Plan
    ) throws(Failure) -> Plan {
        if let plan = lookup(key) { return plan }
        let again = compilations.isEmpty ? "" : " again"
        let compilation = Compilation(name: name, reason: reason(for: key))
        Log.debug(1, settings: settings, "compiling \(name)\(again): \(compilation.reason)")
        let plan = try compile()
        compilations.append(compilation)
        clock += 1
        entries[key] = (plan, clock)
        latest = key
        dropped.remove(key)
        dropOldest()
        return plan
    }

    private func reason(for key: Key) -> String {
        guard let latest else { return "first call" }
        if dropped.contains(key) { return "its plan was dropped to keep no more than \(capacity)" }
        let old = describe(latest)
        let new = describe(key)
        let oldValues = Dictionary(old.map { ($0.part, $0.value) }) { first, _ in first }
        let newParts = Set(new.map(\.part))
        var changes: [String] = []
        for (part, value) in new {
            guard let before = oldValues[part] else {
                changes.append("\(part) is new, \(value)")
                continue
            }
            if before != value { changes.append("\(part) changed from \(before) to \(value)") }
        }
        for (part, value) in old where !newParts.contains(part) {
            changes.append("\(part) is gone, was \(value)")
        }
        return changes.isEmpty
            ? "something without a name changed" : changes.joined(separator: ", ")
    }

    private mutating func dropOldest() {
        guard entries.count > capacity,
            let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })?.key
        else { return }
        entries[oldest] = nil
        dropped.insert(oldest)
        let parts = describe(oldest).map { "\($0.part) \($0.value)" }.joined(separator: ", ")
        Log.debug(
            1, settings: settings,
            "dropping a plan of \(name) (\(parts)): no more than \(capacity) are kept")
    }
}
