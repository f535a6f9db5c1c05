/// One value of a pickle; values inside it are named by their index in the document.
///
/// Flat storage makes deep nesting, shared values and circles harmless: nothing is expanded and
/// nothing recurses.
enum PickleNode {
    case none
    case truth(Bool)
    case integer(Int)
    /// A whole number outside 64 bits; its value is not kept.
    case wideInteger
    case number(Double)
    case text(String)
    case bytes([UInt8])
    case list([Int])
    case tuple([Int])
    case set([Int])
    case dictionary(keys: [Int], values: [Int])
    /// The name of a function or class of the allow-list.
    case function(PickleFunction)
    /// An element kind of NumPy: its code without the byte order, and the order (`<`, `>`, `|`, `=`).
    indirect case elementKind(code: String, order: String)
    /// An array of NumPy; `nil` until its state has been set.
    indirect case array(PickleArray?)
    /// A class or function of which nothing but the name is known.
    case name(String)
    /// An object of such a class and the index of its state, if it has one.
    indirect case object(className: String, state: Int?)
    /// Numbers that lie outside the pickle.
    indirect case storage(PickleStorage)
    /// A tensor of PyTorch.
    indirect case tensor(PickleTensor)

    /// What it is, for messages.
    var name: String {
        switch self {
        case .none: "None"
        case .truth: "a truth value"
        case .integer, .wideInteger: "a whole number"
        case .number: "a number"
        case .text: "a text"
        case .bytes: "bytes"
        case .list: "a list"
        case .tuple: "a tuple"
        case .set: "a set"
        case .dictionary: "a dictionary"
        case .function(let function): "the name \(function.rawValue)"
        case .elementKind: "an element kind"
        case .array: "an array"
        case .name(let name): "the name \(name.prefix(120))"
        case .object(let className, _): "an object of class \(className.prefix(120))"
        case .storage: "a storage"
        case .tensor: "a tensor"
        }
    }
}

/// Where an array of NumPy lies: its type and the index of its bytes.
struct PickleArray {
    var code: String
    var order: String
    var shape: [Int]
    var isColumnMajor: Bool
    var content: Int
    /// True for a single number of NumPy, which is no array to Python.
    var isScalar = false
}

/// Numbers of PyTorch beside a pickle.
struct PickleStorage {
    var kind: TorchKind
    var key: String
    /// How many numbers the whole storage has, or bytes if it has no number type.
    var count: Int
    /// Where the part that tensors count from begins.
    var viewOffset: Int
}

/// How a tensor of PyTorch lies in its storage; counts are numbers of its type.
struct PickleTensor {
    /// The index of the storage.
    var storage: Int
    var kind: TorchKind
    var offset: Int
    var shape: [Int]
    var strides: [Int]
}

/// The functions and classes that a pickle may name, and only with arguments that are understood.
///
/// None of them is run; each stands for a small piece of code here that builds the value.
enum PickleFunction: String {
    case reconstructArray = "numpy.core.multiarray._reconstruct"
    case arrayFromBuffer = "numpy.core.numeric._frombuffer"
    case scalar = "numpy.core.multiarray.scalar"
    case arrayClass = "numpy.ndarray"
    case elementKind = "numpy.dtype"
    case encode = "_codecs.encode"
    case orderedDictionary = "collections.OrderedDict"
    case bytes = "builtins.bytes"
    case byteArray = "builtins.bytearray"
    case set = "builtins.set"
    case frozenSet = "builtins.frozenset"
    case tuple = "builtins.tuple"
    case tensor = "torch._utils._rebuild_tensor"
    case tensor2 = "torch._utils._rebuild_tensor_v2"
    case tensor3 = "torch._utils._rebuild_tensor_v3"
    case parameter = "torch._utils._rebuild_parameter"
    case parameterWithState = "torch._utils._rebuild_parameter_with_state"
    case tensorOfClass = "torch._tensor._rebuild_from_type_v2"
    case size = "torch.Size"
    case device = "torch.device"
    case defaultDictionary = "collections.defaultdict"
    case reconstruct = "copyreg._reconstructor"

    /// True for those that only files of PyTorch may name.
    var isOfWeights: Bool {
        switch self {
        case .reconstructArray, .arrayFromBuffer, .scalar, .arrayClass, .elementKind, .encode,
            .orderedDictionary, .bytes, .byteArray, .set, .frozenSet, .tuple:
            false
        default: true
        }
    }

    /// The function of a module under the names that Python 2 and 3 and NumPy 1 and 2 give it.
    init?(module: String, name: String) {
        let usual =
            switch module {
            case "__builtin__": "builtins"
            case "copy_reg": "copyreg"
            case "numpy._core.multiarray": "numpy.core.multiarray"
            case "numpy._core.numeric": "numpy.core.numeric"
            default: module
            }
        self.init(rawValue: "\(usual).\(name)")
    }
}
