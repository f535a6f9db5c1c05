/// A file as its publishers describe it: names, sizes and checksums.
///
/// Many publishers give the checksum of the packed file only; others pack the same contents anew.
/// So each of the two checksums may be missing, and what is known decides what can be said.
package struct PublishedFile: Hashable, Sendable {
    /// What the file is like inside.
    package enum Nature: String, Sendable {
        /// An idx file, plain or packed by gzip.
        case idx
        /// A batch of CIFAR, as it stands.
        case batch
        /// A `.tar.gz` archive.
        case archive
        /// An `.npz` file.
        case npz
    }

    /// The name under which it is published, downloaded and kept.
    package var name: String
    /// The other names that people give it.
    package var otherNames: [String] = []
    /// What the file is like inside.
    package var nature: Nature
    /// The size of the published file in bytes, as it is downloaded.
    package var packedSize: Int?
    /// The size of the contents in bytes, once unpacked; of a plain file its size.
    package var contentSize: Int?
    /// The checksum of the published file, as it is downloaded.
    package var packedChecksum: Checksum?
    /// The checksum of the contents, once unpacked.
    package var contentChecksum: Checksum?
    /// The first bytes of the contents.
    package var opening: [UInt8] = []

    /// Collects what is published.
    package init(
        name: String, otherNames: [String] = [], nature: Nature, packedSize: Int? = nil,
        contentSize: Int? = nil, packedChecksum: Checksum? = nil,
        contentChecksum: Checksum? = nil, opening: [UInt8] = []
    ) {
        (self.name, self.otherNames, self.nature) = (name, otherNames, nature)
        (self.packedSize, self.contentSize) = (packedSize, contentSize)
        (self.packedChecksum, self.contentChecksum) = (packedChecksum, contentChecksum)
        self.opening = opening
    }

    /// All names under which the file is accepted, the published one first.
    package var names: [String] { [name] + otherNames }

    /// The most bytes that a download of this file may have.
    ///
    /// A mirror may have packed the contents anew, which the checksum of the contents allows.
    var mostBytes: Int? {
        guard nature == .idx, contentChecksum != nil, let contentSize else { return packedSize }
        return max(contentSize, packedSize ?? 0) + 1 << 16
    }
}

/// One of the forms in which a data set is published; each holds all of its pictures.
package struct PublishedForm: Hashable, Sendable {
    /// What the files hold, which decides how they are read.
    package var form: DatasetFiles.Form
    /// The files to learn from, or the archive that holds everything.
    package var train: [PublishedFile]
    /// The files to be judged by; empty for an archive.
    package var test: [PublishedFile] = []
    /// Members of the archive to learn from; empty for single files.
    package var trainMembers: [String] = []
    /// Members of the archive to be judged by.
    package var testMembers: [String] = []
    /// The folders, below the one that is searched, that the files may lie in.
    package var subfolders: [String] = []
    /// Addresses that end in `/`, the best first; empty when the form is not downloaded.
    package var mirrors: [String] = []

    /// Collects the parts of a form.
    package init(
        form: DatasetFiles.Form, train: [PublishedFile], test: [PublishedFile] = [],
        trainMembers: [String] = [], testMembers: [String] = [], subfolders: [String] = [],
        mirrors: [String] = []
    ) {
        (self.form, self.train, self.test) = (form, train, test)
        (self.trainMembers, self.testMembers) = (trainMembers, testMembers)
        (self.subfolders, self.mirrors) = (subfolders, mirrors)
    }

    /// All files of the form.
    package var files: [PublishedFile] { train + test }
    /// Whether the form is one archive.
    package var isArchive: Bool { !trainMembers.isEmpty }
}
