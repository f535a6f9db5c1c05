import CCurl
import Foundation

/// libcurl, opened.
///
/// It is opened at the first download and never closed. Its functions may be called from any thread,
/// each transfer from one, so the pointer can be shared.
package final class CurlLibrary: @unchecked Sendable {
    let pointer: OpaquePointer

    /// Why libcurl cannot be used, in the words of the system.
    package struct Absent: Error, Hashable {
        /// What was tried.
        package let reason: String

        /// How a person gets it.
        package static let fix =
            "install libcurl, on Debian and Ubuntu with: apt-get install libcurl4"
    }

    /// The names of the library on Linux and on macOS.
    package static let names = ["libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib"]

    /// The library of this system, opened at the first use.
    package static let shared = Result { () throws(Absent) in try CurlLibrary() }

    /// Opens the first library of these names that is there.
    package init(_ names: [String] = names) throws(Absent) {
        var message = [CChar](repeating: 0, count: 1024)
        let size = message.count
        let copies = names.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        let opened = copies.map { UnsafePointer($0) }.withUnsafeBufferPointer { names in
            ccurl_open(names.baseAddress, names.count, &message, size)
        }
        guard let opened else {
            let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            throw Absent(reason: String(decoding: text, as: UTF8.self))
        }
        pointer = opened
    }
}
