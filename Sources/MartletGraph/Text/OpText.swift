extension Op {
    /// Reads what `attributeText` prints for the operation called `name`, or gives `nil` when
    /// there is no such operation; `type` is the type that the node declares.
    ///
    /// The names whose parentheses hold no operands (`input`, `variable`, `constant`) are read by
    /// the node's parser.
    static func parse(
        _ name: String, _ type: TensorType, _ r: inout LineReader
    ) throws(GraphTextError) -> Op? {
        if let op = UnaryOp(rawValue: name) { return .unary(op) }
        if let op = BinaryOp(rawValue: name) { return .binary(op) }
        if let op = Comparison(rawValue: name) { return .compare(op) }
        return switch name {
        case "iota": .iota(type, axis: try r.integer("axis"))
        case "randomUniform": .random(.uniform, type, stream: try r.integer("stream"))
        case "randomNormal": .random(.normal, type, stream: try r.integer("stream"))
        case "select": .select
        case "cast": .cast(try r.dataType("to"))
        case "broadcast": .broadcast(try r.integers("to"))
        case "reshape": .reshape(try r.integers("to"))
        case "transpose": .transpose(try r.integers("permutation"))
        case "slice":
            .slice(
                SliceAttributes(
                    starts: try r.integers("starts"), limits: try r.integers("limits"),
                    strides: try r.integers("strides")))
        case "pad":
            .pad(
                PadAttributes(
                    low: try r.integers("low"), high: try r.integers("high"),
                    interior: try r.integers("interior"), value: try r.double("value")))
        case "concatenate": .concatenate(axis: try r.integer("axis"))
        case "reverse": .reverse(try r.integers("axes"))
        case "reduceSum": .reduce(.sum, axes: try r.integers("axes"))
        case "reduceProduct": .reduce(.product, axes: try r.integers("axes"))
        case "reduceMax": .reduce(.max, axes: try r.integers("axes"))
        case "reduceMin": .reduce(.min, axes: try r.integers("axes"))
        case "argMax": .argReduce(.max, axis: try r.integer("axis"))
        case "argMin": .argReduce(.min, axis: try r.integer("axis"))
        case "cumulativeSum":
            .cumulativeSum(axis: try r.integer("axis"), reverse: try r.boolean("reverse"))
        default: try parseWindow(name, &r)
        }
    }

    private static func parseWindow(
        _ name: String, _ r: inout LineReader
    ) throws(GraphTextError) -> Op? {
        switch name {
        case "matmul":
            .matmul(
                MatmulAttributes(
                    transposeA: try r.boolean("transposeA"),
                    transposeB: try r.boolean("transposeB")))
        case "conv2D": .conv2D(try r.convolution())
        case "conv2DInputGradient":
            .conv2DInputGradient(try r.convolution(), size: try r.pair("size"))
        case "conv2DWeightGradient":
            .conv2DWeightGradient(try r.convolution(), kernel: try r.pair("kernel"))
        case "maxPool2D": .maxPool2D(try r.pool())
        case "maxPool2DGradient": .maxPool2DGradient(try r.pool())
        case "maxPool2DTangent": .maxPool2DTangent(try r.pool())
        case "averagePool2D": .averagePool2D(try r.pool())
        case "averagePool2DGradient":
            .averagePool2DGradient(try r.pool(), size: try r.pair("size"))
        default: try parseIndexing(name, &r)
        }
    }

    private static func parseIndexing(
        _ name: String, _ r: inout LineReader
    ) throws(GraphTextError) -> Op? {
        switch name {
        case "softmax": .softmax(axis: try r.integer("axis"))
        case "logSoftmax": .logSoftmax(axis: try r.integer("axis"))
        case "standardize":
            .standardize(axes: try r.integers("axes"), epsilon: try r.double("epsilon"))
        case "standardizeGradient":
            .standardizeGradient(axes: try r.integers("axes"), epsilon: try r.double("epsilon"))
        case "gather": .gather(axis: try r.integer("axis"))
        case "scatterAdd": .scatterAdd(axis: try r.integer("axis"), size: try r.integer("size"))
        case "gatherAlong": .gatherAlong(axis: try r.integer("axis"))
        case "scatterAddAlong":
            .scatterAddAlong(axis: try r.integer("axis"), size: try r.integer("size"))
        case "oneHot": .oneHot(classes: try r.integer("classes"), try r.dataType("type"))
        default: nil
        }
    }
}

/// Settings with their keyword in front.
extension LineReader {
    fileprivate mutating func integer(_ key: StaticString) throws(GraphTextError) -> Int {
        try expect(word: key)
        return try integer()
    }

    fileprivate mutating func integers(_ key: StaticString) throws(GraphTextError) -> [Int] {
        try expect(word: key)
        return try integers()
    }

    /// Height and width.
    fileprivate mutating func pair(_ key: StaticString) throws(GraphTextError) -> [Int] {
        try expect(word: key)
        let before = self
        let pair = try integers()
        guard pair.count == 2 else { throw before.error(expected: "two numbers for '\(key)'") }
        return pair
    }

    fileprivate mutating func boolean(_ key: StaticString) throws(GraphTextError) -> Bool {
        try expect(word: key)
        return try boolean()
    }

    fileprivate mutating func double(_ key: StaticString) throws(GraphTextError) -> Double {
        try expect(word: key)
        return try double()
    }

    fileprivate mutating func dataType(_ key: StaticString) throws(GraphTextError) -> DataType {
        try expect(word: key)
        return try dataType(expected: "an element type: \(DataType.names)")
    }

    fileprivate mutating func convolution() throws(GraphTextError) -> Conv2DAttributes {
        Conv2DAttributes(
            stride: try pair("stride"), paddingLow: try pair("low"),
            paddingHigh: try pair("high"), dilation: try pair("dilation"),
            groups: try integer("groups"))
    }

    fileprivate mutating func pool() throws(GraphTextError) -> PoolAttributes {
        PoolAttributes(
            kernel: try pair("kernel"), stride: try pair("stride"), paddingLow: try pair("low"),
            paddingHigh: try pair("high"), dilation: try pair("dilation"),
            countsPadding: try boolean("countsPadding"), ceilExtra: try pair("ceilExtra"))
    }
}
