import MartletData

/// Pictures of bytes whose full brightness is brought to another value as they are read.
struct RescaledImages: ImageSource {
    private let base: any ImageSource
    /// The new value of each old one.
    private let values: [UInt8]

    /// Takes pictures with the brightness `from` as pictures with the brightness `to`.
    init(_ base: any ImageSource, from: UInt8, to: UInt8) {
        let (old, new) = (Int(from), Int(to))
        self.base = base
        values = (0...255).map { UInt8(min(255, ($0 * new + old / 2) / old)) }
    }

    var imageSize: Int { base.imageSize }

    func read(_ record: Int, into target: UnsafeMutableRawBufferPointer) throws {
        try base.read(record, into: target)
        for place in target.indices { target[place] = values[Int(target[place])] }
    }

    func name(of record: Int) -> String { base.name(of: record) }

    func facts(of record: Int) throws -> PictureFacts { try base.facts(of: record) }
}
