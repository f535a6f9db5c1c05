/// Milliseconds a call of `body`, called for about `seconds`.
package func timed(_ seconds: Double, _ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    var count = 0, block = 1
    var spent = 0.0
    while count == 0 || spent < seconds {
        for _ in 0..<block { try body() }
        count += block
        spent = (ContinuousClock.now - start) / .seconds(1)
        // About ten looks at the clock for the whole turn.
        block = max(1, min(Int(Double(count) / max(spent, 1e-9) * seconds / 10), 10000))
    }
    return spent / Double(count) * 1000
}
