import Foundation
import MartletFormats
import MartletGraph
import Testing

/// The pictures with the arrays that Pillow and torchvision make of them.
struct PictureFixtures {
    struct Entry {
        var file: String
        var width: Int
        var height: Int
        var row: Int
        var rowUpright: Int?
        var isExact: Bool
        var isCore: Bool
        /// Largest and mean difference that decoding may have.
        var decodeMax: Int
        var decodeMean: Double
    }

    let entries: [Entry]
    let expected: NumpyArchive

    init() throws {
        let list = try #require(
            try Fixtures.json("data/images/images.json")["images"] as? [[String: Any]])
        entries = try list.map { item in
            Entry(
                file: try #require(item["file"] as? String),
                width: try #require(item["width"] as? Int),
                height: try #require(item["height"] as? Int),
                // Of 16-bit grey the high byte is wanted, not Pillow's saturation.
                row: try #require((item["rowScaled"] ?? item["row"]) as? Int),
                rowUpright: item["rowUpright"] as? Int,
                isExact: item["exactDecode"] as? Bool == true,
                isCore: item["core"] as? Bool == true,
                decodeMax: item["decodeMax"] as? Int ?? (item["rowScaled"] == nil ? 0 : 1),
                decodeMean: item["decodeMean"] as? Double ?? (item["rowScaled"] == nil ? 0 : 1))
        }
        expected = try Fixtures.archive("data/images/expected.npz")
    }

    /// The samples of one row of a stacked array.
    func row(_ name: String, _ index: Int) throws -> [UInt8] {
        let stack = try expected.array(name)
        let size = stack.bytes.count / stack.type.shape[0]
        return Array(stack.bytes[index * size..<(index + 1) * size])
    }

    /// As Pillow reads pictures: alpha left out, not turned.
    static let asPillow = PictureReading(transparency: .ignored, isUpright: false)

    static let unread = ["webp_lossless.webp", "webp_lossy.webp"]

    var readable: [Entry] { entries.filter { !Self.unread.contains($0.file) } }
}

/// The largest and the mean difference of two lists of samples.
func difference(_ first: [UInt8], _ second: [UInt8]) -> (most: Int, mean: Double) {
    guard first.count == second.count, !first.isEmpty else { return (256, 256) }
    let differences = zip(first, second).map { abs(Int($0) - Int($1)) }
    return (differences.max() ?? 0, Double(differences.reduce(0, +)) / Double(first.count))
}
