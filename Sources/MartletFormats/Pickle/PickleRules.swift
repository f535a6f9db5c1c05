/// What a pickle may hold beside plain values and NumPy arrays.
enum PickleRules {
    /// Nothing more: every other name is refused.
    case values
    /// The tensors of PyTorch, and objects of any class as bare data: their class is never looked
    /// up, and calling a function of an unknown name is refused.
    case weights

    /// True for a name that may stand in the pickle without being called.
    ///
    /// Nothing would run if more names were kept; modules that programs are attacked with are
    /// refused so that such a file is told apart from an honest one.
    func keeps(module: String, name: String) -> Bool {
        guard self == .weights, !name.contains("."), !module.isEmpty, !name.isEmpty,
            module.utf8.count + name.utf8.count <= 512
        else { return false }
        let top = String(module.prefix { $0 != "." })
        switch top {
        case "torch": return Self.keepsOfTorch(module, name)
        case "builtins", "__builtin__": return Self.plainTypes.contains(name)
        default: return !Self.refusedModules.contains(top)
        }
    }

    private static func keepsOfTorch(_ module: String, _ name: String) -> Bool {
        switch module {
        case "torch": TorchKind.names[name] != nil || name == "Tensor" || name.hasSuffix("Storage")
        case "torch.storage", "torch.cuda": name.hasSuffix("Storage")
        default: module.hasPrefix("torch.nn.") || module.hasPrefix("torch.optim.")
        }
    }

    private static let plainTypes: Set<String> = [
        "object", "bool", "int", "long", "float", "complex", "str", "unicode", "list", "tuple",
        "dict",
    ]

    /// Modules of Python and NumPy whose functions reach beyond their arguments.
    private static let refusedModules: Set<String> = [
        "_codecs", "_ctypes", "_io", "_operator", "_pickle", "_posixsubprocess", "_thread",
        "_winapi", "asyncio", "atexit", "bdb", "cPickle", "code", "codecs", "codeop",
        "collections", "commands", "copy_reg", "copyreg", "cProfile", "ctypes", "dill",
        "cloudpickle", "doctest", "fileinput", "ftplib", "functools", "gc", "glob", "http",
        "imp", "importlib", "inspect", "io", "itertools", "joblib", "linecache", "marshal",
        "mmap", "multiprocessing", "nt", "ntpath", "numpy", "operator", "os", "pdb", "pickle",
        "pip", "pkgutil", "platform", "popen2", "posix", "posixpath", "profile", "pty",
        "pydoc", "requests", "resource", "runpy", "shelve", "shlex", "shutil", "signal", "site",
        "smtplib", "socket", "socketserver", "sqlite3", "ssl", "subprocess", "sys", "sysconfig",
        "tempfile", "test", "threading", "timeit", "trace", "types", "typing", "urllib",
        "urllib2", "venv", "webbrowser", "xmlrpc", "zipimport",
    ]

    /// Functions that make what has no counterpart here, and what that is.
    static let unreadable: [String: (what: String, fix: String)] = [
        "torch._utils._rebuild_sparse_tensor": ("a sparse tensor", "save tensor.to_dense()"),
        "torch._utils._rebuild_sparse_csr_tensor": ("a sparse tensor", "save tensor.to_dense()"),
        "torch._utils._rebuild_qtensor": ("a quantized tensor", "save tensor.dequantize()"),
        "torch._utils._rebuild_nested_tensor": ("a nested tensor", "save its parts"),
        "torch._utils._rebuild_meta_tensor_no_storage": ("a tensor without numbers", ""),
        "torch._utils._rebuild_wrapper_subclass": ("a tensor of a class of its own", ""),
    ]
}
