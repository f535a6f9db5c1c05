import Foundation
import MartletGraph
import Synchronization

/// Files for developers in the folder that `MARTLET_DUMP` names, numbered in the order of writing.
public enum Dump {
    private static let count = Mutex(0)

    /// Writes a graph as text and as a drawing: `0007-train-simplify.txt` and `.dot`.
    public static func write(_ graph: Graph, stage: String, settings: Settings = .current) {
        guard settings.dumpDirectory != nil else { return }
        let name = numbered("\(graph.name)-\(stage)")
        write(graph.text, file: name + ".txt", settings)
        write(graph.dot, file: name + ".dot", settings)
    }

    /// Writes a text, such as a plan with its memory: `0009-train-plan.txt`.
    public static func write(
        _ text: @autoclosure () -> String, name: String, settings: Settings = .current
    ) {
        guard settings.dumpDirectory != nil else { return }
        write(text(), file: numbered(name) + ".txt", settings)
    }

    private static func numbered(_ name: String) -> String {
        let number = count.withLock { count in
            count += 1
            return String(count)
        }
        let safe = name.unicodeScalars.map { scalar -> Character in
            let isSafe = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9") ~= scalar)
            return isSafe || scalar == "-" || scalar == "." ? Character(scalar) : "_"
        }
        return String(repeating: "0", count: max(0, 4 - number.count)) + number + "-" + safe
    }

    private static func write(_ text: String, file: String, _ settings: Settings) {
        guard let folder = settings.dumpDirectory else { return }
        let path = folder + "/" + file
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            try text.write(toFile: path, atomically: false, encoding: .utf8)
        } catch {
            Log.write("warning: cannot write \(path): \(error.localizedDescription)")
        }
    }
}
