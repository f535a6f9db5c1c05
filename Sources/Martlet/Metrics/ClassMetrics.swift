import MartletGraph

/// How often examples of each class were predicted as each class.
///
/// Its value is the accuracy; `matrix` gives everything else. Targets outside the classes are not
/// counted.
public struct Confusion: Metric {
    /// The name under which the value is reported.
    public let name: String
    /// The number of classes.
    public let classes: Int

    /// Makes a metric.
    ///
    /// - Precondition: `classes` is positive.
    public init(classes: Int, name: String = "confusion") {
        precondition(classes > 0, "Confusion: classes must be positive, got \(classes)")
        (self.classes, self.name) = (classes, name)
    }

    /// Examples by target and prediction, `[classes, classes]`.
    public func counts(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
        guard predictions.shape.last == classes else {
            return mistake(
                "confusion(\(predictions.type))", like: predictions,
                expected: "predictions [N, \(classes)]", received: "\(predictions.type)")
        }
        let labels = classLabels(targets, like: predictions)
        let count = labels.shape.reduce(1, *)
        let truth = oneHot(labels.reshaped([count]), classes: classes)
        let guess = oneHot(predictions.argMax(axis: -1).reshaped([count]), classes: classes)
        return matmul(truth.transposed, guess)
    }

    /// The counts by class.
    public func matrix(_ counts: [Double]) -> ClassMatrix {
        ClassMatrix(classes: classes, counts: counts)
    }

    /// The accuracy.
    public func value(_ counts: [Double]) -> Double { matrix(counts).accuracy }
}

/// The mean over classes of precision, recall or F1; every class weighs the same.
///
/// - Same as: scikit-learn's scores with `average="macro"` and `zero_division=0`, if every class
///   occurs.
public struct ClassScore: Metric {
    /// What is measured of each class.
    public enum Kind: String, Hashable, Sendable {
        case precision, recall, f1
    }

    /// The name under which the value is reported.
    public let name: String
    private let kind: Kind
    private let confusion: Confusion

    /// Makes a metric.
    ///
    /// - Precondition: `classes` is positive.
    public init(_ kind: Kind, classes: Int, name: String? = nil) {
        (self.kind, self.name) = (kind, name ?? kind.rawValue)
        confusion = Confusion(classes: classes)
    }

    /// Those of `Confusion`.
    public func counts(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
        confusion.counts(predictions, targets)
    }

    /// The mean over classes.
    public func value(_ counts: [Double]) -> Double {
        let matrix = confusion.matrix(counts)
        guard matrix.total > 0 else { return .nan }
        let scores = (0..<matrix.classes).map { label in
            switch kind {
            case .precision: matrix.precision(of: label)
            case .recall: matrix.recall(of: label)
            case .f1: matrix.f1(of: label)
            }
        }
        return scores.reduce(0, +) / Double(matrix.classes)
    }
}

/// Examples by target (row) and prediction (column), with the scores of each class.
///
/// A score whose divisor is zero is zero.
public struct ClassMatrix: Hashable, Sendable {
    /// The number of classes.
    public let classes: Int
    private let counts: [Double]

    /// Takes counts in row-major order.
    ///
    /// - Precondition: there are `classes`² counts.
    public init(classes: Int, counts: [Double]) {
        precondition(
            counts.count == classes * classes,
            "ClassMatrix: \(classes) classes need \(classes * classes) counts, got \(counts.count)")
        (self.classes, self.counts) = (classes, counts)
    }

    /// How many examples of class `target` were predicted as `prediction`.
    public subscript(target: Int, prediction: Int) -> Int {
        Int(counts[target * classes + prediction])
    }

    /// The number of all examples.
    public var total: Int { Int(counts.reduce(0, +)) }

    /// The number of examples of a class.
    public func support(of label: Int) -> Int {
        (0..<classes).reduce(0) { $0 + self[label, $1] }
    }

    /// The number of predictions of a class.
    public func predictions(of label: Int) -> Int {
        (0..<classes).reduce(0) { $0 + self[$1, label] }
    }

    /// The share of all examples that were predicted right, NaN without examples.
    public var accuracy: Double {
        Double((0..<classes).reduce(0) { $0 + self[$1, $1] }) / Double(total)
    }

    /// The share of a class's predictions that are right.
    public func precision(of label: Int) -> Double {
        share(self[label, label], predictions(of: label))
    }

    /// The share of a class's examples that were predicted as it.
    public func recall(of label: Int) -> Double { share(self[label, label], support(of: label)) }

    /// The harmonic mean of precision and recall.
    public func f1(of label: Int) -> Double {
        share(2 * self[label, label], predictions(of: label) + support(of: label))
    }

    private func share(_ part: Int, _ whole: Int) -> Double {
        whole == 0 ? 0 : Double(part) / Double(whole)
    }
}
