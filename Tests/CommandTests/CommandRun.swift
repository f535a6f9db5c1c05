import Foundation

/// One run of the command `martlet` in a process of its own.
struct CommandRun {
    let status: Int32
    let output: String
    let messages: String

    /// Runs the command that was built together with the tests.
    init(
        _ arguments: [String], environment: [String: String] = [:], command: String = "martlet",
        executable: URL? = nil
    ) throws {
        let process = Process()
        let (output, messages) = (Pipe(), Pipe())
        process.executableURL = executable ?? Self.products.appendingPathComponent(command)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment
            .merging(["COLUMNS": "80"]) { $1 }.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = messages
        try process.run()
        // Messages are read on a thread of their own, so that neither pipe can fill up and block.
        let collected = Collected()
        let reader = Thread {
            collected.finish(messages.fileHandleForReading.readDataToEndOfFile())
        }
        reader.start()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        self.messages = String(decoding: collected.wait(), as: UTF8.self)
        self.output = String(decoding: data, as: UTF8.self)
        process.waitUntilExit()
        status = process.terminationStatus
    }

    /// The path of a command that was built together with the tests.
    static func path(of command: String) -> String {
        products.appendingPathComponent(command).path
    }

    /// The folder of the test bundle, where the build puts the command too.
    private static var products: URL {
        #if os(macOS)
            for bundle in Bundle.allBundles where bundle.bundlePath.hasSuffix(".xctest") {
                return bundle.bundleURL.deletingLastPathComponent()
            }
        #endif
        return Bundle.main.bundleURL
    }
}

/// Bytes handed from one thread to another; the condition guards them.
private final class Collected: @unchecked Sendable {
    private let condition = NSCondition()
    private var data: Data?

    func finish(_ data: Data) {
        condition.lock()
        self.data = data
        condition.signal()
        condition.unlock()
    }

    func wait() -> Data {
        condition.lock()
        defer { condition.unlock() }
        while data == nil { condition.wait() }
        return data ?? Data()
    }
}
