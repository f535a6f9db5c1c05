import Foundation

/// Another framework's side: a Python process that obeys lines and stays for all rounds.
final class Peer {
    /// What went wrong with the process.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// What `--peers` calls it, `pytorch`.
    let key: String
    /// The framework with its version, `PyTorch 2.13.0`.
    private(set) var name = ""

    private let process = Process()
    private let commands = Pipe()
    private let answers = Pipe()
    private var pending: [UInt8] = []

    /// The frameworks that there are modules for.
    static let known = ["pytorch", "jax", "tensorflow", "paddle", "onnx"]

    /// Starts the framework's process and waits until it is ready; a loud one may complain aloud.
    init(_ key: String, python: String, threads: Int, isLoud: Bool = false) throws {
        self.key = key
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("peers/peer.py")
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = [script.path, key, "--threads", String(threads)]
        process.standardInput = commands
        process.standardOutput = answers
        process.standardError =
            isLoud ? FileHandle.standardError : FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            throw Failure(description: "cannot start \(python): \(error.localizedDescription)")
        }
        let greeting = try readLine()
        guard greeting.hasPrefix("ready ") else {
            throw Failure(description: "\(key) answered “\(greeting)”")
        }
        name = String(greeting.dropFirst("ready ".count))
        _ = process.suspend()
    }

    /// Makes the workload of a folder the current one.
    func open(_ folder: WorkloadFolder) throws { _ = try send("open \(folder.url.path)") }

    /// Sends a command and reads the numbers of its answer; `nil` when the framework cannot do it.
    func ask(_ command: String) throws -> [Double]? {
        let line = try send(command)
        if line.hasPrefix("cannot ") { return nil }
        let numbers = line.split(separator: " ").compactMap { Double($0) }
        if numbers.isEmpty { throw Failure(description: "\(name) answered “\(line)”") }
        return numbers
    }

    /// Milliseconds a call for a command that answers with calls and seconds.
    func time(_ command: String) throws -> Double? {
        guard let numbers = try ask(command), numbers.count == 2 else { return nil }
        return numbers[1] / numbers[0] * 1000
    }

    /// Ends the process and waits for it.
    func stop() {
        _ = process.resume()
        try? commands.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// Sends a line and waits for its answer; outside of that the process stands still, for the
    /// threads of some frameworks go on spinning after their work and would take the processor from
    /// whoever has the next turn.
    private func send(_ command: String) throws -> String {
        _ = process.resume()
        defer { _ = process.suspend() }
        try commands.fileHandleForWriting.write(contentsOf: Data((command + "\n").utf8))
        return try readLine()
    }

    private func readLine() throws -> String {
        while true {
            if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: pending[..<end], as: UTF8.self)
                pending.removeFirst(end + 1)
                return line
            }
            let more = answers.fileHandleForReading.availableData
            if more.isEmpty {
                process.waitUntilExit()
                throw Failure(
                    description: "\(key) ended with status \(process.terminationStatus)")
            }
            pending += more
        }
    }
}
