import MartletData
import MartletGraph

extension ModelFile {
    /// The most pixels of a picture, in one channel.
    static let largestArea = 4096 * 4096
    /// The most bytes of one value in the graph for one picture.
    static let largestValue = 1 << 31

    /// What is wrong with the input of a graph for one picture, or with its sizes.
    static func problem(
        of graph: Graph, _ preparation: PicturePreparation
    ) -> (expected: String, found: String)? {
        let type = TensorType(.uint8, [1] + preparation.imageShape)
        let inputs = graph.inputs.map(\.type)
        guard inputs == [type] else {
            let found = inputs.map(\.description).joined(separator: ", ")
            return ("one input, the bytes of a picture \(type)", "inputs \(found)")
        }
        guard preparation.width * preparation.height <= largestArea else {
            return (
                "a picture of at most \(largestArea) pixels",
                "one of \(preparation.width) x \(preparation.height)"
            )
        }
        if let large = graph.nodes.first(where: { $0.type.byteCount > largestValue }) {
            return (
                "values of at most \(largestValue) bytes for a picture",
                "\(large.type) at \(large.origin.path)"
            )
        }
        return nil
    }

    /// Whether the first result of a graph has a row for each example.
    static func hasResults(_ graph: Graph, for examples: Int) -> Bool {
        guard let output = graph.outputs.first else { return false }
        return graph[output.value].type.shape.first == examples
    }
}
