extension DatasetEntry {
    /// The handwritten digits that are shipped with Martlet.
    static let digits = DatasetEntry(
        name: "digits", title: "Optical Recognition of Handwritten Digits",
        classNames: ClassNames.digits, trainCount: 1437, testCount: 360, imageShape: [1, 8, 8],
        layouts: [], forms: [])

    /// Handwritten digits of 28×28 pixels.
    ///
    /// - Source: Y. LeCun, C. Cortes, C. Burges, The MNIST database. Checksums of the contents as
    ///   they are published widely; of the packed files and of the npz file from the lists of
    ///   TensorFlow Datasets and Keras.
    static let mnist = DatasetEntry(
        name: "mnist", title: "MNIST", classNames: ClassNames.digits,
        trainCount: 60_000, testCount: 10_000, imageShape: [1, 28, 28],
        layouts: ["mnist", "MNIST/raw"],
        forms: [
            idxForm(
                [
                    PublishedContents(
                        9_912_422,
                        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
                        "6bbc9ace898e44ae57da46a324031adb"),
                    PublishedContents(
                        28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
                        "a25bea736e30d166cdddb491f175f624"),
                    PublishedContents(
                        1_648_877,
                        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
                        "2646ac647ad5339dbf082846283269ea"),
                    PublishedContents(
                        4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
                        "27ae3e4e09519cfbb04c329615203637"),
                ],
                mirrors: [
                    "https://ossci-datasets.s3.amazonaws.com/mnist/",
                    "https://storage.googleapis.com/cvdf-datasets/mnist/",
                ]),
            PublishedForm(
                form: .npz,
                train: [
                    PublishedFile(
                        name: "mnist.npz", nature: .npz, packedSize: 11_490_434,
                        packedChecksum: .sha256(
                            "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"))
                ],
                trainMembers: ["x_train", "y_train"], testMembers: ["x_test", "y_test"],
                mirrors: ["https://storage.googleapis.com/tensorflow/tf-keras-datasets/"]),
        ])

    /// Pictures of clothes of 28×28 pixels.
    ///
    /// - Source: H. Xiao, K. Rasul, R. Vollgraf, Fashion-MNIST, arXiv:1708.07747. Checksums of the
    ///   packed files from the lists of TensorFlow Datasets and Keras, which agree.
    static let fashion = DatasetEntry(
        name: "fashion-mnist", title: "Fashion-MNIST", classNames: ClassNames.fashion,
        trainCount: 60_000, testCount: 10_000, imageShape: [1, 28, 28],
        layouts: ["fashion-mnist", "FashionMNIST/raw"],
        forms: [
            idxForm(
                [
                    PublishedContents(
                        26_421_880,
                        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                        "f4a8712d7a061bf5bd6d2ca38dc4d50a"),
                    PublishedContents(
                        29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                        "9018921c3c673c538a1fc5bad174d6f9"),
                    PublishedContents(
                        4_422_102,
                        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                        "8181f5470baa50b63fa0f6fddb340f0a"),
                    PublishedContents(
                        5148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
                        "15d484375f8d13e6eb1aabb0c3f46965"),
                ],
                mirrors: [
                    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
                    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
                    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/"
                        + "data/fashion/",
                ])
        ])

    /// Cursive Japanese characters of 28×28 pixels.
    ///
    /// No checksum of the unpacked contents is published, so those are known by their size only.
    /// - Source: T. Clanuwat et al., Deep Learning for Classical Japanese Literature,
    ///   arXiv:1812.01718. Checksums of the packed files from the list of TensorFlow Datasets.
    static let kmnist = DatasetEntry(
        name: "kmnist", title: "Kuzushiji-MNIST", classNames: ClassNames.kuzushiji,
        trainCount: 60_000, testCount: 10_000, imageShape: [1, 28, 28],
        layouts: ["kmnist", "KMNIST/raw"],
        forms: [
            idxForm(
                [
                    PublishedContents(
                        18_165_135,
                        "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4", nil),
                    PublishedContents(
                        29_497, "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17",
                        nil),
                    PublishedContents(
                        3_041_136,
                        "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5", nil),
                    PublishedContents(
                        5120, "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c",
                        nil),
                ],
                mirrors: [
                    "https://codh.rois.ac.jp/kmnist/dataset/kmnist/",
                    "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
                ])
        ])

    /// What is published about one packed idx file.
    private struct PublishedContents {
        let size: Int
        let packed: Checksum
        let contents: Checksum?

        init(_ size: Int, _ packed: String, _ contents: String?) {
            (self.size, self.packed) = (size, .sha256(packed))
            self.contents = contents.map { .md5($0) }
        }
    }

    /// The four idx files of a set of the size of MNIST: pictures and labels of both splits.
    private static func idxForm(
        _ contents: [PublishedContents], mirrors: [String]
    ) -> PublishedForm {
        let splits = [("train", 60_000), ("t10k", 10_000)]
        let kinds = splits.flatMap { prefix, count in
            let size = [UInt8](withUnsafeBytes(of: Int32(count).bigEndian) { Array($0) })
            return [
                (prefix, "images", 3, 16 + count * 784, [0, 0, 8, 3] + size),
                (prefix, "labels", 1, 8 + count, [0, 0, 8, 1] + size),
            ]
        }
        let files = zip(kinds, contents).map { kind, contents in
            let (prefix, what, rank, size, opening) = kind
            let (dashed, dotted) = (
                "\(prefix)-\(what)-idx\(rank)-ubyte", "\(prefix)-\(what).idx\(rank)-ubyte"
            )
            return PublishedFile(
                name: dashed + ".gz", otherNames: [dashed, dotted + ".gz", dotted], nature: .idx,
                packedSize: contents.size, contentSize: size, packedChecksum: contents.packed,
                contentChecksum: contents.contents, opening: opening)
        }
        return PublishedForm(
            form: .idx, train: Array(files.prefix(2)), test: Array(files.suffix(2)),
            mirrors: mirrors)
    }
}
