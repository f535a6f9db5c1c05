import Foundation
import MartletGraph

extension NumpyArchive {
    /// Writes arrays as an `.npz` file in the given order; the file is complete or absent.
    ///
    /// Equal arguments give equal bytes.
    ///
    /// - Parameter deflates: packs the arrays, as `numpy.savez_compressed` does.
    /// - Throws: `FormatError` when a name comes twice, the file would pass 4 GiB, or the place
    ///   cannot be written.
    public static func write(
        _ arrays: [(name: String, tensor: HostTensor)], deflates: Bool = false, to url: URL
    ) throws(FormatError) {
        try WholeFile.write(pieces(arrays, deflates, url.path), to: url)
    }

    /// The bytes that `write` would write.
    public static func encoded(
        _ arrays: [(name: String, tensor: HostTensor)], deflates: Bool = false
    ) throws(FormatError) -> [UInt8] {
        Array(try pieces(arrays, deflates, "npz").joined())
    }

    private static func pieces(
        _ arrays: [(name: String, tensor: HostTensor)], _ deflates: Bool, _ file: String
    ) throws(FormatError) -> [[UInt8]] {
        var writer = ZipWriter(file: file)
        for (name, tensor) in arrays {
            try writer.add(name + ".npy", NumpyArray.write(tensor), deflates: deflates)
        }
        return writer.finished()
    }
}
