import Foundation
import Testing

@Suite struct InterruptionTests {
    let folder: CommandFolder

    init() throws { folder = try CommandFolder() }

    /// A command whose reader has stopped to read can only be ended by a signal.
    @Test(arguments: [(SIGINT, 130, "interrupted\n"), (SIGTERM, 143, "terminated\n")])
    func aSignalEndsTheCommandWithItsCode(signal: Int32, status: Int, message: String) throws {
        let model = try folder.writeModel()
        let picture = try folder.writeDigit(0, to: "one.png")
        let process = Process()
        let (output, messages) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: CommandRun.path(of: "martlet"))
        process.arguments =
            ["predict", model, "--scores", "--json"]
            + [String](repeating: picture, count: 4000)
        process.environment = ProcessInfo.processInfo.environment
            .merging(folder.environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = messages
        // A shell that runs the tests in the background switches it off, and that would be inherited.
        Foundation.signal(SIGINT, SIG_DFL)
        try process.run()
        let number = process.processIdentifier
        let watchdog = DispatchWorkItem { kill(number, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + 60, execute: watchdog)
        // Far more is printed than a pipe holds, so the command cannot have ended by itself.
        let first = output.fileHandleForReading.availableData
        #expect(!first.isEmpty)
        kill(number, signal)
        process.waitUntilExit()
        watchdog.cancel()
        #expect(process.terminationReason == .exit)
        #expect(Int(process.terminationStatus) == status)
        let text = messages.fileHandleForReading.readDataToEndOfFile()
        #expect(String(decoding: text, as: UTF8.self) == message)
    }
}
