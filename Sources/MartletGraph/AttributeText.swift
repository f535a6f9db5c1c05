extension Op {
    /// The settings of the operation in the form that graph text prints and parses.
    public var attributeText: String {
        switch self {
        case .input, .variable, .constant, .unary, .binary, .compare, .select: ""
        case .iota(_, let axis), .argReduce(_, let axis), .softmax(let axis),
            .logSoftmax(let axis), .gather(let axis), .gatherAlong(let axis),
            .concatenate(let axis):
            "axis \(axis)"
        case .random(_, _, let stream): "stream \(stream)"
        case .cast(let dtype): "to \(dtype.rawValue)"
        case .broadcast(let shape), .reshape(let shape): "to \(list(shape))"
        case .transpose(let permutation): "permutation \(list(permutation))"
        case .slice(let box):
            "starts \(list(box.starts)) limits \(list(box.limits)) strides \(list(box.strides))"
        case .pad(let pad):
            "low \(list(pad.low)) high \(list(pad.high)) interior \(list(pad.interior))"
                + " value \(pad.value)"
        case .reverse(let axes), .reduce(_, let axes): "axes \(list(axes))"
        case .cumulativeSum(let axis, let reverse): "axis \(axis) reverse \(reverse)"
        case .matmul(let a): "transposeA \(a.transposeA) transposeB \(a.transposeB)"
        case .conv2D(let a): text(a)
        case .conv2DInputGradient(let a, let size): text(a) + " size \(list(size))"
        case .conv2DWeightGradient(let a, let kernel): text(a) + " kernel \(list(kernel))"
        case .maxPool2D(let a), .maxPool2DGradient(let a), .maxPool2DTangent(let a),
            .averagePool2D(let a):
            text(a)
        case .averagePool2DGradient(let a, let size): text(a) + " size \(list(size))"
        case .standardize(let axes, let epsilon), .standardizeGradient(let axes, let epsilon):
            "axes \(list(axes)) epsilon \(epsilon)"
        case .scatterAdd(let axis, let size), .scatterAddAlong(let axis, let size):
            "axis \(axis) size \(size)"
        case .oneHot(let classes, let dtype): "classes \(classes) type \(dtype.rawValue)"
        }
    }

    private func list(_ numbers: [Int]) -> String {
        "[" + numbers.map(String.init).joined(separator: ",") + "]"
    }

    private func text(_ a: Conv2DAttributes) -> String {
        "stride \(list(a.stride)) low \(list(a.paddingLow)) high \(list(a.paddingHigh))"
            + " dilation \(list(a.dilation)) groups \(a.groups)"
    }

    private func text(_ a: PoolAttributes) -> String {
        "kernel \(list(a.kernel)) stride \(list(a.stride)) low \(list(a.paddingLow))"
            + " high \(list(a.paddingHigh)) dilation \(list(a.dilation))"
            + " countsPadding \(a.countsPadding) ceilExtra \(list(a.ceilExtra))"
    }
}
