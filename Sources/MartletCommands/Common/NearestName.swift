/// Finds the name that was probably meant.
enum NearestName {
    /// The name that differs least from `word`, if it is near enough to be a slip, or the only one
    /// that begins with it.
    static func find(_ word: String, in names: [String]) -> String? {
        let plain = word.lowercased()
        let ranked = names.map { (name: $0, distance: distance(plain, $0.lowercased())) }
        let best = ranked.min { $0.distance < $1.distance }
        if let best, best.distance <= max(1, min(3, plain.count / 3)) { return best.name }
        let beginning = names.filter { plain.count >= 2 && $0.lowercased().hasPrefix(plain) }
        return beginning.count == 1 ? beginning[0] : nil
    }

    /// The least number of letters to insert, remove, replace or exchange with their neighbour to
    /// make one word of the other.
    static func distance(_ first: String, _ second: String) -> Int {
        let (first, second) = (Array(first), Array(second))
        var (before, row) = ([Int](), Array(0...second.count))
        for i in first.indices {
            var next = [i + 1]
            for j in second.indices {
                let replaced = row[j] + (first[i] == second[j] ? 0 : 1)
                var least = min(replaced, row[j + 1] + 1, next[j] + 1)
                if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
                    least = min(least, before[j - 1] + 1)
                }
                next.append(least)
            }
            (before, row) = (row, next)
        }
        return row[second.count]
    }
}
