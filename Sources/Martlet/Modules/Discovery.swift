import MartletGraph

/// The parameters and modules that stand in a module's stored properties, with their paths.
struct Discovery {
    /// In the order of properties; a parameter that is found twice keeps its first path.
    private(set) var parameters: [(path: String, parameter: Parameter)] = []
    private(set) var modulePaths: [ObjectIdentifier: String] = [:]
    private var known: Set<ObjectIdentifier> = []

    /// Looks at `root` and everything below it.
    init(_ root: any Module) {
        visit(module: root, path: "")
    }

    private mutating func visit(module: any Module, path: String) {
        guard modulePaths[ObjectIdentifier(module)] == nil else { return }
        modulePaths[ObjectIdentifier(module)] = path
        var mirror: Mirror? = Mirror(reflecting: module)
        while let level = mirror {
            for (label, value) in level.children {
                if let label { visit(value, path: joined(path, label)) }
            }
            mirror = level.superclassMirror
        }
    }

    private mutating func visit(_ value: Any, path: String) {
        if let parameter = value as? Parameter {
            guard known.insert(ObjectIdentifier(parameter)).inserted else { return }
            parameters.append((renamed(path, parameter.name), parameter))
        } else if let module = value as? any Module {
            visit(module: module, path: path)
        } else {
            let mirror = Mirror(reflecting: value)
            switch mirror.displayStyle {
            case .optional:
                if let inner = mirror.children.first?.value { visit(inner, path: path) }
            case .collection:
                for (index, child) in mirror.children.enumerated() {
                    visit(child.value, path: joined(path, String(index)))
                }
            case .dictionary: visit(dictionary: mirror, path: path)
            default: break
            }
        }
    }

    private mutating func visit(dictionary: Mirror, path: String) {
        var entries: [(key: String, value: Any)] = []
        for child in dictionary.children {
            let pair = Array(Mirror(reflecting: child.value).children)
            if pair.count == 2, let key = pair[0].value as? String {
                entries.append((key, pair[1].value))
            }
        }
        for (key, value) in entries.sorted(by: { $0.key < $1.key }) {
            visit(value, path: joined(path, key))
        }
    }

    private func joined(_ path: String, _ name: String) -> String {
        path.isEmpty ? name : "\(path).\(name)"
    }

    private func renamed(_ path: String, _ name: String?) -> String {
        guard let name else { return path }
        return joined(path.split(separator: ".").dropLast().joined(separator: "."), name)
    }
}
