/// What Martlet knows about one of its data sets.
public struct DatasetEntry: Hashable, Sendable {
    /// The name by which it is asked for: `mnist`.
    public let name: String
    /// The name that its authors gave it.
    public let title: String
    /// The names of the classes; class `k` is `classNames[k]`.
    public let classNames: [String]
    /// The number of pictures to learn from.
    public let trainCount: Int
    /// The number of pictures to be judged by.
    public let testCount: Int
    /// Channels, height and width of a picture, in pixels.
    public let imageShape: [Int]
    /// The folders in which torchvision and others keep the set, below a root.
    let layouts: [String]
    /// The forms in which it is published, the preferred one first; empty for a built-in set.
    package let forms: [PublishedForm]

    /// Describes a data set.
    package init(
        name: String, title: String, classNames: [String], trainCount: Int, testCount: Int,
        imageShape: [Int], layouts: [String], forms: [PublishedForm]
    ) {
        (self.name, self.title, self.classNames) = (name, title, classNames)
        (self.trainCount, self.testCount, self.imageShape) = (trainCount, testCount, imageShape)
        (self.layouts, self.forms) = (layouts, forms)
    }

    /// Whether the set is shipped with Martlet.
    public var isBuiltIn: Bool { forms.isEmpty }

    /// All data sets that are known by name.
    public static let all: [DatasetEntry] = [
        .digits, .mnist, .fashion, .kmnist, .cifar10, .cifar100,
    ]

    /// The data set of that name; `fashion_mnist`, `FashionMNIST` and `fashion-mnist` are one name.
    public static func named(_ name: String) -> DatasetEntry? {
        let plain = plainName(name)
        return all.first { plainName($0.name) == plain }
    }

    /// The known name that differs least from `name`, if it is near enough to be a slip.
    public static func nearestName(to name: String) -> String? {
        let plain = Array(plainName(name))
        let distances = all.map { ($0.name, editDistance(plain, Array(plainName($0.name)))) }
        guard let best = distances.min(by: { $0.1 < $1.1 }), best.1 <= 2 else { return nil }
        return best.0
    }

    private static func plainName(_ name: String) -> String {
        name.lowercased().filter { $0.isLetter || $0.isNumber }
    }
}

/// The least number of letters to insert, remove or replace to make one word of the other.
private func editDistance(_ first: [Character], _ second: [Character]) -> Int {
    var row = Array(0...second.count)
    for (i, letter) in first.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, other) in second.enumerated() {
            let replaced = diagonal + (letter == other ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
        }
    }
    return row[second.count]
}
