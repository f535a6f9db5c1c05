import MartletGraph

/// The parameters and modules that stand in a module's stored properties, with their paths.
struct Discovery {
    /// A module with its place in the tree.
    struct Node {
        var path: String
        var module: any Module
        /// The position of the module that holds it, `nil` for the root.
        var parent: Int?
    }

    /// In the order of properties; a parameter that is found twice keeps its first path.
    private(set) var parameters: [(path: String, parameter: Parameter)] = []
    /// In the order of properties, the root first; a module that is found twice keeps its first path.
    private(set) var modules: [Node] = []
    private(set) var modulePaths: [ObjectIdentifier: String] = [:]
    /// The position in `modules` of the module that holds each parameter.
    private(set) var owners: [Int] = []
    private var known: Set<ObjectIdentifier> = []

    /// Looks at `root` and everything below it.
    init(_ root: any Module) {
        visit(module: root, path: "", parent: nil)
    }

    private mutating func visit(module: any Module, path: String, parent: Int?) {
        guard modulePaths[ObjectIdentifier(module)] == nil else { return }
        modulePaths[ObjectIdentifier(module)] = path
        modules.append(Node(path: path, module: module, parent: parent))
        let owner = modules.count - 1
        var mirror: Mirror? = Mirror(reflecting: module)
        while let level = mirror {
            for (label, value) in level.children {
                if let label { visit(value, path: joined(path, label), owner: owner) }
            }
            mirror = level.superclassMirror
        }
    }

    private mutating func visit(_ value: Any, path: String, owner: Int) {
        if let parameter = value as? Parameter {
            guard known.insert(parameter.identity).inserted else { return }
            let path = parameter.name.map { joined(modules[owner].path, $0) } ?? path
            parameters.append((path, parameter))
            owners.append(owner)
        } else if let module = value as? any Module {
            visit(module: module, path: path, parent: owner)
        } else {
            let mirror = Mirror(reflecting: value)
            switch mirror.displayStyle {
            case .optional:
                if let inner = mirror.children.first?.value {
                    visit(inner, path: path, owner: owner)
                }
            case .collection:
                for (index, child) in mirror.children.enumerated() {
                    visit(child.value, path: joined(path, String(index)), owner: owner)
                }
            case .dictionary: visit(dictionary: mirror, path: path, owner: owner)
            default: break
            }
        }
    }

    private mutating func visit(dictionary: Mirror, path: String, owner: Int) {
        var entries: [(key: String, value: Any)] = []
        for child in dictionary.children {
            let pair = Array(Mirror(reflecting: child.value).children)
            if pair.count == 2, let key = pair[0].value as? String {
                entries.append((key, pair[1].value))
            }
        }
        for (key, value) in entries.sorted(by: { $0.key < $1.key }) {
            visit(value, path: joined(path, key), owner: owner)
        }
    }

    private func joined(_ path: String, _ name: String) -> String {
        path.isEmpty ? name : "\(path).\(name)"
    }
}
