import MartletCompiler
import MartletGraph
import Testing

@Suite struct PassShapeTests {
    @Test func operationsThatDoNothingGo() throws {
        let nothing: [Op] = [
            .reshape([2, 6]), .transpose([0, 1]), .broadcast([2, 6]), .cast(.float32),
            .slice(SliceAttributes(starts: [0, 0], limits: [2, 6], strides: [1, 1])),
            .pad(PadAttributes(low: [0, 0], high: [0, 0], interior: [0, 0])),
            .concatenate(axis: 1), .reverse([]), .reduce(.sum, axes: []),
        ]
        for op in nothing {
            // A sum of one −0 may be +0.
            let text = try simplifiedExpression(zeroSign: false) { g in g.emit(op, g.x()) }
            #expect(text == "x", "\(op.name)")
        }
        #expect(try simplifiedExpression { g in g.emit(.reverse([1]), g.x("x", [3, 1])) } == "x")
    }

    @Test func pairsBecomeOne() throws {
        #expect(
            try simplifiedExpression { g in
                g.reshape(g.reshape(g.x(), to: [12]), to: [3, 4])
            } == "reshape(x) to [3,4]")
        #expect(
            try simplifiedExpression { g in
                g.transpose(g.transpose(g.x("x", [2, 3, 4]), [2, 0, 1]), [1, 2, 0])
            } == "x")
        #expect(
            try simplifiedExpression { g in
                g.transpose(g.transpose(g.x("x", [2, 3, 4]), [2, 0, 1]), [0, 2, 1])
            } == "transpose(x) permutation [2,1,0]")
        #expect(
            try simplifiedExpression { g in
                g.broadcast(g.broadcast(g.x("x", [6]), to: [2, 6]), to: [3, 2, 6])
            } == "broadcast(x) to [3,2,6]")
        #expect(
            try simplifiedExpression { g in
                g.emit(.reverse([0]), g.emit(.reverse([0, 1]), g.x()))
            } == "reverse(x) axes [1]")
    }

    @Test func slicesOfSlices() throws {
        let text = try simplifiedExpression { g in
            let first = SliceAttributes(starts: [1, 2], limits: [6, 12], strides: [2, 3])
            let second = SliceAttributes(starts: [1, 1], limits: [3, 4], strides: [1, 2])
            return g.emit(.slice(second), g.emit(.slice(first), g.x("x", [6, 12])))
        }
        #expect(text == "slice(x) starts [3,5] limits [6,12] strides [2,6]")
        // An empty range at the end of the first box.
        _ = try simplifiedExpression { g in
            let first = SliceAttributes(starts: [0], limits: [5], strides: [4])
            let second = SliceAttributes(starts: [2], limits: [2], strides: [1])
            return g.emit(.slice(second), g.emit(.slice(first), g.x("x", [5])))
        }
    }

    @Test func padsOfPads() throws {
        func text(_ value: Double) throws -> String {
            try simplifiedExpression { g in
                let first = PadAttributes(low: [1], high: [0], interior: [1], value: 0)
                let second = PadAttributes(low: [2], high: [3], interior: [0], value: value)
                return g.emit(.pad(second), g.emit(.pad(first), g.x("x", [3])))
            }
        }
        #expect(try text(0) == "pad(x) low [3] high [3] interior [1] value 0.0")
        #expect(try text(1).hasPrefix("pad(pad(x)"))
        #expect(try text(-0.0).hasPrefix("pad(pad(x)"))
    }

    @Test func repeatedNumbersStayRepeatedNumbers() throws {
        let ops: [Op] = [
            .reshape([12]), .transpose([1, 0]), .reverse([0]),
            .slice(SliceAttributes(starts: [0, 1], limits: [2, 4], strides: [1, 1])),
            .broadcast([3, 2, 6]),
            .pad(PadAttributes(low: [1, 0], high: [0, 2], interior: [0, 0], value: 7)),
        ]
        for op in ops {
            let text = try simplifiedExpression { g in
                g.emit(op, g.constant(HostTensor([Float](repeating: 7, count: 12), shape: [2, 6])))
            }
            #expect(text.hasPrefix("broadcast(7.0) to"), "\(op.name): \(text)")
        }
    }

    @Test func leadingAxesOfSizeOneVanishBeforeBroadcasts() throws {
        #expect(
            try simplifiedExpression { g in
                g.broadcast(g.reshape(g.x("x", [6]), to: [1, 6]), to: [2, 6])
            } == "broadcast(x) to [2,6]")
        #expect(
            try simplifiedExpression { g in g.broadcast(g.x("x", [6]), to: [1, 1, 6]) }
                == "reshape(x) to [1,1,6]")
        #expect(
            try simplifiedExpression { g in
                g.broadcast(g.reshape(g.x("x", [6]), to: [6, 1]), to: [6, 2])
            } == "broadcast(reshape(x) to [6,1]) to [6,2]")
    }

    @Test func movingAxesOfSizeOneIsAReshape() throws {
        #expect(
            try simplifiedExpression { g in g.transpose(g.x("x", [1, 3, 1, 4]), [1, 0, 3, 2]) }
                == "reshape(x) to [3,1,4,1]")
    }

    @Test func concatenationsLoseEmptyParts() throws {
        let text = try simplifiedExpression { g in
            let (a, empty) = (g.x("a"), g.x("b", [0, 6]))
            return g.emit(.concatenate(axis: 0), empty, a, empty)
        }
        #expect(text == "a")
        _ = try simplifiedExpression { g in
            g.emit(.concatenate(axis: 0), g.x("a", [0, 6]), g.x("b", [0, 6]))
        }
    }

    @Test func selections() throws {
        func text(_ truth: Double) throws -> String {
            try simplifiedExpression { g in
                let (a, b) = (g.x("a"), g.x("b"))
                let c = g.emit(.cast(.bool), g.constant(truth, like: a))
                return g.select(g.emit(.cast(.bool), c), a, b)
            }
        }
        // The condition is known only after folding.
        let known = try ["a", "b"].map { name in
            try simplifiedExpression { g in
                let (a, b) = (g.x("a"), g.x("b"))
                let truth = HostTensor([Bool](repeating: name == "a", count: 12), shape: [2, 6])
                return g.select(g.constant(truth), a, b)
            }
        }
        #expect(known == ["a", "b"])
        #expect(try text(1).hasPrefix("select("))
        #expect(
            try simplifiedExpression { g in
                let (a, c) = (g.x("a"), g.input("c", TensorType(.bool, [2, 6])))
                return g.select(c, a, a)
            } == "a")
        #expect(
            try simplifiedExpression { g in
                let (a, b) = (g.x("a"), g.x("b"))
                let c = g.input("c", TensorType(.bool, [2, 6]))
                return g.select(g.unary(.logicalNot, c), a, b)
            } == "select(c, b, a)")
    }

    @Test func castsJoinWhereNothingIsLost() throws {
        var joined = 0
        for start in DataType.allCases {
            for middle in DataType.allCases {
                for end in DataType.allCases {
                    let text = try simplifiedExpression { g in
                        let x = g.input("x", TensorType(start, [12]))
                        return g.emit(.cast(end), g.emit(.cast(middle), x))
                    }
                    if !text.contains("cast(cast(") { joined += 1 }
                    if start == .float64, middle == .float32, end != middle {
                        #expect(text.contains("cast(cast("))
                    }
                    if start == .int64, middle == .float64, end == .int64 {
                        #expect(text.contains("cast(cast("))
                    }
                }
            }
        }
        #expect(joined > 100)
    }
}
