import MartletGraph

/// The arrays of NumPy's own files as weights.
enum ArrayWeights {
    /// How an npy file begins.
    static let mark: [UInt8] = [0x93] + Array("NUMPY".utf8)

    static func recognizesArchive(_ file: FileContents) -> Bool {
        guard file.bytes.holds([0x50, 0x4B]), let archive = try? ZipArchive(file) else {
            return false
        }
        return archive.entries.contains { $0.name.hasSuffix(".npy") }
    }

    static func openArchive(_ file: FileContents) throws(FormatError) -> WeightFile {
        let archive = try NumpyArchive(file)
        // The directory keeps the order in which the arrays were saved.
        let members = archive.archive.entries.filter { $0.name.hasSuffix(".npy") }
        let names = members.map { String($0.name.dropLast(4)) }
        var entries: [WeightFile.Entry] = []
        for (member, name) in zip(members, names) {
            let contents = try archive.archive.contents(member)
            _ = try NumpyArray.read(contents)
            entries.append(try entry(NumpyHeader(contents), name))
        }
        return try WeightFile(
            fileName: file.name, format: WeightFormat.numpyArchive.name, entries: entries,
            load: { (index) throws(FormatError) in
                try NumpyArray.read(archive.archive.contents(members[index]))
            })
    }

    static func openArray(_ file: FileContents) throws(FormatError) -> WeightFile {
        let tensor = try NumpyArray.read(file)
        return try WeightFile(
            fileName: file.name, format: WeightFormat.numpyArray.name,
            entries: [try entry(NumpyHeader(file), "array")], load: { _ in tensor })
    }

    private static func entry(
        _ header: NumpyHeader, _ name: String
    ) throws(FormatError) -> WeightFile.Entry {
        WeightFile.Entry(
            name: name, storedType: header.kind.typeName,
            type: TensorType(header.kind.dataType, header.shape))
    }
}
