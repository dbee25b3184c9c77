/// Descriptors that may be given out, the lowest first, as the kernel does: so that a number is used again in the very
/// tick in which it was closed.
struct FreeNumbers {
    /// Those that were used before: a binary heap, the lowest on top.
    private var returned: [Int32] = []
    /// From here on nothing was ever used.
    private var fresh: Int32 = 3

    mutating func take() -> Int32 {
        guard let lowest = returned.first else {
            fresh += 1
            return fresh - 1
        }
        returned.swapAt(0, returned.count - 1)
        returned.removeLast()
        var place = 0
        while true {
            var least = place
            for child in (2 * place + 1)...(2 * place + 2) where child < returned.count {
                if returned[child] < returned[least] { least = child }
            }
            if least == place { return lowest }
            returned.swapAt(place, least)
            place = least
        }
    }

    mutating func give(_ number: Int32) {
        returned.append(number)
        var place = returned.count - 1
        while place > 0, returned[place] < returned[(place - 1) / 2] {
            returned.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }
}
