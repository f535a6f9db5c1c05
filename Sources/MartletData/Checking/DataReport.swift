/// What a check of a data set found.
public struct DataReport: Sendable, CustomStringConvertible {
    /// One picture that is worth a look.
    public struct Finding: Sendable, Hashable {
        /// The name of the data set.
        public var data: String
        /// The number of the picture in it.
        public var index: Int
        /// The file, or the number of the record.
        public var origin: String
        /// What was found, in a line.
        public var reason: String
    }

    /// The number of pictures that were read.
    public internal(set) var count = 0
    /// Pictures that cannot be read, with the reason.
    public internal(set) var damaged: [Finding] = []
    /// Pictures all of whose pixels are equal.
    public internal(set) var constant: [Finding] = []
    /// Pictures with a side below a quarter of the size wanted.
    public internal(set) var tiny: [Finding] = []
    /// Pictures of more than 16 million pixels.
    public internal(set) var huge: [Finding] = []
    /// Groups of pictures with equal pixels inside one data set.
    public internal(set) var duplicates: [[Finding]] = []
    /// Groups of pictures with equal pixels in different data sets.
    public internal(set) var shared: [[Finding]] = []
    /// The number of pictures of each class, one list for each data set.
    public internal(set) var classCounts: [[Int]] = []
    /// The names of the data sets.
    public internal(set) var names: [String] = []
    /// The names of the classes.
    public internal(set) var classNames: [String] = []

    /// What else is worth knowing, one sentence each.
    public package(set) var notes: [String] = []

    /// How many times larger the largest class is than the smallest that is not empty, per set.
    public var imbalance: [Double] {
        classCounts.map { counts in
            let filled = counts.filter { $0 > 0 }
            guard let least = filled.min(), let most = filled.max() else { return 1 }
            return Double(most) / Double(least)
        }
    }

    /// Classes without a picture, one list for each data set.
    public var emptyClasses: [[String]] {
        classCounts.map { counts in
            zip(classNames, counts).filter { $0.1 == 0 }.map(\.0)
        }
    }

    /// True when every picture can be read and no two sets share one.
    public var isUsable: Bool { damaged.isEmpty && shared.isEmpty }

    /// One line for each thing found, at most five pictures each.
    public var description: String {
        var lines = ["checked \(count) pictures of \(names.joined(separator: ", "))"]
        func list(_ what: String, _ findings: [Finding]) {
            guard !findings.isEmpty else { return }
            lines.append("\(findings.count) \(what):")
            lines += findings.prefix(5).map { "  \($0.origin)  \($0.reason)" }
            if findings.count > 5 { lines.append("  … and \(findings.count - 5) more") }
        }
        func list(_ what: String, _ groups: [[Finding]]) {
            guard !groups.isEmpty else { return }
            lines.append("\(groups.count) \(what):")
            for group in groups.prefix(5) {
                lines.append(
                    "  "
                        + group.prefix(4).map { "\($0.data): \($0.origin)" }
                        .joined(separator: " = ") + (group.count > 4 ? " = …" : ""))
            }
            if groups.count > 5 { lines.append("  … and \(groups.count - 5) more") }
        }
        list("damaged", damaged)
        list("of one colour", constant)
        list("tiny", tiny)
        list("huge", huge)
        list("groups of equal pictures inside one set", duplicates)
        list("groups of equal pictures in different sets", shared)
        for (name, (imbalance, empty)) in zip(names, zip(imbalance, emptyClasses)) {
            if imbalance > 2 {
                let ratio = (imbalance * 10).rounded() / 10
                lines.append("\(name): the largest class has \(ratio) times the smallest")
            }
            if !empty.isEmpty {
                lines.append("\(name): no picture of \(empty.joined(separator: ", "))")
            }
        }
        lines += notes
        if lines.count == 1 { lines.append("nothing to note") }
        return lines.joined(separator: "\n")
    }
}
