import Foundation

/// The records of a TensorBoard event file.
///
/// - Source: `tensorboard/summary/writer/record_writer.py` for the frame: length, masked CRC-32C of
///   the length, bytes, masked CRC-32C of the bytes.
public enum EventFile {
    /// The name that TensorBoard looks for: `events.out.tfevents.<seconds>.<host>.<process>.<n>`.
    public static func name(seconds: Int, host: String, process: Int, number: Int = 0) -> String {
        let digits = String(max(0, seconds))
        let padded = String(repeating: "0", count: max(0, 10 - digits.count)) + digits
        // A slash would make folders of a name.
        let host = host.map { $0 == "/" || $0 == "\0" ? "_" : $0 }
        return "events.out.tfevents.\(padded).\(String(host)).\(process).\(number)"
    }

    /// All records of a file.
    ///
    /// - Throws: `FormatError` for a record that is cut short or whose checksum differs.
    public static func read(_ file: FileContents) throws(FormatError) -> [Event] {
        var events: [Event] = []
        var cursor = ByteCursor(file)
        while cursor.remaining > 0 {
            let start = cursor.position
            let head = try cursor.take(8, "the length of a record")
            try check(head, &cursor)
            var length = ByteCursor(file, at: start)
            let size = try length.size(8, "the length of a record")
            let content = try cursor.take(size, "a record")
            try check(content, &cursor)
            events.append(try Event(file, content))
        }
        return events
    }

    private static func check(
        _ range: Range<Int>, _ cursor: inout ByteCursor
    ) throws(FormatError) {
        let start = cursor.position
        let expected = maskedChecksum(cursor.file.bytes[range])
        let found = try cursor.littleEndian(4, "a checksum")
        guard found == UInt64(expected) else {
            throw FormatError(
                .malformed, file: cursor.file.name, offset: start,
                expected: "checksum \(hexadecimal(UInt64(expected), digits: 8))",
                found: hexadecimal(found, digits: 8))
        }
    }

    /// The frame of a record around its bytes.
    static func record(_ bytes: [UInt8]) -> [UInt8] {
        func little(_ value: UInt64, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let length = little(UInt64(bytes.count), 8)
        return length + little(UInt64(maskedChecksum(length)), 4) + bytes
            + little(UInt64(maskedChecksum(bytes)), 4)
    }
}

/// Appends records to an event file, so that TensorBoard can follow a training that runs.
///
/// Every call writes whole records at once, so a reader never waits for the rest of one. Not safe
/// for concurrent use.
public final class EventWriter {
    /// The file.
    public let url: URL
    private let handle: FileHandle
    private let clock: () -> Double

    /// Makes a new file in a folder, which is made where it is absent.
    ///
    /// - Parameters:
    ///   - host: The name of the machine, this one's unless given.
    ///   - process: The number of the process, this one's unless given.
    ///   - number: Tells writers apart that one process makes in one second; the next free one is
    ///     taken.
    ///   - clock: Seconds since 1970, for the name and for every record.
    /// - Throws: `FormatError` of kind `unwritable`.
    public init(
        folder: URL, host: String? = nil, process: Int? = nil, number: Int = 0,
        clock: @escaping () -> Double = { Date().timeIntervalSince1970 }
    ) throws(FormatError) {
        let now = clock()
        let host = host ?? ProcessInfo.processInfo.hostName
        let process = process ?? Int(ProcessInfo.processInfo.processIdentifier)
        let seconds = Int(clamping: Int64(now.rounded(.down)))
        func refused(_ path: String, _ found: String) -> FormatError {
            FormatError(
                .unwritable, file: path, expected: "a folder that can be written", found: found)
        }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch { throw refused(folder.path, error.plainReason) }
        var opened: (url: URL, descriptor: Int32)?
        for number in number..<number + 1000 where opened == nil {
            let url = folder.appendingPathComponent(
                EventFile.name(seconds: seconds, host: host, process: process, number: number))
            let descriptor = open(
                url.path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o644)
            if descriptor >= 0 { opened = (url, descriptor) }
            if descriptor < 0, errno != EEXIST {
                throw refused(url.path, String(cString: strerror(errno)))
            }
        }
        guard let opened else { throw refused(folder.path, "1000 files of this second") }
        url = opened.url
        handle = FileHandle(fileDescriptor: opened.descriptor, closeOnDealloc: true)
        self.clock = clock
        try write(Event(time: now, step: 0, .version("brain.Event:2")))
    }

    /// Appends one record.
    public func write(_ event: Event) throws(FormatError) {
        do {
            try handle.write(contentsOf: Data(EventFile.record(event.bytes)))
        } catch {
            throw FormatError(
                .unwritable, file: url.path, expected: "room for a record",
                found: error.plainReason)
        }
    }

    /// Notes that training begins, or goes on, at a step, so that TensorBoard drops what was noted for
    /// it and later.
    public func start(step: Int) throws(FormatError) {
        try write(Event(time: clock(), step: step, .start))
    }

    /// Notes a number.
    public func scalar(_ value: Float, tag: String, step: Int) throws(FormatError) {
        try note(.number(value), tag, step)
    }

    /// Notes a picture, as PNG.
    public func picture(_ picture: Picture, tag: String, step: Int) throws(FormatError) {
        try note(
            .picture(
                png: picture.png(), width: picture.width, height: picture.height,
                channels: picture.channels), tag, step)
    }

    /// Notes how numbers are spread.
    public func histogram(
        _ numbers: some Sequence<Double>, tag: String, step: Int
    ) throws(FormatError) {
        try note(.histogram(Histogram(numbers)), tag, step)
    }

    /// Makes sure that what was written is on the disk.
    public func flush() { try? handle.synchronize() }

    private func note(_ kind: Event.Value.Kind, _ tag: String, _ step: Int) throws(FormatError) {
        try write(Event(time: clock(), step: step, .values([Event.Value(tag, kind)])))
    }
}
