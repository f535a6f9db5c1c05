import Martlet
import MartletTestSupport

extension OpsTable {
    static var reductions: [String: OpsExpression] {
        [
            "sum": { try $0.x.sum(axes: $0.axes, keepingAxes: $0.keeps) },
            "mean": { try $0.x.mean(axes: $0.axes, keepingAxes: $0.keeps) },
            "max": { try $0.x.max(axes: $0.axes, keepingAxes: $0.keeps) },
            "min": { try $0.x.min(axes: $0.axes, keepingAxes: $0.keeps) },
            "prod": { try $0.x.product(axes: $0.axes, keepingAxes: $0.keeps) },
            "logSumExp": { try $0.x.logSumExp(axes: $0.axes, keepingAxes: $0.keeps) },
            "norm2": { try $0.x.norm(axes: $0.axes, keepingAxes: $0.keeps) },
            "var": { try $0.x.variance(axes: $0.axes, keepingAxes: $0.keeps) },
            "varBiased": {
                try $0.x.variance(axes: $0.axes, unbiased: false, keepingAxes: $0.keeps)
            },
            "std": { try $0.x.standardDeviation(axes: $0.axes, keepingAxes: $0.keeps) },
            "maxIndexed": { args in
                let axis = try args.oneAxis
                let largest = try args.x.maxWithIndices(axis: axis).values
                return args.keeps ? largest.expandingShape(at: axis) : largest
            },
            "argmax": { args in
                try args.indexed { $0.argMax(axis: $1) }
            },
            "argmin": { args in
                try args.indexed { $0.argMin(axis: $1) }
            },
            "cumsum": { try $0.x.cumulativeSum(axis: $0.integer("axis")) },
        ]
    }
}

extension OpsArguments {
    /// The axes of a reduction; `nil` stands for all of them.
    fileprivate var axes: [Int]? {
        get throws { attributes["axes"] == nil ? nil : try integers("axes") }
    }

    /// Whether the axes stay with size 1.
    fileprivate var keeps: Bool { flag("keepDims") }

    /// The axis of a reduction over a single one.
    fileprivate var oneAxis: Int {
        get throws {
            guard let axes = try axes, axes.count == 1 else {
                throw FixtureError("case", "needs one axis", found: "\(attributes)")
            }
            return axes[0]
        }
    }

    /// An index reduction along one axis, or over all elements in row-major order.
    fileprivate func indexed(_ reduce: (Tensor, Int?) -> Tensor) throws -> Tensor {
        guard try axes != nil else { return reduce(try x, nil) }
        let axis = try oneAxis
        let index = reduce(try x, axis)
        return keeps ? index.expandingShape(at: axis) : index
    }
}
