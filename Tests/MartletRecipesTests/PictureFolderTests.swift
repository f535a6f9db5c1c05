import Foundation
import Martlet
import MartletFormats
import MartletRecipes
import Testing

@Suite struct PictureFolderTests {
    /// Few pictures are seen often enough for batch norm's statistics to follow the weights.
    @Test(arguments: [(2, 40, 32, 200), (60, 40, 32, 66), (2, 90, 64, 200)])
    func settingsSuitTheFolder(count: Int, side: Int, size: Int, epochs: Int) throws {
        let root = FileManager.default.temporaryDirectory
            .appendingPathComponent("martlet-\(UUID().uuidString)", isDirectory: true)
        defer { try? FileManager.default.removeItem(at: root) }
        let samples = [UInt8](repeating: 7, count: side * side)
        let picture = Picture(width: side, height: side, channels: 1, samples: samples)
        for name in ["a", "b"] {
            let folder = root.appendingPathComponent(name, isDirectory: true)
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true)
            for number in 0..<count {
                try picture.write(to: folder.appendingPathComponent("\(number).png"))
            }
        }
        let found = try PictureFolder.suitableSettings(for: root)
        #expect(found.size == size && found.epochs == epochs)
    }
}
