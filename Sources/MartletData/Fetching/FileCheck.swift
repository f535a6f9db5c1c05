import Foundation
import MartletFormats

/// Holds one file against what is published about it.
struct FileCheck {
    let file: PublishedFile
    let dataset: String
    let url: URL

    /// True when size and first bytes agree, which costs next to nothing.
    ///
    /// For files that were verified when they got their name. A gzip file says at its end how large
    /// its contents are; readers compare its checksum anyway.
    func looksRight() -> Bool {
        guard let edges = try? FileEdges(url) else { return false }
        switch file.nature {
        case .idx where edges.opening.starts(with: [0x1F, 0x8B]):
            let size = edges.ending.reversed().reduce(0) { $0 << 8 | Int($1) }
            return file.contentSize.map { $0 & 0xFFFF_FFFF == size } ?? true
        case .idx, .batch:
            return edges.byteCount == file.contentSize
                && edges.opening.starts(with: file.opening)
        case .archive, .npz:
            return edges.byteCount == file.packedSize
        }
    }

    /// Reads the whole file and compares checksums.
    func full() -> FileReport {
        do {
            let edges = try FileEdges(url)
            var report = try compare(edges)
            report.byteCount = edges.byteCount
            return report
        } catch let error as FormatError where error.kind != .missing {
            return report(.damaged, error.expected, error.found)
        } catch let error as FormatError {
            return report(.unreadable, error.expected, error.found)
        } catch {
            return report(.unreadable, "a file that can be read", "\(error)")
        }
    }

    private func compare(_ edges: FileEdges) throws -> FileReport {
        switch file.nature {
        case .idx where edges.opening.starts(with: [0x1F, 0x8B]): try compareGzip(edges)
        case .idx, .batch: try compareContents(edges)
        case .archive: try comparePacked(edges)
        case .npz: try compareNPZ(edges)
        }
    }

    /// A gzip file: its contents when their checksum is known, else the file itself.
    private func compareGzip(_ edges: FileEdges) throws -> FileReport {
        let limit = file.contentSize ?? 1 << 30
        let contents = try FileContents(contentsOf: url, limit: limit + 1 << 20)
        var stream = ChecksumStream(file.contentChecksum?.kind ?? .md5)
        var count = 0
        try contents.forEachUnpackedPiece(.gzip, limit: limit) {
            stream.update($0)
            count += $0.count
        }
        if let size = file.contentSize, count != size {
            return report(.damaged, "\(size) unpacked bytes", "\(count)")
        }
        let found = stream.finish()
        if let expected = file.contentChecksum { return verdict(expected, found) }
        if let other = owner(of: found) { return report(.other, "\(dataset)", other) }
        guard let expected = file.packedChecksum else {
            return report(.unverified, "a published checksum", "none for this file")
        }
        let packed = Checksum.of(contents.bytes, expected.kind)
        if packed == expected { return report(.verified, "\(expected)", "\(packed)") }
        if let other = owner(of: packed) { return report(.other, "\(dataset)", other) }
        // Anyone may have packed the right contents anew, and nobody publishes their checksum.
        return report(.unverified, "\(expected)", "\(packed), with contents of the right size")
    }

    private func compareContents(_ edges: FileEdges) throws -> FileReport {
        if let size = file.contentSize, edges.byteCount != size {
            return report(.damaged, "\(size) bytes", "\(edges.byteCount)")
        }
        guard edges.opening.starts(with: file.opening) else {
            return report(.damaged, "the bytes \(file.opening) first", "\(edges.opening)")
        }
        let found = try FileBytes.checksum(of: url, file.contentChecksum?.kind ?? .md5)
        if let expected = file.contentChecksum { return verdict(expected, found) }
        if let other = owner(of: found) { return report(.other, "\(dataset)", other) }
        return report(.unverified, "a published checksum", "none for the unpacked file")
    }

    private func comparePacked(_ edges: FileEdges) throws -> FileReport {
        if let size = file.packedSize, edges.byteCount != size {
            return report(.damaged, "\(size) bytes", "\(edges.byteCount)")
        }
        guard let expected = file.packedChecksum else {
            return report(.unverified, "a published checksum", "none for this file")
        }
        return verdict(expected, try FileBytes.checksum(of: url, expected.kind))
    }

    /// An npz file that somebody wrote anew may hold the right arrays; its own checksums must agree.
    private func compareNPZ(_ edges: FileEdges) throws -> FileReport {
        let contents = try FileContents(contentsOf: url, limit: 1 << 30)
        if let expected = file.packedChecksum {
            let found = Checksum.of(contents.bytes, expected.kind)
            if found == expected { return report(.verified, "\(expected)", "\(found)") }
        }
        let archive = try ZipArchive(contents)
        for entry in archive.entries { _ = try archive.contents(entry, limit: 1 << 30) }
        let expected = file.packedChecksum.map { "\($0)" } ?? "a published checksum"
        return report(.unverified, expected, "another packing, intact in itself")
    }

    private func verdict(_ expected: Checksum, _ found: Checksum) -> FileReport {
        if found == expected { return report(.verified, "\(expected)", "\(found)") }
        if let other = owner(of: found) { return report(.other, "\(dataset)", other) }
        return report(.damaged, "\(expected)", "\(found)")
    }

    /// The data set with a file of that checksum; several sets use the same file names.
    private func owner(of checksum: Checksum) -> String? {
        DatasetEntry.all.first { entry in
            entry.forms.flatMap(\.files).contains {
                $0.contentChecksum == checksum || $0.packedChecksum == checksum
            }
        }?.name
    }

    private func report(
        _ state: FileReport.State, _ expected: String, _ found: String
    ) -> FileReport {
        FileReport(
            dataset: dataset, file: url, state: state, byteCount: 0, expected: expected,
            found: found)
    }
}
