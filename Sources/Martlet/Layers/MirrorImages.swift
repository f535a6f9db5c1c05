/// In training what `body` gives for pictures; in use the mean of that and what it gives for their mirror
/// images.
///
///     func callAsFunction(_ x: Tensor) -> Tensor { averagedOverMirrorImages(x) { fc(features($0)) } }
///
/// Where a mirror image means the same, as with most photographs, the mean of two logits is right more
/// often than one; it takes twice the time. Saved and exported models do the same.
///
/// - Parameters:
///   - x: Pictures, `[N, C, H, W]`.
///   - body: Is called once in training traces, twice elsewhere; its results have one shape.
/// - Source: Krizhevsky et al., NIPS 2012, section 4.1: predictions averaged over crops and reflections.
public func averagedOverMirrorImages(
    _ x: Tensor, _ body: (_ pictures: Tensor) -> Tensor
) -> Tensor {
    if TraceContext.current.trace?.mode == .training { return body(x) }
    return (body(x) + body(x.reversed(axes: [-1]))) * 0.5
}
