extension WeightFormat {
    /// What Keras 2 and 3 save: HDF5, or a zip file with HDF5 in it.
    public static let keras = WeightFormat(
        name: "Keras", recognizes: KerasFile.recognizes,
        open: { (file) throws(FormatError) in
            let keras = try KerasFile(file)
            let variables = keras.variables
            return try WeightFile(
                fileName: file.name, format: "Keras",
                entries: variables.map {
                    WeightFile.Entry(
                        name: $0.path, storedType: $0.value.type.dtype.rawValue,
                        type: $0.value.type)
                },
                values: keras.configuration.map { [("configuration", .text($0))] } ?? [],
                load: { (index) throws(FormatError) in variables[index].value })
        })

    /// The weights of an ONNX model in one file.
    public static let onnx = WeightFormat(
        name: "ONNX", recognizes: ONNXModel.recognizes,
        open: { (file) throws(FormatError) in
            let model = try ONNXModel(file)
            let weights = model.graph.initializers
            return try WeightFile(
                fileName: file.name, format: "ONNX",
                entries: weights.map {
                    WeightFile.Entry(
                        name: $0.name, storedType: $0.value.type.dtype.rawValue,
                        type: $0.value.type)
                },
                values: model.metadata.map { ($0.key, .text($0.value)) },
                load: { (index) throws(FormatError) in weights[index].value })
        })
}

extension KerasFile {
    /// True for HDF5 files, and for zip files with the entries of a `.keras` file.
    static func recognizes(_ file: FileContents) -> Bool {
        if HDF5File.isHDF5(file.bytes) { return true }
        guard file.bytes.holds([0x50, 0x4B, 0x03, 0x04]), let archive = try? ZipArchive(file)
        else { return false }
        return archive.entry("model.weights.h5") != nil && archive.entry("config.json") != nil
    }
}

extension ONNXModel {
    /// True when a file begins with the version of the format, as every ONNX file does.
    static func recognizes(_ file: FileContents) -> Bool {
        let bytes = file.bytes
        return bytes.count > 2 && bytes[0] == 0x08 && (1..<32).contains(bytes[1])
            && [0x12, 0x1A, 0x22, 0x28, 0x32, 0x3A, 0x42].contains(bytes[2])
    }
}
