extension DatasetEntry {
    /// Colour photographs of 32×32 pixels in 10 classes.
    ///
    /// - Source: A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009. The
    ///   checksums of the archives are those of the authors' page (MD5) and of TensorFlow Datasets
    ///   and Keras (SHA-256); those of the pickled batches are torchvision's. None are published
    ///   for the unpacked binary batches, so these are known by their size only.
    static let cifar10 = DatasetEntry(
        name: "cifar10", title: "CIFAR-10", classNames: ClassNames.cifar10,
        trainCount: 50_000, testCount: 10_000, imageShape: [3, 32, 32],
        layouts: ["cifar10", "cifar-10"],
        forms: [
            PublishedForm(
                form: .cifarBinary,
                train: (1...5).map { binary("data_batch_\($0).bin", 30_730_000) },
                test: [binary("test_batch.bin", 30_730_000)], subfolders: ["cifar-10-batches-bin"]),
            PublishedForm(
                form: .cifarBinary,
                train: [
                    archive(
                        "cifar-10-binary", size: 170_052_171,
                        "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd")
                ],
                trainMembers: (1...5).map { "cifar-10-batches-bin/data_batch_\($0).bin" },
                testMembers: ["cifar-10-batches-bin/test_batch.bin"], mirrors: authors),
            PublishedForm(
                form: .cifarPython,
                train: [
                    pickle("data_batch_1", 31_035_704, "c99cafc152244af753f735de768cd75f"),
                    pickle("data_batch_2", 31_035_320, "d4bba439e000b95fd0a9bffe97cbabec"),
                    pickle("data_batch_3", 31_035_999, "54ebc095f3ab1f0389bbae665268c751"),
                    pickle("data_batch_4", 31_035_696, "634d18415352ddfa80567beed471001a"),
                    pickle("data_batch_5", 31_035_623, "482c414d41f54cd18b22e5b47cb7c3cb"),
                ],
                test: [pickle("test_batch", 31_035_526, "40351d587109b95175f43aff81a1287e")],
                subfolders: kerasFolders("cifar-10-batches-py", "cifar-10-batches-py")),
            PublishedForm(
                form: .cifarPython,
                train: [
                    archive(
                        "cifar-10-python", "cifar-10-batches-py", size: 170_498_071,
                        "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce")
                ],
                trainMembers: (1...5).map { "cifar-10-batches-py/data_batch_\($0)" },
                testMembers: ["cifar-10-batches-py/test_batch"], mirrors: [paddle] + authors),
        ])

    /// Colour photographs of 32×32 pixels in 100 classes.
    ///
    /// - Source: as `cifar10`; the SHA-256 of the binary archive is that of TensorFlow Datasets,
    ///   of the pickled one that of Keras.
    static let cifar100 = DatasetEntry(
        name: "cifar100", title: "CIFAR-100", classNames: ClassNames.cifar100,
        trainCount: 50_000, testCount: 10_000, imageShape: [3, 32, 32],
        layouts: ["cifar100", "cifar-100"],
        forms: [
            PublishedForm(
                form: .cifarBinary, train: [binary("train.bin", 153_700_000)],
                test: [binary("test.bin", 30_740_000)], subfolders: ["cifar-100-binary"]),
            PublishedForm(
                form: .cifarBinary,
                train: [
                    archive(
                        "cifar-100-binary", size: 168_513_733,
                        "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec")
                ],
                trainMembers: ["cifar-100-binary/train.bin"],
                testMembers: ["cifar-100-binary/test.bin"], mirrors: authors),
            PublishedForm(
                form: .cifarPython,
                train: [pickle("train", 155_249_918, "16019d7e3df5f24257cddd939b257f8d")],
                test: [pickle("test", 31_049_707, "f0ef6b0ae62326f3e7ffdfab6717acfc")],
                subfolders: kerasFolders("cifar-100-python-target", "cifar-100-python")),
            PublishedForm(
                form: .cifarPython,
                train: [
                    archive(
                        "cifar-100-python", "cifar-100-python-target", size: 169_001_437,
                        "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7")
                ],
                trainMembers: ["cifar-100-python/train"], testMembers: ["cifar-100-python/test"],
                mirrors: [paddle] + authors),
        ])

    private static let authors = [
        "https://www.cs.toronto.edu/~kriz/", "https://cave.cs.toronto.edu/kriz/",
    ]
    private static let paddle = "https://dataset.bj.bcebos.com/cifar/"

    private static func binary(_ name: String, _ size: Int) -> PublishedFile {
        PublishedFile(name: name, nature: .batch, contentSize: size)
    }

    private static func pickle(_ name: String, _ size: Int, _ digits: String) -> PublishedFile {
        PublishedFile(
            name: name, nature: .batch, contentSize: size, contentChecksum: .md5(digits))
    }

    /// An archive; `stem` is the name that Keras gives it, without its ending.
    private static func archive(
        _ name: String, _ stem: String? = nil, size: Int, _ digits: String
    ) -> PublishedFile {
        let others = stem.map { [$0 + ".tar.gz", $0 + "_archive"] } ?? []
        return PublishedFile(
            name: name + ".tar.gz", otherNames: others.filter { $0 != name + ".tar.gz" },
            nature: .archive, packedSize: size, packedChecksum: .sha256(digits))
    }

    /// The folders that different versions of Keras unpack `folder` into.
    private static func kerasFolders(_ stem: String, _ folder: String) -> [String] {
        [folder, "\(stem)/\(folder)", "\(stem)_extracted/\(folder)"]
    }
}
