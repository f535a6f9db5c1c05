import Foundation

/// The other framework's side: a Python process that obeys lines and stays for all rounds.
final class Peer {
    /// What went wrong with the process.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The framework with its version, `PyTorch 2.13.0`.
    private(set) var name = ""

    private let process = Process()
    private let commands = Pipe()
    private let answers = Pipe()
    private var pending: [UInt8] = []

    /// Starts `script` with `python` and waits until it is ready.
    init(python: String, script: URL, file: URL, threads: Int, options: [String]) throws {
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments =
            [script.path, file.path, "--serve", "--threads", String(threads)] + options
        process.standardInput = commands
        process.standardOutput = answers
        do {
            try process.run()
        } catch {
            throw Failure(description: "cannot start \(python): \(error.localizedDescription)")
        }
        let greeting = try readLine().split(separator: " ")
        guard greeting.count == 2, greeting[0] == "ready" else {
            throw Failure(description: "the peer answered “\(greeting.joined(separator: " "))”")
        }
        name = "PyTorch \(greeting[1])"
    }

    /// Sends a command and reads the numbers of its answer.
    func ask(_ command: String) throws -> [Double] {
        try commands.fileHandleForWriting.write(contentsOf: Data((command + "\n").utf8))
        let line = try readLine()
        let numbers = line.split(separator: " ").compactMap { Double($0) }
        if numbers.isEmpty { throw Failure(description: "the peer answered “\(line)”") }
        return numbers
    }

    /// Ends the process and waits for it.
    func stop() {
        try? commands.fileHandleForWriting.close()
        process.waitUntilExit()
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
                    description: "the peer ended with status \(process.terminationStatus)")
            }
            pending += more
        }
    }
}
