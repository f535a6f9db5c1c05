/// Numbers with names, in an order that is kept: the metrics of an epoch.
public struct NamedValues: Sendable, Hashable, Codable {
    /// One number.
    public struct Entry: Sendable, Hashable, Codable {
        public var name: String
        public var value: Double

        /// Puts a name and a number together.
        public init(_ name: String, _ value: Double) { (self.name, self.value) = (name, value) }
    }

    /// The numbers in their order.
    public var entries: [Entry]

    /// Collects numbers.
    public init(_ entries: [Entry] = []) { self.entries = entries }

    /// The number of that name; a new name goes to the end, `nil` takes it away.
    public subscript(name: String) -> Double? {
        get { entries.first { $0.name == name }?.value }
        set {
            let index = entries.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): entries[index].value = value
            case (let index?, nil): entries.remove(at: index)
            case (nil, let value?): entries.append(Entry(name, value))
            case (nil, nil): break
            }
        }
    }
}

extension NamedValues: ExpressibleByDictionaryLiteral {
    /// Makes numbers from a literal, `["loss": 0.3, "accuracy": 0.9]`.
    public init(dictionaryLiteral elements: (String, Double)...) {
        self.init(elements.map { Entry($0.0, $0.1) })
    }
}
