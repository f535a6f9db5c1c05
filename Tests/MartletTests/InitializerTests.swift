import Foundation
import Martlet
import Testing

private func values(
    _ initializer: Initializer, _ shape: [Int], seed: Int = 1, path: String = "weight"
) throws -> [Double] {
    try initializer.values(TensorType(.float64, shape), seed: seed, path: path).doubles
}

/// Mean and deviation.
private func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    return (mean, square.squareRoot())
}

/// Whether numbers agree to a share of the second.
private func near(_ a: Double, _ b: Double, _ share: Double = 0.02) -> Bool {
    Swift.abs(a - b) <= share * Swift.max(Swift.abs(b), 0.1)
}

@Suite struct InitializerTests {
    @Test func simpleOnes() throws {
        #expect(try values(.zeros, [3]) == [0, 0, 0])
        #expect(try values(.ones, [2]) == [1, 1])
        #expect(try values(.constant(0.25), [2]) == [0.25, 0.25])
    }

    @Test func distributionsHaveTheirMoments() throws {
        let uniform = try values(.uniform(from: -1, to: 3), [100, 200])
        #expect(uniform.allSatisfy { (-1...3).contains($0) })
        let (mean, deviation) = moments(uniform)
        #expect(near(mean, 1) && near(deviation, 4 / 12.0.squareRoot()))

        let normal = moments(try values(.normal(mean: 2, deviation: 3), [100, 200]))
        #expect(near(normal.mean, 2, 0.05) && near(normal.deviation, 3))

        let cut = try values(.truncatedNormal(mean: 1, deviation: 0.5), [100, 200])
        #expect(cut.allSatisfy { (0...2).contains($0) })
        let cutMoments = moments(cut)
        #expect(near(cutMoments.mean, 1) && near(cutMoments.deviation, 0.5 * 0.8796))
    }

    @Test(arguments: [[4, 9], [9, 4], [6, 2, 3], [5, 5]])
    func orthogonalMatricesAreOrthogonal(_ shape: [Int]) throws {
        let (rows, columns) = (shape[0], shape[1...].reduce(1, *))
        let m = try values(.orthogonal(gain: 2), shape)
        let count = min(rows, columns)
        for a in 0..<count {
            for b in 0..<count {
                let products = (0..<max(rows, columns)).map { place in
                    rows <= columns
                        ? m[a * columns + place] * m[b * columns + place]
                        : m[place * columns + a] * m[place * columns + b]
                }
                let expected = a == b ? 4.0 : 0
                #expect(Swift.abs(products.reduce(0, +) - expected) < 1e-12)
            }
        }
    }

    @Test func rulesUseTheFansOfTheLayer() {
        func made(_ rule: InitializationRule) -> Initializer {
            rule.initializer(fanIn: 6, fanOut: 24)
        }
        func bound(_ rule: InitializationRule) -> Double {
            guard case .uniform(let low, let high) = made(rule), low == -high else { return .nan }
            return high
        }
        func deviation(_ rule: InitializationRule) -> Double {
            guard case .normal(0, let deviation) = made(rule) else { return .nan }
            return deviation
        }
        #expect(near(bound(.fanInUniform), 1 / 6.0.squareRoot(), 1e-12))
        #expect(near(bound(.kaimingUniform()), 1, 1e-12))
        #expect(near(bound(.kaimingUniform(fan: .output, gain: 1)), 0.125.squareRoot(), 1e-12))
        #expect(near(bound(.xavierUniform()), 0.2.squareRoot(), 1e-12))
        #expect(near(deviation(.kaimingNormal()), (2 / 6.0).squareRoot(), 1e-12))
        #expect(near(deviation(.kaimingNormal(fan: .output)), (2 / 24.0).squareRoot(), 1e-12))
        #expect(near(deviation(.xavierNormal(gain: 3)), 3 * (2 / 30.0).squareRoot(), 1e-12))
        #expect(made(.values(.orthogonal())) == .orthogonal())
    }

    @Test func layersTakeTheirRules() throws {
        func first(_ layer: any Layer, _ x: [Int]) throws -> [String: HostTensor] {
            _ = try layer(.zeros(x)).host()
            return layer.parameterValues
        }
        let torch = try first(Conv2D(50, kernelSize: 3), [1, 4, 3, 3])
        let bound = 1 / 36.0.squareRoot()
        for name in ["weight", "bias"] {
            let numbers = try #require(torch[name]).doubles
            #expect(numbers.allSatisfy { Swift.abs($0) <= bound })
            #expect((numbers.map { Swift.abs($0) }.max() ?? 0) > 0.9 * bound)
        }
        let keras = try first(
            Conv2D(50, kernelSize: 3, initialization: .glorot), [1, 4, 3, 3])
        let largest = try #require(keras["weight"]).doubles.map { Swift.abs($0) }.max() ?? 0
        let glorot = (6 / Double(36 + 450)).squareRoot()
        #expect(largest <= glorot && largest > 0.95 * glorot)
        #expect(keras["bias"]?.doubles.allSatisfy { $0 == 0 } == true)
        let own = try first(
            Dense(
                2, initialization: .init(weight: .values(.constant(3)), bias: .values(.ones))),
            [1, 2])
        #expect(own["weight"]?.doubles == [3, 3, 3, 3] && own["bias"]?.doubles == [1, 1])
    }

    @Test func numbersDependOnSeedAndPathAlone() throws {
        for rule in [Initializer.fanInUniform(3), .truncatedNormal(deviation: 1), .orthogonal()] {
            let first = try values(rule, [3, 4], seed: 5, path: "a.weight")
            #expect(try values(rule, [3, 4], seed: 5, path: "a.weight") == first)
            #expect(try values(rule, [3, 4], seed: 6, path: "a.weight") != first)
            #expect(try values(rule, [3, 4], seed: 5, path: "b.weight") != first)
        }
        func heads(_ names: [String]) throws -> [String: HostTensor] {
            let net = Heads(names)
            _ = try valueAndGradient(of: net, seed: 4, engine: Engines.make(.reference)) {
                $0(.ones([1, 3])).sum()
            }
            return net.parameterValues
        }
        let (few, many) = (try heads(["b", "d"]), try heads(["a", "b", "c", "d"]))
        #expect(few.count == 4 && few.allSatisfy { many[$0.key] == $0.value })
    }
}

private final class Heads: Layer {
    let heads: [String: Dense]
    init(_ names: [String]) {
        heads = Dictionary(uniqueKeysWithValues: names.map { ($0, Dense(2)) })
    }
    func callAsFunction(_ x: Tensor) -> Tensor {
        heads.keys.sorted().compactMap { heads[$0]?(x) }.reduce(Tensor.zeros([1, 2]), +)
    }
}
