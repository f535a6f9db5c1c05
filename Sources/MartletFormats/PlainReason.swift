import Foundation

extension Error {
    /// Why something failed, in the words of the system where it has any: `No space left on device`.
    ///
    /// `localizedDescription` begins with a sentence that says nothing on Linux.
    package var plainReason: String {
        if let error = self as? DecodingError { return error.problem }
        let error = self as NSError
        if let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError,
            cause.domain == NSPOSIXErrorDomain
        {
            return String(cString: strerror(Int32(truncatingIfNeeded: cause.code)))
        }
        if error.domain == NSPOSIXErrorDomain {
            return String(cString: strerror(Int32(truncatingIfNeeded: error.code)))
        }
        return localizedDescription.replacingOccurrences(
            of: "The operation could not be completed. ", with: "")
    }
}

extension DecodingError {
    /// Where in the JSON something is wrong, `epochs` or `steps[2].rate`; empty for the whole.
    package var place: String {
        var keys = context.codingPath
        if case .keyNotFound(let key, _) = self { keys.append(key) }
        return keys.reduce("") { path, key in
            if let index = key.intValue { return "\(path)[\(index)]" }
            return path.isEmpty ? key.stringValue : "\(path).\(key.stringValue)"
        }
    }

    /// What is wrong there, in plain words.
    package var problem: String {
        switch self {
        case .keyNotFound: return "no such entry"
        case .valueNotFound: return "null"
        case .typeMismatch(let type, let context):
            let (start, end) = ("but found ", " instead.")
            let text = context.debugDescription
            guard let found = text.firstRange(of: start), text.hasSuffix(end) else { break }
            return "\(text[found.upperBound...].dropLast(end.count)), not \(Self.words(type))"
        default: break
        }
        let text = context.debugDescription
        return text.prefix(1).lowercased()
            + (text.hasSuffix(".") ? text.dropLast() : text[...]).dropFirst()
    }

    private static func words(_ type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Bool.Type: "true or false"
        case is any Numeric.Type: "a number"
        case is [String: Any].Type: "an object"
        case is [Any].Type: "a list"
        default: "\(type)"
        }
    }

    private var context: Context {
        switch self {
        case .typeMismatch(_, let context), .valueNotFound(_, let context),
            .keyNotFound(_, let context), .dataCorrupted(let context):
            context
        @unknown default: Context(codingPath: [], debugDescription: localizedDescription)
        }
    }
}
