import Foundation

/// How data sets are looked for and fetched.
public struct FetchSettings: Sendable {
    /// The folder to look in first; nothing is written there.
    public var folder: URL?
    /// The address of a server of one's own that is asked before the others; `MARTLET_MIRROR`.
    ///
    /// It may keep the files in a folder for each set (`ADDRESS/mnist/…`) or all together.
    public var mirror: String?
    /// Forbids the network; `MARTLET_OFFLINE=1`.
    public var isOffline: Bool
    /// How long to wait, and how often to try again.
    public var patience = Patience()
    /// Is told, often, what happens: bytes that arrive, mirrors that fail.
    public var onEvent: @Sendable (FetchEvent) -> Void = { _ in }
    /// Is asked again and again during a download; true stops it.
    public var isCancelled: @Sendable () -> Bool = { Task.isCancelled }
    /// Variables that could not be followed, one sentence each.
    public internal(set) var notes: [String] = []

    /// What downloads.
    package var library: Result<CurlLibrary, CurlLibrary.Absent> { openLibrary() }
    /// Opens it; only a download asks for it.
    package var openLibrary: @Sendable () -> Result<CurlLibrary, CurlLibrary.Absent> = {
        CurlLibrary.shared
    }
    /// The variables of the environment.
    package var environment: [String: String]
    /// The folder that relative paths start from.
    package var workingFolder: URL

    /// Waiting times in seconds, and counts.
    public struct Patience: Hashable, Sendable {
        /// After this long without a byte a download is given up, in seconds.
        public var stall = 30.0
        /// How often one address is tried before the next, when it fails in ways that pass.
        public var attempts = 4
        /// The wait before the second try in seconds; it doubles with each try.
        public var backOff = 1.0
        /// How often a download looks whether it was cancelled or stalls, in seconds.
        package var poll = 0.05

        /// The waiting times for networks of every day.
        public init() {}
    }

    /// Takes the settings from the environment where no argument is given.
    public init(
        folder: URL? = nil, mirror: String? = nil, isOffline: Bool? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.folder = folder
        self.environment = environment
        workingFolder = URL(
            fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
        let named = environment["MARTLET_MIRROR"] ?? ""
        self.mirror = mirror ?? (named.isEmpty ? nil : named)
        self.isOffline = false
        switch (environment["MARTLET_OFFLINE"] ?? "").lowercased() {
        case "", "0", "false", "no", "off": break
        case "1", "true", "yes", "on": self.isOffline = true
        case let other:
            // Whoever sets the variable at all does not want the network.
            self.isOffline = true
            notes.append("MARTLET_OFFLINE is “\(other)”, expected 0 or 1; using 1")
        }
        if let isOffline { self.isOffline = isOffline }
    }

    /// The places that files may lie in.
    var places: DataPlaces {
        DataPlaces(folder: folder, environment: environment, workingFolder: workingFolder)
    }
}

/// Something that happens while a data set is fetched.
public enum FetchEvent: Hashable, Sendable {
    /// Another process holds the lock of this folder; the download waits for it.
    case waiting(folder: URL)
    /// An address is asked for a file, from this byte on.
    case started(address: String, offset: Int)
    /// So many bytes of a file are here, of how many, where that is known.
    case received(file: String, count: Int, total: Int?)
    /// An address failed; the reason in words, and whether it is tried again.
    case failed(address: String, reason: String, triesAgain: Bool)
    /// A file has been verified and is in its place.
    case finished(file: URL)
}
