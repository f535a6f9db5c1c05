import MartletGraph

/// One record of a TensorBoard event file.
///
/// - Source: `tensorboard/compat/proto/event.proto` and `summary.proto` of the TensorBoard project.
public struct Event: Hashable, Sendable {
    /// What was noted.
    public enum Content: Hashable, Sendable {
        /// The form of the file, `brain.Event:2`; the first record.
        case version(String)
        /// Named values of one step.
        case values([Value])
        /// A graph as TensorFlow's `GraphDef`.
        case graph([UInt8])
        /// Training begins, or goes on, at this step; what was noted for it and later is void.
        case start
        /// A record of another kind.
        case other
    }

    /// A value under the name that TensorBoard shows.
    public struct Value: Hashable, Sendable {
        /// The kinds of value.
        public enum Kind: Hashable, Sendable {
            /// A number.
            case number(Float)
            /// A PNG file with the picture's size and its number of channels.
            case picture(png: [UInt8], width: Int, height: Int, channels: Int)
            /// How numbers are spread.
            case histogram(Histogram)
            /// A kind that is not read here.
            case other
        }

        /// The name; a slash makes groups.
        public var tag: String
        /// The value itself.
        public var kind: Kind

        /// Names a value.
        public init(_ tag: String, _ kind: Kind) { (self.tag, self.kind) = (tag, kind) }
    }

    /// Seconds since 1970.
    public var time: Double
    /// The number of the step.
    public var step: Int
    /// What was noted.
    public var content: Content

    /// Collects the parts of a record.
    public init(time: Double, step: Int, _ content: Content) {
        (self.time, self.step, self.content) = (time, step, content)
    }

    init(_ file: FileContents, _ range: Range<Int>) throws(FormatError) {
        self.init(time: 0, step: 0, .other)
        var reader = ProtobufReader(file, "an event", range: range)
        while let field = try reader.next() {
            switch field.number {
            case 1: time = try field.double()
            case 2: step = Int(try field.integer())
            case 3: content = .version(try field.text())
            case 4: content = .graph(try field.bytes())
            case 5: content = .values(try Self.values(field))
            case 7: if try Self.isStart(field) { content = .start }
            default: break
            }
        }
    }

    /// Whether a note about the session says that it starts.
    private static func isStart(_ field: ProtobufField) throws(FormatError) -> Bool {
        var reader = try field.reader("a session")
        while let field = try reader.next() {
            if field.number == 1 { return try field.integer() == 1 }
        }
        return false
    }

    private static func values(_ field: ProtobufField) throws(FormatError) -> [Value] {
        var values: [Value] = []
        var reader = try field.reader("a summary")
        while let field = try reader.next() {
            guard field.number == 1 else { continue }
            var value = Value("", .other)
            var inner = try field.reader("a value")
            while let field = try inner.next() {
                switch field.number {
                case 1: value.tag = try field.text()
                case 2: value.kind = .number(try field.float())
                case 4: value.kind = try picture(field)
                case 5: value.kind = .histogram(try Histogram(field))
                default: break
                }
            }
            values.append(value)
        }
        return values
    }

    private static func picture(_ field: ProtobufField) throws(FormatError) -> Value.Kind {
        var (png, width, height, channels) = ([UInt8](), 0, 0, 0)
        var reader = try field.reader("a picture")
        while let field = try reader.next() {
            switch field.number {
            case 1: height = Int(try field.integer())
            case 2: width = Int(try field.integer())
            case 3: channels = Int(try field.integer())
            case 4: png = try field.bytes()
            default: break
            }
        }
        return .picture(png: png, width: width, height: height, channels: channels)
    }

    /// The message, without the frame of a record.
    var bytes: [UInt8] {
        var writer = ProtobufWriter()
        writer.double(1, time)
        if step != 0 { writer.integer(2, Int64(step)) }
        switch content {
        case .version(let text): writer.text(3, text)
        case .graph(let graph): writer.bytes(4, graph)
        case .values(let values):
            writer.message(5) { summary in
                for value in values { summary.message(1) { value.write(&$0) } }
            }
        case .start: writer.message(7) { $0.integer(1, 1) }
        case .other: break
        }
        return writer.bytes
    }
}

extension Event.Value {
    fileprivate func write(_ writer: inout ProtobufWriter) {
        writer.text(1, tag)
        switch kind {
        case .number(let number): writer.float(2, number)
        case .picture(let png, let width, let height, let channels):
            writer.message(4) {
                $0.integer(1, Int64(height))
                $0.integer(2, Int64(width))
                $0.integer(3, Int64(channels))
                $0.bytes(4, png)
            }
        case .histogram(let histogram): writer.message(5) { histogram.write(&$0) }
        case .other: break
        }
    }
}
