import MartletGraph

extension GradientRule {
    /// Adds each row's gradient to the row it was read from.
    func gather(_ axis: Int, in g: inout GraphBuilder) -> Value {
        let size = g.type(x).shape[axis]
        return g.emit(.scatterAdd(axis: axis, size: size), dy, second)
    }

    /// Adds each element's gradient to the element it was read from.
    func gatherAlong(_ axis: Int, in g: inout GraphBuilder) -> Value {
        let size = g.type(x).shape[axis]
        return g.emit(.scatterAddAlong(axis: axis, size: size), dy, second)
    }
}
