/// Finds what somebody meant to type.
enum NearestName {
    /// The candidate with the fewest changes (insert, delete, replace, swap two) that is still near: at most a third
    /// of the letters, at least one; of fewer than three letters none but their case.
    static func of(_ name: String, among candidates: some Sequence<String>) -> String? {
        let limit = name.count < 3 ? 0 : max(1, name.count / 3)
        let ranked = candidates.map { ($0, distance(name.lowercased(), $0.lowercased())) }
        return ranked.filter { $0.1 <= limit }.min { $0.1 < $1.1 }?.0
    }

    /// Damerau and Levenshtein's distance, swaps of neighbours only.
    static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left), Array(right))
        guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
        var older = [Int](repeating: 0, count: right.count + 1)
        var previous = Array(0...right.count)
        for row in 1...left.count {
            var current = [row] + [Int](repeating: 0, count: right.count)
            for column in 1...right.count {
                let same = left[row - 1] == right[column - 1]
                var best = min(previous[column] + 1, current[column - 1] + 1, previous[column - 1] + (same ? 0 : 1))
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    best = min(best, older[column - 2] + 1)
                }
                current[column] = best
            }
            (older, previous) = (previous, current)
        }
        return previous[right.count]
    }
}
