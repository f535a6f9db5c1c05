import Foundation
import MartletData
import MartletFormats
import Testing

@Suite struct RegistryTests {
    @Test func namesAreFoundHoweverTheyAreWritten() throws {
        let names = ["digits", "mnist", "fashion-mnist", "kmnist", "cifar10", "cifar100"]
        #expect(DatasetEntry.all.map(\.name) == names)
        #expect(DatasetEntry.named("FashionMNIST")?.name == "fashion-mnist")
        #expect(DatasetEntry.named("fashion_mnist")?.name == "fashion-mnist")
        #expect(DatasetEntry.named("CIFAR-10")?.name == "cifar10")
        #expect(DatasetEntry.named("imagenet") == nil)
        let error = try #require(throws: FetchError.self) {
            try DatasetFetcher().files(of: "mnits")
        }
        #expect(
            error.description == """
                there is no data set named mnits
                  fix        did you mean mnist?
                             known: digits, mnist, fashion-mnist, kmnist, cifar10, cifar100
                """)
        #expect(error.exitCode == 64)
        #expect(DatasetEntry.nearestName(to: "imagenet") == nil)
    }

    @Test func classNamesAreComplete() {
        let counts = [10, 10, 10, 10, 10, 100]
        #expect(DatasetEntry.all.map(\.classNames.count) == counts)
        for entry in DatasetEntry.all {
            #expect(Set(entry.classNames).count == entry.classNames.count, "\(entry.name)")
        }
        // The authors numbered the classes of CIFAR-100 in the order of the alphabet.
        let names = DatasetEntry.all[5].classNames
        #expect(names == names.sorted() && names[0] == "apple" && names[99] == "worm")
    }

    @Test func checksumsAndSizesArePlausible() {
        var seen: Set<Checksum> = []
        for entry in DatasetEntry.all {
            for file in entry.forms.flatMap(\.files) {
                for checksum in [file.packedChecksum, file.contentChecksum].compactMap({ $0 }) {
                    #expect(checksum.digits.count == (checksum.kind == .md5 ? 32 : 64))
                    #expect(checksum.digits.allSatisfy { "0123456789abcdef".contains($0) })
                    #expect(seen.insert(checksum).inserted, "\(file.name) of \(entry.name)")
                }
                #expect(file.packedSize != nil || file.contentSize != nil)
                #expect(file.packedSize == nil || file.packedChecksum != nil)
            }
            for form in entry.forms where !form.mirrors.isEmpty {
                // What is downloaded can always be verified.
                #expect(form.files.allSatisfy { $0.packedChecksum != nil })
                for mirror in form.mirrors {
                    #expect(URL(string: mirror)?.host != nil && mirror.hasSuffix("/"), "\(mirror)")
                }
            }
        }
    }

    @Test func digitsNeedNoFiles() throws {
        let files = try DatasetFetcher(FetchSettings(isOffline: true)).files(of: "digits")
        #expect(files.form == .builtIn && files.train.isEmpty && files.notes.isEmpty)
    }

    /// MNIST itself, where it lies beside the sources or in `MARTLET_DATA`.
    @Test func theRealFilesAreVerified() throws {
        let root =
            ProcessInfo.processInfo.environment["MARTLET_DATA"].map {
                URL(fileURLWithPath: $0)
            }
            ?? URL(fileURLWithPath: #filePath)
            .appendingPathComponent("../../../../shared/data").standardizedFileURL
        let folder = root.appendingPathComponent("mnist")
        let images = folder.appendingPathComponent("train-images-idx3-ubyte.gz")
        guard FileManager.default.fileExists(atPath: images.path) else {
            print("skipped: no MNIST at \(folder.path)")
            return
        }
        let sandbox = try Sandbox()
        var settings = sandbox.settings(folder: folder)
        settings.isOffline = true
        let fetcher = DatasetFetcher(settings)
        let files = try fetcher.files(of: "mnist")
        #expect(files.form == .idx && files.notes.isEmpty)
        #expect(files.train[0] == images.path)
        let reports = try fetcher.verify(in: folder)
        #expect(reports.map(\.state) == [.verified, .verified, .verified, .verified])
        #expect(reports.allSatisfy { $0.dataset == "mnist" })
        // The same names belong to other sets, too: these are not theirs.
        for other in ["fashion-mnist", "kmnist"] {
            let error = try #require(throws: FetchError.self) { try fetcher.files(of: other) }
            #expect(error.places[0].outcome.contains("belongs to another data set: mnist"))
        }
    }
}
