/// The name and the type of a graph's input or output.
public struct ONNXValueInfo: Hashable, Sendable {
    /// The size of an axis.
    public enum Size: Hashable, Sendable {
        /// A number that is always the same.
        case fixed(Int)
        /// Any number, under a name, which may be empty.
        case named(String)
    }

    /// The name of the value.
    public var name: String
    /// The kind of element.
    public var element: ONNXElement
    /// The sizes of the axes; `nil` where the file does not tell.
    public var shape: [Size]?

    /// Collects the parts of a type.
    public init(_ name: String, element: ONNXElement = .float32, shape: [Size]?) {
        (self.name, self.element, self.shape) = (name, element, shape)
    }

    init(_ field: ProtobufField) throws(FormatError) {
        self.init("", element: ONNXElement(rawValue: 0), shape: nil)
        var reader = try field.reader("the type of a value")
        while let field = try reader.next() {
            switch field.number {
            case 1: name = try field.text()
            case 2: try readType(field)
            default: break
            }
        }
    }

    private mutating func readType(_ field: ProtobufField) throws(FormatError) {
        var reader = try field.reader("the type of a value")
        while let field = try reader.next() {
            guard field.number == 1 else { continue }
            var tensor = try field.reader("the type of a tensor")
            while let field = try tensor.next() {
                switch field.number {
                case 1: element = ONNXElement(rawValue: Int(try field.integer()))
                case 2: try readShape(field)
                default: break
                }
            }
        }
    }

    private mutating func readShape(_ field: ProtobufField) throws(FormatError) {
        var sizes: [Size] = []
        var reader = try field.reader("a shape")
        while let field = try reader.next() {
            guard field.number == 1 else { continue }
            var size = Size.named("")
            var axis = try field.reader("a size")
            while let field = try axis.next() {
                switch field.number {
                case 1: size = .fixed(Int(try field.integer()))
                case 2: size = .named(try field.text())
                default: break
                }
            }
            sizes.append(size)
        }
        shape = sizes
    }

    func write(_ writer: inout ProtobufWriter) {
        writer.text(1, name)
        writer.message(2) { type in
            type.message(1) { tensor in
                tensor.integer(1, Int64(element.rawValue))
                guard let shape else { return }
                tensor.message(2) { list in
                    for size in shape {
                        list.message(1) { axis in
                            switch size {
                            case .fixed(let value): axis.integer(1, Int64(value))
                            case .named(let name): axis.text(2, name)
                            }
                        }
                    }
                }
            }
        }
    }
}
