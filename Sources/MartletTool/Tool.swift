import MartletCommands

/// The entry point of the command `martlet`.
@main struct Tool {
    static func main() { Entry.main() }
}
