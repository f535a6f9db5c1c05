/// Instructions that would call Python functions; here they recognise the few that make arrays.
extension PickleMachine {
    mutating func runCall(_ code: UInt8) throws(FormatError) -> Bool {
        switch code {
        case UInt8(ascii: "c"):
            let module = String(decoding: try line(), as: UTF8.self)
            try pushFunction(module, String(decoding: try line(), as: UTF8.self))
        case 0x93:
            let name = try popName()
            try pushFunction(try popName(), name)
        case UInt8(ascii: "R"), 0x81:
            let arguments = try pop("arguments")
            try call(try pop("a function"), arguments, makesObject: code == 0x81)
        case UInt8(ascii: "b"): try build()
        case UInt8(ascii: "i"):
            let module = String(decoding: try line(), as: UTF8.self)
            throw forbidden("\(module).\(String(decoding: try line(), as: UTF8.self))")
        case UInt8(ascii: "o"):
            let items = try popToMark()
            throw forbidden(items.first.map { nodes[$0].name } ?? "an unnamed class")
        case 0x92: throw forbidden("a class with keyword arguments")
        case 0x82, 0x83, 0x84: throw forbidden("an entry of the extension registry")
        case UInt8(ascii: "Q"): try pushPersistent()
        case UInt8(ascii: "P"):
            throw refusal(.unsupported, "values inside the pickle", "a reference to outside")
        case 0x97, 0x98:
            throw refusal(.unsupported, "values inside the pickle", "a buffer outside it")
        default: return false
        }
        return true
    }

    private func forbidden(_ name: String) -> FormatError {
        refusal(
            .forbidden, "numbers, texts, containers and NumPy arrays", String(name.prefix(120)),
            fix: "do not open this file with a reader that runs pickles, unless you trust it")
    }

    private mutating func popName() throws(FormatError) -> String {
        let index = try pop("a name")
        guard case .text(let name) = nodes[index] else {
            throw refusal(.malformed, "the name of a function", nodes[index].name)
        }
        return name
    }

    private mutating func pushFunction(_ module: String, _ name: String) throws(FormatError) {
        if let function = PickleFunction(module: module, name: name),
            rules == .weights || !function.isOfWeights
        {
            return push(.function(function))
        }
        if rules == .weights, let (what, fix) = PickleRules.unreadable["\(module).\(name)"] {
            throw refusal(.unsupported, "tensors with all their numbers", what, fix: fix)
        }
        guard rules.keeps(module: module, name: name) else {
            throw forbidden("\(module).\(name)")
        }
        try pushName("\(module == "__builtin__" ? "builtins" : module).\(name)")
    }

    /// Pushes a name that is only kept, each name once.
    private mutating func pushName(_ name: String) throws(FormatError) {
        if let index = names[name] { return stack.append(index) }
        encodable -= name.utf8.count
        guard encodable >= 0 else {
            throw refusal(.tooLarge, "names in keeping with the file", "many times its size")
        }
        names[name] = nodes.count
        push(.name(name))
    }

    /// What the function would make of its arguments.
    private mutating func call(
        _ target: Int, _ arguments: Int, makesObject: Bool
    ) throws(FormatError) {
        guard case .tuple(let items) = nodes[arguments] else {
            throw refusal(.malformed, "arguments as a tuple", nodes[arguments].name)
        }
        if case .name(let name) = nodes[target] {
            guard makesObject else { throw forbidden(name) }
            return push(.object(className: name, state: items.isEmpty ? nil : arguments))
        }
        guard case .function(let function) = nodes[target] else {
            throw refusal(.malformed, "the name of a function", nodes[target].name)
        }
        switch function {
        case .reconstructArray:
            guard case .function(.arrayClass)? = items.first.map({ nodes[$0] }) else { break }
            return push(.array(nil))
        case .elementKind:
            guard let code = items.first.flatMap(text) else { break }
            let order = code.first.flatMap { "<>|=".contains($0) ? String($0) : nil }
            let letters = order == nil ? code : String(code.dropFirst())
            return push(.elementKind(code: letters, order: order ?? "="))
        case .scalar:
            guard items.count == 2, case .elementKind(let code, let order) = nodes[items[0]]
            else { break }
            let array = PickleArray(
                code: code, order: order, shape: [], isColumnMajor: false, content: items[1],
                isScalar: true)
            return push(.array(array))
        case .arrayFromBuffer:
            guard items.count == 4, case .elementKind(let code, let order) = nodes[items[1]],
                let shape = sizes(items[2]), let layout = text(items[3])
            else { break }
            let array = PickleArray(
                code: code, order: order, shape: shape, isColumnMajor: layout == "F",
                content: items[0])
            return push(.array(array))
        case .encode: if try encode(items) { return }
        case .orderedDictionary where items.isEmpty:
            return push(.dictionary(keys: [], values: []))
        case .orderedDictionary where items.count == 1:
            if pushDictionary(pairs: items[0]) { return }
        case .tuple:
            if items.count == 1, case .tuple = nodes[items[0]] { return stack.append(items[0]) }
        case .bytes where items.isEmpty, .byteArray where items.isEmpty: return push(.bytes([]))
        case .byteArray:
            if items.count == 2, try encode(items) { return }
            if items.count == 1, case .bytes = nodes[items[0]] { return stack.append(items[0]) }
        case .set, .frozenSet:
            if items.count == 1, case .list(let members) = nodes[items[0]] {
                // A list may be turned into sets again and again, so it is moved, not copied.
                nodes[items[0]] = .list([])
                return push(.set(members))
            }
        default: if try callTorch(function, items) { return }
        }
        throw refusal(
            .unsupported, "arguments that \(function.rawValue) is saved with",
            "(" + items.prefix(6).map { nodes[$0].name }.joined(separator: ", ") + ")")
    }

    /// Python 3 writes bytes in old protocols as a text and the name of its encoding.
    private mutating func encode(_ items: [Int]) throws(FormatError) -> Bool {
        guard items.count == 2, case .text(let text) = nodes[items[0]],
            case .text(let encoding) = nodes[items[1]], ["latin1", "latin-1"].contains(encoding)
        else { return false }
        encodable -= text.utf8.count
        guard encodable >= 0 else {
            throw refusal(.tooLarge, "bytes in keeping with the file", "many times its size")
        }
        // Of UTF-8, Latin-1 needs single bytes and pairs that begin with 0xC2 or 0xC3.
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var lead: UInt8 = 0
        for byte in text.utf8 {
            if byte < 0x80 {
                bytes.append(byte)
            } else if byte >= 0xC0 {
                guard byte <= 0xC3 else { return false }
                lead = byte
            } else {
                bytes.append(lead << 6 | byte & 0x3F)
            }
        }
        push(.bytes(bytes))
        return true
    }

    /// Sets the state of an array or element kind; nothing else has a state here.
    private mutating func build() throws(FormatError) {
        let state = try pop("a state")
        let target = try top("a value that takes a state")
        if rules == .weights, buildObject(target, state) { return }
        guard case .tuple(let items) = nodes[state] else {
            throw refusal(
                .forbidden, "the state of an array",
                "\(nodes[state].name) for \(nodes[target].name)")
        }
        switch nodes[target] {
        case .elementKind(let code, _):
            // (version, order, subarray, names, fields, size, alignment, flags)
            guard items.count >= 5, let order = text(items[1]),
                ["<", ">", "|", "="].contains(order),
                case .none = nodes[items[2]], case .none = nodes[items[3]],
                case .none = nodes[items[4]]
            else {
                throw refusal(.unsupported, "a plain number as element kind", "a record of fields")
            }
            nodes[target] = .elementKind(code: code, order: order)
        case .array:
            // (version, shape, element kind, is column-major, bytes)
            guard items.count == 5, let shape = sizes(items[1]),
                case .elementKind(let code, let order) = nodes[items[2]],
                let isColumnMajor = truth(items[3])
            else {
                throw refusal(.malformed, "version, shape, element kind, order and bytes", "others")
            }
            nodes[target] = .array(
                PickleArray(
                    code: code, order: order, shape: shape, isColumnMajor: isColumnMajor,
                    content: items[4]))
        default:
            throw refusal(.forbidden, "the state of an array", "one for \(nodes[target].name)")
        }
    }

    func text(_ index: Int) -> String? {
        switch nodes[index] {
        case .text(let text): text
        case .bytes(let bytes): String(decoding: bytes.prefix(64), as: UTF8.self)
        default: nil
        }
    }

    private func truth(_ index: Int) -> Bool? {
        switch nodes[index] {
        case .truth(let value): value
        case .integer(let value): value != 0
        default: nil
        }
    }

    func sizes(_ index: Int) -> [Int]? {
        guard case .tuple(let items) = nodes[index], items.count <= 64 else { return nil }
        var sizes: [Int] = []
        for item in items {
            guard case .integer(let size) = nodes[item], size >= 0 else { return nil }
            sizes.append(size)
        }
        return sizes
    }
}
