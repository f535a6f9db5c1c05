/// One digest function over blocks of 64 bytes.
protocol DigestCore: Sendable {
    /// Starts with the function's own initial state.
    init()
    /// Takes in whole blocks; the count of bytes is a multiple of 64.
    mutating func compress(_ blocks: UnsafeRawBufferPointer)
    /// Whether the message length at the end has its highest byte first.
    static var isBigEndian: Bool { get }
    /// The state as bytes: the digest, once the padding has been taken in.
    var bytes: [UInt8] { get }
}

/// Feeds bytes of any count to a digest function, and pads the end.
struct Digest<Core: DigestCore>: Sendable {
    private var core = Core()
    /// The bytes that do not fill a block yet, fewer than 64.
    private var pending: [UInt8] = []
    private var count: UInt64 = 0

    init() { pending.reserveCapacity(64) }

    /// Takes in more bytes of the message.
    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        count &+= UInt64(bytes.count)
        var rest = bytes
        if !pending.isEmpty {
            let head = min(64 - pending.count, rest.count)
            pending.append(contentsOf: rest.prefix(head))
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(head))
            if pending.count < 64 { return }
            pending.withUnsafeBytes { core.compress($0) }
            pending.removeAll(keepingCapacity: true)
        }
        let whole = rest.count & ~63
        if whole > 0 { core.compress(UnsafeRawBufferPointer(rebasing: rest.prefix(whole))) }
        pending.append(contentsOf: rest.dropFirst(whole))
    }

    /// The digest of everything taken in; the message ends here.
    mutating func finish() -> [UInt8] {
        let bitCount = count &* 8
        var padding: [UInt8] = [0x80]
        let used = (pending.count + 1) % 64
        padding += [UInt8](repeating: 0, count: (120 - used) % 64)
        let length = Core.isBigEndian ? bitCount.bigEndian : bitCount.littleEndian
        withUnsafeBytes(of: length) { padding.append(contentsOf: $0) }
        padding.withUnsafeBytes { update($0) }
        return core.bytes
    }
}
