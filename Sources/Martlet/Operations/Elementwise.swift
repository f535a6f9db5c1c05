import MartletGraph

// Functions of one operand, element by element. They take no source location, so that they can be
// handed around as plain functions: `Sequential { Dense(8); relu }`.

/// e to the power of every element.
public func exp(_ x: Tensor) -> Tensor { apply(.unary(.exp), x) }

/// eˣ − 1, exact near zero.
public func expm1(_ x: Tensor) -> Tensor { apply(.unary(.expm1), x) }

/// The natural logarithm.
public func log(_ x: Tensor) -> Tensor { apply(.unary(.log), x) }

/// log(1 + x), exact near zero.
public func log1p(_ x: Tensor) -> Tensor { apply(.unary(.log1p), x) }

/// The square root.
public func sqrt(_ x: Tensor) -> Tensor { apply(.unary(.sqrt), x) }

/// 1 / √x.
public func rsqrt(_ x: Tensor) -> Tensor { apply(.unary(.rsqrt), x) }

/// 1 / x.
public func reciprocal(_ x: Tensor) -> Tensor { apply(.unary(.reciprocal), x) }

/// x².
public func square(_ x: Tensor) -> Tensor { x * x }

/// The sine of angles in radians.
public func sin(_ x: Tensor) -> Tensor { apply(.unary(.sin), x) }

/// The cosine of angles in radians.
public func cos(_ x: Tensor) -> Tensor { apply(.unary(.cos), x) }

/// The error function of the normal distribution.
public func erf(_ x: Tensor) -> Tensor { apply(.unary(.erf), x) }

/// The absolute value; its gradient at zero is zero.
public func abs(_ x: Tensor) -> Tensor { apply(.unary(.abs), x) }

/// −1, 0 or 1.
public func sign(_ x: Tensor) -> Tensor { apply(.unary(.sign), x) }

/// The largest whole number that is not larger.
public func floor(_ x: Tensor) -> Tensor { apply(.unary(.floor), x) }

extension Tensor {
    /// Changes the element type; floats to integers truncate and saturate, NaN becomes 0.
    public func cast(to dtype: DataType) -> Tensor {
        self.dtype == dtype ? self : apply(.cast(dtype), self)
    }
}

/// The square root whose gradient at zero is zero instead of infinite.
func squareRootFlatAtZero(_ x: Tensor) -> Tensor {
    let isZero = x .== 0
    return select(isZero, 0, sqrt(select(isZero, 1, x)))
}
