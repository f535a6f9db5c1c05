import MartletGraph

/// The weights of the older layout: attributes that name layers, and in each layer its arrays.
struct LegacyKerasWeights {
    private let hdf5: HDF5File
    private let root: String

    init(_ hdf5: HDF5File, _ root: String) { (self.hdf5, self.root) = (hdf5, root) }

    /// True when the root of the file names layers.
    static func isPresent(_ hdf5: HDF5File) throws(FormatError) -> Bool {
        try LegacyKerasWeights(hdf5, "").list("layer_names", of: "") != nil
    }

    func variables() throws(FormatError) -> [KerasFile.Variable] {
        guard let layers = try list("layer_names", of: root) else {
            throw FormatError(
                .malformed, file: hdf5.file.name, place: "/\(root)",
                expected: "the attribute layer_names", found: "none")
        }
        var arrays: [String: HDF5Object] = [:]
        for (path, object) in try hdf5.arrays(in: root) { arrays[path] = object }
        var budget = KerasBudget(hdf5)
        var variables: [KerasFile.Variable] = []
        for layer in layers {
            let group = root.isEmpty ? layer : "\(root)/\(layer)"
            let names = try list("weight_names", of: group) ?? []
            let parents = Set(names.map { Self.parts($0).parent })
            for name in names {
                let path = "\(group)/\(name)"
                guard let object = arrays.removeValue(forKey: path) else {
                    throw FormatError(
                        .malformed, file: hdf5.file.name, place: group,
                        expected: "an array \(name)", found: "none, or it was named before")
                }
                let (parent, last) = Self.parts(name)
                if parent.contains("seed_generator") { continue }
                // A layer that holds layers has arrays of several of them.
                let inner = parents.count > 1 ? "\(layer)/\(parent)" : layer
                variables.append(
                    KerasFile.Variable(
                        layer: inner, name: last, value: try budget.read(object, path)))
            }
        }
        return variables
    }

    /// The part before the last slash, and the last name without `:0`.
    private static func parts(_ name: String) -> (parent: String, last: String) {
        let parts = name.split(separator: "/").map(String.init)
        var last = parts.last ?? name
        if let colon = last.lastIndex(of: ":") { last = String(last[..<colon]) }
        return (parts.dropLast().joined(separator: "/"), last)
    }

    /// A list of texts, which Keras cuts into `name0`, `name1` … when it is long.
    private func list(_ attribute: String, of path: String) throws(FormatError) -> [String]? {
        if let texts = try hdf5.texts(attribute, of: path) { return texts }
        guard var texts = try hdf5.texts("\(attribute)0", of: path) else { return nil }
        var number = 1
        while number < 4096, let more = try hdf5.texts("\(attribute)\(number)", of: path) {
            texts += more
            number += 1
        }
        return texts
    }
}
