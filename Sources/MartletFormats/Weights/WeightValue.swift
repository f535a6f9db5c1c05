/// A value of a weight file that is no tensor: an epoch, a learning rate, a name.
public enum WeightValue: Hashable, Sendable, CustomStringConvertible {
    /// Python's `None`.
    case none
    /// A truth value.
    case truth(Bool)
    /// A whole number.
    case integer(Int)
    /// A floating-point number.
    case number(Double)
    /// A text.
    case text(String)
    /// Something that is only described, such as a long list or a class.
    case other(String)

    /// The value in the form used by listings; long texts are shortened.
    public var description: String {
        switch self {
        case .none: "none"
        case .truth(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .text(let value): value.count > 60 ? "\"\(value.prefix(60))...\"" : "\"\(value)\""
        case .other(let what): what
        }
    }
}
