/// Arrays of NumPy in a bare pickle, as PaddlePaddle and plain Python save them.
enum PickledWeights {
    /// The key under which PaddlePaddle keeps its inner names of parameters.
    static let parameterNames = "StructuredToParameterName@@"
    /// The key under which PaddlePaddle keeps the parts of arrays beyond 1 GiB.
    private static let largeArrays = "UnpackBigParamInfor@@"

    /// True for protocol 2 and newer, and for what older ones begin and end with.
    static func recognizes(_ file: FileContents) -> Bool {
        guard let first = file.bytes.first else { return false }
        if first == 0x80 { return true }
        let openings = "(]}c".utf8
        return openings.contains(first) && file.bytes.last == UInt8(ascii: ".")
    }

    static func open(_ file: FileContents) throws(FormatError) -> WeightFile {
        let document = try PickleDocument(file)
        let root = document.root
        guard root[largeArrays] == nil else {
            throw FormatError(
                .unsupported, file: file.name, place: largeArrays, expected: "arrays in one part",
                found: "arrays in several parts",
                fix: "save with paddle.save(..., protocol=4), which keeps them whole")
        }
        let isPaddle = root[parameterNames] != nil || root["LR_Scheduler"] != nil
        let walk = try WeightWalk(document)
        let found = walk.tensors
        return try WeightFile(
            fileName: file.name, format: isPaddle ? "PaddlePaddle" : WeightFormat.pickle.name,
            entries: try walk.entries(stored: file.bytes.count), values: walk.values,
            load: { (index) throws(FormatError) in
                try PickleValue(document: document, index: found[index].node).array()
            })
    }
}
