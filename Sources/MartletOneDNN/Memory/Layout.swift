import COneDNN
import MartletCompiler
import MartletGraph

/// How the elements of a value lie in memory.
enum Layout: Equatable {
    /// Without gaps; `order` lists the axes from the slowest to the fastest.
    case dense(order: [Int])
    /// As a primitive of oneDNN wants it, perhaps with padding; only 32-bit floats.
    case opaque(OpaqueLayout)

    /// Row-major order.
    static func plain(_ rank: Int) -> Layout { .dense(order: Array(0..<rank)) }

    /// Images with the channels of one pixel side by side.
    static var channelsLast: Layout { .dense(order: [0, 2, 3, 1]) }

    static func == (a: Layout, b: Layout) -> Bool {
        switch (a, b) {
        case (.dense(let x), .dense(let y)): x == y
        case (.opaque(let x), .opaque(let y)): x.isEqual(to: y)
        default: false
        }
    }

    /// The distance between neighbours along each axis, in elements; `nil` for opaque layouts.
    func strides(_ shape: [Int]) -> [Int]? {
        guard case .dense(let order) = self else { return nil }
        var strides = [Int](repeating: 1, count: shape.count)
        var step = 1
        for axis in order.reversed() {
            strides[axis] = step
            step *= shape[axis]
        }
        return strides
    }

    /// Whether the elements of `shape` lie in row-major order.
    func isPlain(_ shape: [Int]) -> Bool { isSame(as: .plain(shape.count), shape) }

    /// Whether both layouts put every element of `shape` at the same place; axes of size 1 do not count.
    func isSame(as other: Layout, _ shape: [Int]) -> Bool {
        if self == other { return true }
        guard let a = strides(shape), let b = other.strides(shape) else { return false }
        return shape.indices.allSatisfy { shape[$0] <= 1 || a[$0] == b[$0] }
    }

    /// The bytes that a value of `type` takes.
    func byteCount(_ type: TensorType) -> Int {
        switch self {
        case .dense: type.byteCount
        case .opaque(let layout): layout.byteCount
        }
    }

    /// The sizes by which oneDNN knows a value of `shape` in this layout.
    func dims(_ shape: [Int]) -> [Int] {
        switch self {
        case .dense: shape
        case .opaque(let layout): layout.dims
        }
    }

    /// For plans in text: `plain`, `0231`, `opaque`.
    func text(_ shape: [Int]) -> String {
        switch self {
        case .dense(let order):
            isPlain(shape) ? "plain" : order.map(String.init).joined()
        case .opaque: "opaque"
        }
    }
}

/// A layout that only oneDNN understands.
///
/// `dims` are the sizes that oneDNN was told, five for the weights of grouped convolutions; in
/// row-major order they hold the same elements as the value's own shape.
final class OpaqueLayout {
    let handle: OpaquePointer
    let dims: [Int]
    let byteCount: Int

    /// Takes over `handle`.
    init(_ handle: OpaquePointer, dims: [Int]) {
        (self.handle, self.dims) = (handle, dims)
        byteCount = mdnn_layout_size(handle)
    }

    deinit { mdnn_layout_free(handle) }

    func isEqual(to other: OpaqueLayout) -> Bool {
        self === other || (dims == other.dims && mdnn_layout_equal(handle, other.handle))
    }

    /// Whether the memory holds more than the elements.
    var isPadded: Bool { byteCount != dims.reduce(4, *) }
}

/// Describes memory to oneDNN.
func strided(_ dims: [Int], _ strides: [Int]) throws -> OpaqueLayout {
    let made = mdnn_layout_strided(
        Int32(dims.count), dims.map(Int64.init), strides.map(Int64.init))
    return OpaqueLayout(try made.orThrow(), dims: dims)
}

/// Lets the primitive choose the layout.
func anyLayout(_ dims: [Int]) throws -> OpaqueLayout {
    let made = mdnn_layout_any(Int32(dims.count), dims.map(Int64.init))
    return OpaqueLayout(try made.orThrow(), dims: dims)
}

extension Optional where Wrapped == OpaquePointer {
    /// The handle, or oneDNN's refusal as an error.
    func orThrow() throws -> OpaquePointer {
        guard let handle = self else {
            throw EngineError(String(cString: mdnn_last_error()))
        }
        return handle
    }
}
