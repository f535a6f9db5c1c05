import Foundation
import MartletData
import MartletFormats
import MartletGraph
import Testing

@Suite struct ImageFolderTests {
    /// A picture of one colour, of a size.
    private func picture(_ grey: UInt8, width: Int = 4, height: Int = 4) -> Picture {
        Picture(width: width, height: height, filledWith: [grey, 255 - grey, 7])
    }

    private func add(_ picture: Picture, _ path: String, to folder: URL) throws {
        try DataFixtures.write(picture.png(), to: folder.appendingPathComponent(path))
    }

    @Test func numbersClassesAndPicturesByTheirBytes() throws {
        try DataFixtures.withFolder { root in
            // 'Z' comes before 'a', and 'é' behind all of ASCII.
            for (number, path) in [
                "a/10.png", "a/9.PNG", "Zebra/x.png", "é/猫.png", "a/below/1.png", "a/.hidden.png",
                ".git/1.png",
            ].enumerated() {
                try add(picture(UInt8(10 * number)), path, to: root)
            }
            try DataFixtures.write([1], to: root.appendingPathComponent("a/notes.txt"))
            try DataFixtures.write([1], to: root.appendingPathComponent("readme"))
            let folder = try ImageFolder(root)
            #expect(folder.classNames == ["Zebra", "a", "é"])
            #expect(folder.emptyClasses.isEmpty)
            #expect(
                folder.otherFiles.map { $0.replacingOccurrences(of: root.path + "/", with: "") }
                    == [
                        "readme", "a/notes.txt",
                    ])
            let data = try folder.dataset()
            #expect(data.labels == [0, 1, 1, 1, 2])
            #expect(data.imageType == TensorType(.uint8, [3, 4, 4]))
            #expect(try data.indices.map { try data.image($0)[0] } == [20, 0, 10, 40, 30])
            #expect(data.origin(of: 4) == root.path + "/é/猫.png")
        }
    }

    @Test func readsEveryPictureFixtureLikeTheDecoder() throws {
        try DataFixtures.withFolder { root in
            let source = DataFixtures.url("images")
            var names: [String] = []
            for name in try FileManager.default.contentsOfDirectory(atPath: source.path)
            where ["png", "jpg", "bmp", "gif"].contains((name as NSString).pathExtension) {
                guard name != "jpeg_named.png" else { continue }
                try DataFixtures.write(
                    try DataFixtures.bytes("images/\(name)"),
                    to: root.appendingPathComponent("all/\(name)"))
                names.append(name)
            }
            #expect(names.count > 40)
            for channels in [1, 3] {
                let preparation = PicturePreparation(width: 20, height: 16, channels: channels)
                let data = try ImageFolder(root).dataset(preparation: preparation, memoryLimit: 0)
                #expect(data.count == names.count)
                for index in data.indices {
                    let url = URL(fileURLWithPath: data.origin(of: index))
                    let full = try Picture(contentsOf: url)
                    let expected =
                        channels == 1
                        ? full.grey().resized(width: 20, height: 16)
                        : full.rgb().resized(width: 20, height: 16)
                    #expect(
                        try data.image(index) == expected.tensor.bytes, "\(url.lastPathComponent)")
                }
            }
        }
    }

    @Test func partsShareTheClassesOfTheTrainingPart() throws {
        try DataFixtures.withFolder { root in
            for (number, path) in [
                "train/cat/1.png", "train/dog/1.png", "test/dog/1.png", "val/cat/1.png",
            ].enumerated() {
                try add(picture(UInt8(number), width: 4 + number), path, to: root)
            }
            let test = try Dataset(contentsOf: root, split: .test)
            #expect(test.labels == [1] && test.classNames == ["cat", "dog"])
            #expect(test.imageShape == [3, 4, 4])
            #expect(try Dataset(contentsOf: root, split: .validation).labels == [0])
            #expect(try ImageFolder(root, split: .test).emptyClasses == ["cat"])
            try add(picture(9), "test/bird/1.png", to: root)
            let text = DataFixtures.refusal { _ = try Dataset.imageFolder(root, split: .test) }
            #expect(text.contains("bird") && text.contains("cat, dog"))
        }
    }

    @Test(arguments: [("Train", "Test", "VAL"), ("training", "Testing", "Validation")])
    func partsMayHaveCapitals(train: String, test: String, validation: String) throws {
        try DataFixtures.withFolder { root in
            for (number, path) in [
                "\(train)/cat/1.png", "\(train)/dog/1.png", "\(test)/dog/1.png",
                "\(validation)/cat/1.png",
            ].enumerated() {
                try add(picture(UInt8(number)), path, to: root)
            }
            #expect(try ImageFolder(root, split: .train).classNames == ["cat", "dog"])
            #expect(try Dataset.imageFolder(root, split: .test).labels == [1])
            #expect(try Dataset.imageFolder(root, split: .validation).labels == [0])
        }
    }

    @Test func picturesBesideTheClassesAreLoose() throws {
        try DataFixtures.withFolder { root in
            for path in ["cat/1.png", "2.PNG", "1.png"] { try add(picture(1), path, to: root) }
            try DataFixtures.write([1], to: root.appendingPathComponent("readme.txt"))
            let folder = try ImageFolder(root)
            #expect(folder.count == 1)
            #expect(folder.loosePictures == ["1.png", "2.PNG"].map { root.path + "/" + $0 })
            #expect(folder.otherFiles == [root.path + "/readme.txt"])
        }
    }

    @Test func aFolderWithoutPartsHasNoTestPart() throws {
        try DataFixtures.withFolder { root in
            try add(picture(1), "cat/1.png", to: root)
            #expect(try Dataset.imageFolder(root).classNames == ["cat"])
            let text = DataFixtures.refusal { _ = try Dataset.imageFolder(root, split: .test) }
            #expect(
                text.contains("split(fraction:)") && text.contains("the folders train and test"))
        }
    }

    @Test func foldersWithoutPicturesAreErrors() throws {
        try DataFixtures.withFolder { root in
            for body in [{}, { try add(self.picture(1), "1.png", to: root) }] {
                try body()
                let text = DataFixtures.refusal { _ = try ImageFolder(root) }
                #expect(text.contains("folders of pictures"))
            }
            let none = DataFixtures.refusal {
                _ = try ImageFolder(root.appendingPathComponent("none"))
            }
            #expect(none.contains("cannot read"))
        }
    }

    @Test func linksMayLeadInCircles() throws {
        try DataFixtures.withFolder { root in
            try add(picture(1), "cat/1.png", to: root)
            let files = FileManager.default
            for (link, target) in [
                ("cat/again", root.path + "/cat"), ("cat/above", root.path),
                ("cat/broken.png", root.path + "/nowhere"), ("dog", root.path + "/cat"),
            ] {
                try files.createSymbolicLink(
                    atPath: root.path + "/" + link, withDestinationPath: target)
            }
            let folder = try ImageFolder(root)
            #expect(folder.classNames == ["cat", "dog"])
            #expect(folder.count < 20)
            #expect(folder.otherFiles.contains { $0.hasSuffix("broken.png") })
            #expect(try folder.dataset().image(0).count == 48)
        }
    }

    @Test func linksOutOfAClassAreNotFollowed() throws {
        try DataFixtures.withFolder { root in
            try add(picture(1), "cat/1.png", to: root)
            try add(picture(1), "cat/below/2.png", to: root)
            try add(picture(2), "dog/1.png", to: root)
            let files = FileManager.default
            for (link, target) in [("cat/all", ".."), ("cat/twice", "below"), ("dog/x", "../cat")] {
                try files.createSymbolicLink(
                    atPath: root.path + "/" + link, withDestinationPath: target)
            }
            let folder = try ImageFolder(root)
            let data = try folder.dataset()
            #expect(data.labels == [0, 0, 1])
            #expect(try data.indices.map { try data.image($0)[0] } == [1, 1, 2])
            let others = folder.otherFiles.map { ($0 as NSString).lastPathComponent }
            #expect(others == ["all", "x"])
        }
    }

    @Test func aPictureThatIsTooWideForASizeIsAnError() throws {
        try DataFixtures.withFolder { root in
            try add(picture(1, width: 65_536, height: 1), "cat/1.png", to: root)
            let text = DataFixtures.refusal { _ = try ImageFolder(root).firstPreparation() }
            #expect(text.contains("65536 x 1") && text.contains("cat/1.png"))
            try add(picture(1, width: 65_535, height: 1), "cat/1.png", to: root)
            #expect(try ImageFolder(root).firstPreparation().width == 65_535)
        }
    }

    @Test func damageIsAnErrorWithThePathOrIsSkipped() throws {
        try DataFixtures.withFolder { root in
            for number in 0..<12 {
                try add(picture(UInt8(number)), "a/\(10 + number).png", to: root)
            }
            for (name, source) in [("13", "truncated.png"), ("17", "text.png")] {
                try DataFixtures.write(
                    try DataFixtures.bytes("images/bad/\(source)"),
                    to: root.appendingPathComponent("a/\(name).png"))
            }
            let data = try Dataset.imageFolder(root)
            for workers in [0, 1, 4] {
                let feed = BatchFeed(data, BatchOptions(size: 2, workers: workers), epoch: 1)
                var good = 0
                let text = DataFixtures.refusal {
                    while let batch = try feed.next() {
                        _ = try batch.images()
                        good += 1
                    }
                }
                // Batch 1 holds 12 and 13; what comes later is not reported first.
                #expect(good == 1 && text.contains("/a/13.png"), "\(workers): \(good) \(text)")
                if workers > 0 {
                    let again = DataFixtures.refusal { _ = try feed.next() }
                    #expect(again.contains("13.png"))
                }
            }
            let report = data.check()
            #expect(report.damaged.map(\.index) == [3, 7])
            #expect(report.description.contains("2 damaged"))
            let rest = try Dataset.imageFolder(root, damaged: .skip)
            #expect(rest.count == 10)
            #expect(
                try rest.indices.map { try rest.image($0)[0] } == [0, 1, 2, 4, 5, 6, 8, 9, 10, 11])
        }
    }

    @Test func aFileThatCannotBeReadIsNamed() throws {
        try DataFixtures.withFolder { root in
            try add(picture(1), "a/1.png", to: root)
            try add(picture(2), "a/2.png", to: root)
            let data = try Dataset.imageFolder(root)
            try FileManager.default.removeItem(at: root.appendingPathComponent("a/2.png"))
            let text = DataFixtures.refusal { _ = try data.image(1) }
            #expect(text.contains("a/2.png") && text.contains("cannot read"))
        }
    }

    @Test func picturesAreTheSameFromMemoryAndFromFiles() throws {
        try DataFixtures.withFolder { root in
            for number in 0..<9 {
                try add(
                    picture(UInt8(number), width: 5 + number, height: 9), "a/\(number).png",
                    to: root)
            }
            let preparation = PicturePreparation(width: 6, height: 6, channels: 3)
            let folder = try ImageFolder(root)
            var found: [[UInt8]] = []
            for limit in [0, 3 * 108, 1 << 20] {
                let data = try folder.dataset(preparation: preparation, memoryLimit: limit)
                for _ in 0..<2 { found.append(try data.allBytes()) }
                let feed = BatchFeed(data, BatchOptions(size: 9, workers: 3), epoch: 1)
                found.append(try #require(try feed.next()).images().bytes)
            }
            #expect(found.allSatisfy { $0 == found[0] })
        }
    }

    @Test func fitsPicturesInThreeWays() throws {
        let wide = Picture(
            width: 4, height: 2, channels: 1, samples: [10, 20, 30, 40, 50, 60, 70, 80])
        var preparation = PicturePreparation(width: 2, height: 2, channels: 1, fit: .crop)
        #expect(preparation.prepared(wide).samples == [20, 30, 60, 70])
        preparation.fit = .pad
        preparation.padding = 255
        #expect(preparation.prepared(wide).samples.suffix(2) == [255, 255])
        preparation.fit = .squash
        #expect(preparation.prepared(wide) == wide.resized(width: 2, height: 2))
        let bytes = try JSONEncoder().encode(preparation)
        #expect(try JSONDecoder().decode(PicturePreparation.self, from: bytes) == preparation)
        let short = Data(#"{"width":2,"height":3,"channels":1}"#.utf8)
        #expect(
            try JSONDecoder().decode(PicturePreparation.self, from: short)
                == PicturePreparation(width: 2, height: 3, channels: 1))
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(
                PicturePreparation.self, from: Data(#"{"width":0,"height":3,"channels":1}"#.utf8))
        }
    }

    @Test func tinyAndEqualPicturesAreFound() throws {
        try DataFixtures.withFolder { root in
            try add(picture(1, width: 40, height: 40), "a/1.png", to: root)
            try add(picture(1, width: 40, height: 40), "b/same.png", to: root)
            try add(picture(2, width: 9, height: 40), "a/2.png", to: root)
            let report = try Dataset.imageFolder(root).check()
            #expect(report.tiny.map(\.reason) == ["9 x 40"])
            #expect(report.duplicates.map { $0.map(\.index) } == [[0, 2]])
        }
    }
}
