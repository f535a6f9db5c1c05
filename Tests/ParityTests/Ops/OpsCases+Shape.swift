import Martlet
import MartletTestSupport

extension OpsTable {
    static var shapes: [String: OpsExpression] {
        [
            "reshape": { try $0.x.reshaped($0.integers("shape")) },
            "flatten": { try $0.x.flattened(from: $0.integer("startAxis")) },
            "permute": { try $0.x.transposed($0.integers("axes")) },
            "permuteReshape": {
                try $0.x.transposed($0.integers("axes")).reshaped($0.integers("shape"))
            },
            "slice": { args in
                let ranges = try args.integerLists("ranges")
                return try args.x.sliced(
                    ranges.map { AxisRange(from: $0[0], to: $0[1], by: $0[2]) })
            },
            "select": { try $0.x.selected($0.integer("index"), axis: $0.integer("axis")) },
            "concat": { concatenated($0.list("x"), axis: try $0.integer("axis")) },
            "stack": { stacked($0.list("x"), axis: try $0.integer("axis")) },
            "pad": pad,
            "squeeze": { try $0.x.squeezed(axis: $0.integer("axis")) },
            "unsqueeze": { try $0.x.expandingShape(at: $0.integer("axis")) },
            "expand": { try $0.x.broadcast(to: $0.integers("shape")) },
            "tile": { try $0.x.tiled($0.integers("repeats")) },
            "flip": { try $0.x.reversed(axes: $0.integers("axes")) },
            "splitTake": { args in
                let parts = try args.x.split(
                    sizes: args.integers("sizes"), axis: args.integer("axis"))
                return parts[try args.integer("take")]
            },
        ]
    }

    static var indexing: [String: OpsExpression] {
        [
            "gather": { try $0.x.gatheredAlong($0["index"], axis: $0.integer("axis")) },
            "indexSelect": { try $0.x.gathered($0["index"], axis: $0.integer("axis")) },
            "oneHot": { oneHot(try $0["index"], classes: try $0.integer("classes")) },
        ]
    }

    private static func pad(_ args: OpsArguments) throws -> Tensor {
        let widths = try args.integerLists("widths").map { (before: $0[0], after: $0[1]) }
        let mode: PaddingMode =
            switch try args.text("mode", "constant") {
            case "constant": .constant(try args.number("value", 0))
            case "reflect": .reflect
            case "replicate": .replicate
            case let other: throw FixtureError("pad", "has an unknown mode", found: other)
            }
        return try args.x.padded(widths, mode: mode)
    }
}
