import MartletGraph

/// The mean of (x − target)².
///
/// - Errors: both must have one shape. Same as: `torch.nn.functional.mse_loss`.
public func meanSquaredError(
    _ x: Tensor, _ target: Tensor, reduction: LossReduction = .mean,
    file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    named("meanSquaredError", file, line) {
        if let wrong = requireLikeTarget("meanSquaredError", x, target) { return wrong }
        return reduction(square(x - target))
    }
}

/// The mean of |x − target|; the gradient where they agree is zero.
///
/// - Errors: both must have one shape. Same as: `torch.nn.functional.l1_loss`.
public func meanAbsoluteError(
    _ x: Tensor, _ target: Tensor, reduction: LossReduction = .mean,
    file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    named("meanAbsoluteError", file, line) {
        if let wrong = requireLikeTarget("meanAbsoluteError", x, target) { return wrong }
        return reduction(abs(x - target))
    }
}

/// ½d² where |d| ≤ δ, δ(|d| − δ/2) beyond, with d = x − target.
///
/// - Errors: both must have one shape. Same as: `torch.nn.functional.huber_loss`.
public func huber(
    _ x: Tensor, _ target: Tensor, delta: Double = 1, reduction: LossReduction = .mean,
    file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    named("huber", file, line) {
        if let wrong = requireLikeTarget("huber", x, target) { return wrong }
        let distance = x - target
        let size = abs(distance)
        return reduction(
            select(
                size .<= delta, square(distance) * 0.5, (size - delta * 0.5) * delta))
    }
}

/// ½d²/β where |d| < β, |d| − β/2 beyond, with d = x − target.
///
/// - Errors: both must have one shape. Same as: `torch.nn.functional.smooth_l1_loss`.
public func smoothL1(
    _ x: Tensor, _ target: Tensor, beta: Double = 1, reduction: LossReduction = .mean,
    file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    named("smoothL1", file, line) {
        if let wrong = requireLikeTarget("smoothL1", x, target) { return wrong }
        let distance = x - target
        let size = abs(distance)
        if beta == 0 { return reduction(size) }
        return reduction(
            select(size .< beta, square(distance) * (0.5 / beta), size - beta * 0.5))
    }
}
