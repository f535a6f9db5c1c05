import Foundation
import MartletData
import MartletFormats
import Testing

@Suite struct UnreadableTests {
    @Test func namesPicturesThatCannotBeRead() throws {
        try DataFixtures.withFolder { root in
            let good = Picture(width: 4, height: 4, filledWith: [9, 9, 9]).png()
            for (path, bytes) in [
                ("a/1.png", good), ("a/2.png", []), ("b/1.png", Array("text".utf8)),
                ("b/2.png", good), ("b/3.png", Array(good.dropLast(20))),
            ] {
                try DataFixtures.write(bytes, to: root.appendingPathComponent(path))
            }
            let data = try ImageFolder(root).dataset()
            let found = data.unreadable()
            #expect(found.map(\.index) == [1, 2, 4])
            for (index, error) in found {
                #expect((error as? FormatError)?.file == data.origin(of: index), "\(error)")
            }
            let kept = data.subset([0, 3])
            #expect(kept.unreadable().isEmpty)
        }
    }

    @Test func whatIsInMemoryIsReadable() throws {
        #expect(try Dataset.digits(.test).unreadable().isEmpty)
    }
}
