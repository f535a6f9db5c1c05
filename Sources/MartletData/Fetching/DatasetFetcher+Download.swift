import Foundation
import MartletFormats

extension DatasetFetcher {
    /// Downloads a data set into the cache; `error` collects what was tried.
    func fetch(
        _ entry: DatasetEntry, _ error: inout FetchError
    ) throws(FetchError) -> DatasetFiles {
        let own = try ownPlace(error)
        let library = try library(error)
        let folder = own.folder.appendingPathComponent(entry.name, isDirectory: true)
        let lock = try lock(folder, error)
        defer { withExtendedLifetime(lock) {} }
        // Another process may have fetched the files while this one waited.
        if let files = DatasetSearch(entry, in: [own]).files { return files }
        for form in entry.forms where !form.mirrors.isEmpty {
            guard try download(form, of: entry, into: folder, library, &error) else { continue }
            if let files = DatasetSearch(entry, in: [own]).files { return files }
        }
        error.kind = .unavailable
        throw error
    }

    /// Downloads the files of one form that are not in order; false when one cannot be had.
    func download(
        _ form: PublishedForm, of entry: DatasetEntry, into folder: URL, _ library: CurlLibrary,
        _ error: inout FetchError
    ) throws(FetchError) -> Bool {
        for file in form.files {
            let isThere = file.names.contains { name in
                let url = folder.appendingPathComponent(name)
                return FileManager.default.fileExists(atPath: url.path)
                    && FileCheck(file: file, dataset: entry.name, url: url).full().isUsable
            }
            if isThere { continue }
            let downloader = Downloader(
                settings: settings, library: library, file: file, dataset: entry.name,
                folder: folder)
            do {
                try downloader.download(from: addresses(file, form, entry))
            } catch let failure {
                switch failure {
                case .unavailable(let attempts):
                    error.attempts += attempts
                    return false
                case .unwritable(let words):
                    (error.kind, error.problem) = (.unwritable, "\(folder.path): \(words)")
                case .cancelled: error.kind = .cancelled
                }
                throw error
            }
        }
        return true
    }

    /// libcurl, or an error that says how to get it.
    func library(_ start: FetchError) throws(FetchError) -> CurlLibrary {
        do {
            return try settings.library.get()
        } catch {
            var failure = start
            failure.kind = .unavailable
            failure.problem = "no libcurl to download with: \(error.reason)"
            failure.fix.insert(CurlLibrary.Absent.fix, at: 0)
            throw failure
        }
    }

    /// The addresses of a file: those of one's own mirror first.
    private func addresses(
        _ file: PublishedFile, _ form: PublishedForm, _ entry: DatasetEntry
    ) -> [String] {
        var bases = form.mirrors
        if let mirror = settings.mirror {
            let base = mirror.hasSuffix("/") ? mirror : mirror + "/"
            bases = [base + entry.name + "/", base] + bases
        }
        return bases.map { $0 + file.name }
    }

    /// Makes the folder and waits for its lock.
    func lock(_ folder: URL, _ start: FetchError) throws(FetchError) -> FileLock {
        var error = start
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            return try FileLock(
                folder, poll: settings.patience.poll, isCancelled: settings.isCancelled
            ) { settings.onEvent(.waiting(folder: folder)) }
        } catch FileLock.Failure.cancelled {
            error.kind = .cancelled
        } catch FileLock.Failure.unwritable(let words) {
            (error.kind, error.problem) = (.unwritable, "\(folder.path): \(words)")
        } catch let cause {
            error.kind = .unwritable
            error.problem = "\(folder.path): \(cause.plainReason)"
        }
        throw error
    }
}
