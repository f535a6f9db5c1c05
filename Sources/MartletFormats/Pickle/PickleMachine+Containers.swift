/// Instructions that make and fill lists, tuples, sets and dictionaries.
extension PickleMachine {
    mutating func runContainer(_ code: UInt8) throws(FormatError) -> Bool {
        switch code {
        case UInt8(ascii: "]"): push(.list([]))
        case UInt8(ascii: "l"): push(.list(try popToMark()))
        case UInt8(ascii: ")"): push(.tuple([]))
        case UInt8(ascii: "t"): push(.tuple(try popToMark()))
        case 0x85: try pushTuple(1)
        case 0x86: try pushTuple(2)
        case 0x87: try pushTuple(3)
        case UInt8(ascii: "}"): push(.dictionary(keys: [], values: []))
        case UInt8(ascii: "d"):
            let items = try popToMark()
            push(.dictionary(keys: [], values: []))
            try insert(items)
        case 0x8F: push(.set([]))
        case 0x91: push(.set(try popToMark()))
        case UInt8(ascii: "a"): try extend(with: [try pop("a member")])
        case UInt8(ascii: "e"): try extend(with: try popToMark())
        case 0x90: try extendSet(with: try popToMark())
        case UInt8(ascii: "s"):
            let value = try pop("a value")
            let key = try pop("a key")
            try insert([key, value])
        case UInt8(ascii: "u"): try insert(try popToMark())
        default: return false
        }
        return true
    }

    private mutating func pushTuple(_ count: Int) throws(FormatError) {
        var items: [Int] = []
        for _ in 0..<count { items.insert(try pop("a member of a tuple"), at: 0) }
        push(.tuple(items))
    }

    private mutating func extend(with items: [Int]) throws(FormatError) {
        let target = try top("a list")
        guard case .list(var list) = nodes[target] else {
            throw refusal(.malformed, "a list to append to", nodes[target].name)
        }
        nodes[target] = .none  // So that appending does not copy the list.
        list += items
        nodes[target] = .list(list)
    }

    private mutating func extendSet(with items: [Int]) throws(FormatError) {
        let target = try top("a set")
        guard case .set(var set) = nodes[target] else {
            throw refusal(.malformed, "a set to add to", nodes[target].name)
        }
        nodes[target] = .none
        set += items
        nodes[target] = .set(set)
    }

    private mutating func insert(_ items: [Int]) throws(FormatError) {
        let target = try top("a dictionary")
        guard case .dictionary(var keys, var values) = nodes[target] else {
            throw refusal(.malformed, "a dictionary to add to", nodes[target].name)
        }
        guard items.count.isMultiple(of: 2) else {
            throw refusal(.malformed, "keys and values in pairs", "\(items.count) values")
        }
        for index in stride(from: 0, to: items.count, by: 2) {
            switch nodes[items[index]] {
            case .list, .dictionary, .set, .array:
                throw refusal(.malformed, "a key that does not change", nodes[items[index]].name)
            default: break
            }
        }
        nodes[target] = .none
        for index in stride(from: 0, to: items.count, by: 2) {
            keys.append(items[index])
            values.append(items[index + 1])
        }
        nodes[target] = .dictionary(keys: keys, values: values)
    }
}
