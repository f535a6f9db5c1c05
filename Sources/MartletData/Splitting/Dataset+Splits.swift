/// The way in which the pictures of a set are dealt out to two parts.
public enum SplitOrder: Sendable, Hashable {
    /// The first pictures go to the first part, the last to the second.
    case inOrder
    /// Chance decides, by a seed.
    case shuffled(seed: UInt64)
    /// Chance decides inside each class, by a seed, so that both parts have the classes in the same
    /// proportion.
    case stratified(seed: UInt64)
}

extension Dataset {
    /// The first `count` pictures, or all when there are fewer.
    public func first(_ count: Int) -> Dataset {
        subset(0..<min(max(0, count), self.count), name: "\(name), first \(count)")
    }

    /// Two parts without a picture in common, the second of `count` pictures.
    ///
    /// Both keep the order of this set.
    ///
    /// - Errors: `DataError` unless `count` is from 0 to the number of pictures.
    public func split(
        count: Int, _ order: SplitOrder = .shuffled(seed: 0)
    ) throws(DataError) -> (rest: Dataset, heldOut: Dataset) {
        guard (0...self.count).contains(count) else {
            throw DataError(
                .unsuitable, file: name, expected: "a part of 0 to \(self.count) pictures",
                found: "\(count)")
        }
        return parts(holdingOut: Set(heldOut(count, order)))
    }

    /// Two parts without a picture in common, the second with a fraction of the pictures, rounded.
    ///
    /// - Errors: `DataError` unless `fraction` is from 0 to 1.
    public func split(
        fraction: Double, _ order: SplitOrder = .shuffled(seed: 0)
    ) throws(DataError) -> (rest: Dataset, heldOut: Dataset) {
        guard fraction >= 0, fraction <= 1 else {
            throw DataError(
                .unsuitable, file: name, expected: "a fraction from 0 to 1", found: "\(fraction)")
        }
        return try split(count: Int((Double(count) * fraction).rounded()), order)
    }

    /// One round of a cross-validation.
    public struct Fold: Sendable {
        /// The pictures to learn from.
        public let train: Dataset
        /// The pictures to be judged by.
        public let validation: Dataset
    }

    /// Pairs of training and validation parts; each picture is held out in exactly one of them.
    ///
    /// - Errors: `DataError` unless `count` is from 2 to the number of pictures.
    public func folds(
        _ count: Int, _ order: SplitOrder = .stratified(seed: 0)
    ) throws(DataError) -> [Fold] {
        guard count >= 2, count <= self.count else {
            throw DataError(
                .unsuitable, file: name, expected: "2 to \(self.count) folds", found: "\(count)")
        }
        // Dealing out one by one keeps the sizes, and with classes in rows their shares, within 1.
        let dealt = order == .inOrder ? nil : dealingOrder(order)
        return (0..<count).map { fold in
            let held =
                if let dealt {
                    stride(from: fold, to: self.count, by: count).map { dealt[$0] }
                } else {
                    Array(fold * self.count / count..<(fold + 1) * self.count / count)
                }
            let (rest, heldOut) = parts(holdingOut: Set(held), fold: fold + 1)
            return Fold(train: rest, validation: heldOut)
        }
    }

    private func parts(
        holdingOut held: Set<Int>, fold: Int? = nil
    ) -> (rest: Dataset, heldOut: Dataset) {
        let label = fold.map { ", fold \($0)" } ?? ""
        return (
            subset(indices.filter { !held.contains($0) }, name: "\(name)\(label), rest"),
            subset(indices.filter { held.contains($0) }, name: "\(name)\(label), held out")
        )
    }

    private func heldOut(_ count: Int, _ order: SplitOrder) -> ArraySlice<Int> {
        switch order {
        case .inOrder: Array(indices).suffix(count)
        case .shuffled(let seed): Shuffle.order(self.count, seed: seed, epoch: 0).prefix(count)
        case .stratified: stratified(count, order)
        }
    }

    /// Takes from each class its share of `count`, by the method of the largest remainders.
    private func stratified(_ count: Int, _ order: SplitOrder) -> ArraySlice<Int> {
        guard self.count > 0 else { return [] }
        let counts = classCounts
        var shares = counts.map { $0 * count / self.count }
        let remainders = counts.indices.sorted { one, other in
            let (first, second) = (
                counts[one] * count % self.count, counts[other] * count % self.count
            )
            return first != second ? first > second : one < other
        }
        for label in remainders.prefix(count - shares.reduce(0, +)) { shares[label] += 1 }
        var taken: [Int] = []
        for index in dealingOrder(order) where shares[Int(labels[index])] > 0 {
            shares[Int(labels[index])] -= 1
            taken.append(index)
        }
        return taken[...]
    }

    /// All pictures in a random order; class after class when stratified.
    private func dealingOrder(_ order: SplitOrder) -> [Int] {
        switch order {
        case .inOrder: return Array(indices)
        case .shuffled(let seed): return Shuffle.order(count, seed: seed, epoch: 0)
        case .stratified(let seed):
            var byClass = [[Int]](repeating: [], count: classNames.count)
            for index in Shuffle.order(count, seed: seed, epoch: 0) {
                byClass[Int(labels[index])].append(index)
            }
            return byClass.flatMap { $0 }
        }
    }
}
