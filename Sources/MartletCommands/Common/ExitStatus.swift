/// How the command ends; the numbers are those of `sysexits.h` where it has one.
enum ExitStatus: Int32, CaseIterable {
    case done = 0
    case failure = 1
    case notANumber = 2
    case usage = 64
    case badData = 65
    case noInput = 66
    case unavailable = 69
    case cannotCreate = 73
    case inputOutput = 74
    case interrupted = 130
    case terminated = 143

    /// The meaning in a few words.
    var meaning: String {
        switch self {
        case .done: "done"
        case .failure: "failure of another kind"
        case .notANumber: "training stopped, the loss is not a number any more"
        case .usage: "bad usage"
        case .badData: "bad data: damaged, or unfit for the model"
        case .noInput: "input that is not there"
        case .unavailable: "no such device, engine or server"
        case .cannotCreate: "output that cannot be created"
        case .inputOutput: "reading or writing failed midway"
        case .interrupted: "interrupted (Control-C)"
        case .terminated: "terminated"
        }
    }

    /// All codes with their meanings, one a line.
    static var table: String {
        allCases.map { status in
            let code = String(status.rawValue)
            return "  " + code + String(repeating: " ", count: 5 - code.count) + status.meaning
        }.joined(separator: "\n")
    }
}

/// An end of the command that is no error of a library: a code and what to say.
struct CommandFailure: Error, CustomStringConvertible {
    var status: ExitStatus
    /// What is printed after `error: `; nothing when it has been said already.
    var description: String

    init(_ status: ExitStatus, _ description: String = "") {
        (self.status, self.description) = (status, description)
    }
}
