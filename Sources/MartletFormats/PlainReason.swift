import Foundation

extension Error {
    /// Why something failed, in the words of the system where it has any: `No space left on device`.
    ///
    /// `localizedDescription` begins with a sentence that says nothing on Linux.
    package var plainReason: String {
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
