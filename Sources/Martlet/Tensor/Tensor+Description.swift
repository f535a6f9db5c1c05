import Foundation
import MartletGraph

extension Tensor: CustomStringConvertible, CustomDebugStringConvertible {
    /// The numbers as NumPy prints them; the node and its type inside a trace; or the mistake.
    public var description: String {
        switch content {
        case .host(let numbers): NumberPrinter(numbers).text
        case .literal(let value): NumberPrinter(HostTensor(Float(value))).text
        case .staged(let trace, let value): "Tensor(\(trace.nodeText(value)))"
        case .poisoned(let poison): poison.error.description
        }
    }

    /// The same with the element type and shape in front of numbers.
    public var debugDescription: String {
        numbers == nil ? description : "\(type) \(description)"
    }
}

/// Prints numbers in aligned rows; long axes show three elements at each end.
struct NumberPrinter {
    private let numbers: HostTensor
    private let values: [Double]
    private let edge: Int?

    init(_ numbers: HostTensor) {
        self.numbers = numbers
        values = numbers.doubles
        edge = values.count > 1000 ? 3 : nil
    }

    var text: String {
        let indices = shownIndices(axis: 0, offset: 0)
        let cells = cellTexts(indices.map { values[$0] })
        var next = cells.makeIterator()
        return block(axis: 0, indent: 1) { next.next() ?? "" }
    }

    private var shape: [Int] { numbers.type.shape }

    /// The positions along an axis that are shown, `nil` standing for the dots.
    private func positions(_ axis: Int) -> [Int?] {
        let count = shape[axis]
        guard let edge, count > 2 * edge else { return Array(0..<count) }
        return Array(0..<edge) + [nil] + Array(count - edge..<count)
    }

    private func shownIndices(axis: Int, offset: Int) -> [Int] {
        if axis == shape.count { return [offset] }
        let stride = numbers.type.strides[axis]
        return positions(axis).flatMap { position in
            position.map { shownIndices(axis: axis + 1, offset: offset + $0 * stride) } ?? []
        }
    }

    private func block(axis: Int, indent: Int, _ next: () -> String) -> String {
        if axis == shape.count { return next() }
        let isLast = axis == shape.count - 1
        let parts = positions(axis).map { position in
            position == nil ? "..." : block(axis: axis + 1, indent: indent + 1, next)
        }
        let newlines = String(repeating: "\n", count: max(1, shape.count - 1 - axis))
        let separator = isLast ? " " : newlines + String(repeating: " ", count: indent)
        return "[" + parts.joined(separator: separator) + "]"
    }

    /// One text per value, padded to equal width.
    private func cellTexts(_ shown: [Double]) -> [String] {
        let texts: [String]
        switch numbers.type.dtype {
        case .bool: texts = shown.map { $0 != 0 ? "true" : "false" }
        case .int32, .int64, .uint8: texts = shown.map { String(format: "%.0f", $0) }
        case .float32, .float64: texts = floatTexts(shown)
        }
        let width = shape.isEmpty ? 0 : texts.map(\.count).max() ?? 0
        return texts.map { String(repeating: " ", count: max(0, width - $0.count)) + $0 }
    }

    private func floatTexts(_ shown: [Double]) -> [String] {
        let sizes = shown.filter { $0.isFinite && $0 != 0 }.map(\.magnitude)
        let (smallest, largest) = (sizes.min() ?? 1, sizes.max() ?? 1)
        if largest >= 1e8 || smallest < 1e-4 || largest / smallest > 1000 && smallest < 1e-3 {
            return shown.map { $0.isFinite ? scientific($0) : special($0) }
        }
        let digits = shown.filter(\.isFinite).map(fractionDigits).max() ?? 0
        return shown.map { value in
            guard value.isFinite else { return special(value) }
            return padded(fixed(value, fractionDigits(value)), digits)
        }
    }

    private func special(_ value: Double) -> String {
        value.isNaN ? "nan" : value > 0 ? "inf" : "-inf"
    }

    private func fixed(_ value: Double, _ digits: Int) -> String {
        let text = String(format: "%.\(digits)f", value)
        return digits == 0 ? text + "." : text
    }

    private func padded(_ text: String, _ digits: Int) -> String {
        let fraction = text.split(separator: ".", omittingEmptySubsequences: false).last?.count ?? 0
        return text + String(repeating: " ", count: max(0, digits - fraction))
    }

    /// The fewest digits after the point, at most eight, that tell the value from its neighbours.
    private func fractionDigits(_ value: Double) -> Int {
        (0..<8).first { digits in
            let text = String(format: "%.\(digits)f", value)
            return isSame(Double(text) ?? .nan, value)
        } ?? 8
    }

    private func isSame(_ a: Double, _ b: Double) -> Bool {
        numbers.type.dtype == .float32 ? Float(a) == Float(b) : a == b
    }

    private func scientific(_ value: Double) -> String {
        let digits =
            (0..<8).first { digits in
                isSame(Double(String(format: "%.\(digits)e", value)) ?? .nan, value)
            } ?? 8
        return String(format: "%.\(digits)e", value)
    }
}
