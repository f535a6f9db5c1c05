extension Graph {
    /// Reads what `text` prints, and verifies it.
    ///
    /// - Throws: `GraphTextError` with the line at fault; the text may come from anywhere.
    public init(parsing text: String) throws(GraphTextError) {
        var parser = GraphParser(text)
        self = try parser.parse()
    }
}

/// Goes through the lines of graph text and remembers where everything stood.
private struct GraphParser {
    private typealias Entry = (name: String, type: TensorType)

    private var graph = Graph(name: "")
    private var lines: ArraySlice<ArraySlice<UInt8>>
    private var lineNumber = 0
    private var headerLine = 0
    private var nodeLines: [Int] = [], outputLines: [Int] = [], assignmentLines: [Int] = []

    init(_ text: String) {
        lines =
            Array(text.utf8)
            .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
    }

    mutating func parse() throws(GraphTextError) -> Graph {
        var first = try next("'martlet-graph 1'")
        guard first.take("martlet-graph 1"), first.peek() == nil else {
            throw first.error(expected: "'martlet-graph 1', the only version there is")
        }
        var header = try next("the header, 'graph name(...) -> (...)'")
        headerLine = header.line
        try header.expect(word: "graph")
        graph.name = try header.name("the name of the graph")
        let inputs = try entries(&header)
        try header.expect("->")
        let outputs = try entries(&header)
        try header.expectEnd()
        while try line() {}
        if let extra = skipBlank() { throw extra.error(expected: "nothing after 'end'") }
        try verify()
        try compare(
            inputs, graph.inputs.map { ($0.name, $0.type) }, "inputs", "the input nodes")
        try compare(
            outputs, graph.outputs.map { ($0.name, graph[$0.value].type) }, "outputs",
            "the output lines")
        return graph
    }

    /// The next line with something on it, or `nil` at the end.
    private mutating func skipBlank() -> LineReader? {
        while let bytes = lines.popFirst() {
            lineNumber += 1
            var reader = LineReader(line: lineNumber, bytes)
            if reader.peek() != nil { return reader }
        }
        return nil
    }

    private mutating func next(_ expected: String) throws(GraphTextError) -> LineReader {
        if let reader = skipBlank() { return reader }
        throw GraphTextError(
            line: max(1, lineNumber), expected: expected, found: "the end of the text")
    }

    /// One line below the header; false when it was the last.
    private mutating func line() throws(GraphTextError) -> Bool {
        var reader = try next("'end'")
        if reader.peek() == UInt8(ascii: "%") {
            try node(&reader)
            return true
        }
        let before = reader
        switch String(decoding: reader.run(), as: UTF8.self) {
        case "assign":
            let (name, value) = try binding(&reader)
            graph.assignments.append(Assignment(name, value))
            assignmentLines.append(reader.line)
        case "output":
            let (name, value) = try binding(&reader)
            graph.outputs.append(Output(name, value))
            outputLines.append(reader.line)
        case "end":
            try reader.expectEnd()
            return false
        default: throw before.error(expected: "a node such as %1, 'assign', 'output' or 'end'")
        }
        return true
    }

    private typealias Assignment = Graph.Assignment
    private typealias Output = Graph.Output

    private func binding(
        _ reader: inout LineReader
    ) throws(GraphTextError) -> (String, Value) {
        let name = try reader.name("a name")
        try reader.expect("=")
        let value = try reader.value()
        try reader.expectEnd()
        return (name, value)
    }

    private mutating func node(_ reader: inout LineReader) throws(GraphTextError) {
        let before = reader
        guard try reader.value().index == graph.nodes.count else {
            throw before.error(expected: "%\(graph.nodes.count), the next number")
        }
        var origin = Origin(path: try reader.path())
        let type = try reader.type()
        let (op, operands) = try operation(&reader, type)
        if reader.peek() != nil {
            try reader.expect(word: "of")
            origin.forward = try reader.value()
            try reader.expectEnd()
        }
        graph.nodes.append(Node(op: op, inputs: operands, type: type, origin: origin))
        nodeLines.append(reader.line)
    }

    private func operation(
        _ reader: inout LineReader, _ type: TensorType
    ) throws(GraphTextError) -> (Op, [Value]) {
        let before = reader
        let name = String(decoding: reader.run(), as: UTF8.self)
        guard Op.allNames.contains(name) else {
            throw before.error(expected: "the name of an operation")
        }
        try reader.expect("(")
        var source: Op?
        var operands: [Value] = []
        switch name {
        case "input": source = .input(try reader.name("the name of the input"), type)
        case "variable": source = .variable(try reader.name("the name of the variable"), type)
        case "constant": source = .constant(try ConstantText.parse(&reader, type))
        default:
            guard reader.peek() != UInt8(ascii: ")") else { break }
            repeat { operands.append(try reader.value()) } while reader.take(",")
        }
        try reader.expect(")")
        if let source { return (source, []) }
        guard let op = try Op.parse(name, type, &reader) else {
            throw before.error(expected: "the name of an operation")
        }
        return (op, operands)
    }

    private func entries(_ reader: inout LineReader) throws(GraphTextError) -> [Entry] {
        var entries: [Entry] = []
        try reader.expect("(")
        if reader.take(")") { return entries }
        repeat {
            let name = try reader.name("a name")
            try reader.expect(":")
            entries.append((name, try reader.type()))
        } while reader.take(",")
        guard reader.take(")") else { throw reader.error(expected: "',' or ')'") }
        return entries
    }

    private func compare(
        _ header: [Entry], _ body: [Entry], _ what: String, _ place: String
    ) throws(GraphTextError) {
        let text = { (entries: [Entry]) in
            Graph.list(entries.map { ($0.name, $0.type.description) })
        }
        guard !header.elementsEqual(body, by: ==) else { return }
        throw GraphTextError(
            line: headerLine, expected: "\(what) \(text(body)) as in \(place)",
            found: text(header))
    }

    private func verify() throws(GraphTextError) {
        do {
            try graph.verify()
        } catch {
            let line =
                switch error.place {
                case .node(let value): nodeLines[value.index]
                case .output(let index): outputLines[index]
                case .assignment(let index): assignmentLines[index]
                }
            throw GraphTextError(
                line: line, expected: error.expected, found: error.received)
        }
    }
}
