import Martlet
import Testing

@Suite struct TensorPrintingTests {
    @Test func scalarsAndRows() {
        #expect(Tensor(2.5).description == "2.5")
        #expect(Tensor([1, 2, 3]).description == "[1. 2. 3.]")
        #expect(Tensor([1, -2.5, 0.125]).description == "[ 1.    -2.5    0.125]")
    }

    @Test func matricesAndStacks() {
        let x = Tensor([1, 2, 3, 4], shape: [2, 2])
        #expect(x.description == "[[1. 2.]\n [3. 4.]]")
        #expect(x.debugDescription == "f32[2,2] [[1. 2.]\n [3. 4.]]")
        let stack = Tensor(HostTensor([Int32](0..<8), shape: [2, 2, 2]))
        #expect(stack.description == "[[[0 1]\n  [2 3]]\n\n [[4 5]\n  [6 7]]]")
    }

    @Test func otherNumbers() {
        #expect((Tensor([1, -1]) .> 0).description == "[ true false]")
        #expect(Tensor([.infinity, .nan, 1]).description == "[inf nan  1.]")
        #expect(Tensor([1e10, 1]).description == "[1e+10 1e+00]")
        #expect(Tensor([Float]()).description == "[]")
    }

    @Test func longAxesAreShortened() {
        let x = Tensor(HostTensor([Int32](0..<2000), shape: [2000]))
        #expect(x.description == "[   0    1    2 ... 1997 1998 1999]")
    }

    @Test func stagedTensorsShowTypeAndNode() throws {
        var text = ""
        _ = try compile(inputs: [TensorType(.float32, [2, 3])], engine: Engines.make(.reference)) {
            let y = relu($0[0])
            text = y.description
            return [y]
        }
        #expect(text == "Tensor(%1 relu f32[2,3])")
    }

    @Test func readingAStagedTensorThrows() throws {
        let error = #expect(throws: ModelError.self) {
            _ = try compile(
                inputs: [TensorType(.float32, [2])], engine: Engines.make(.reference)
            ) { [try Tensor(relu($0[0]).item())] }
        }
        #expect(
            error?.description.hasPrefix("host() cannot take these operands") == true,
            "\(String(describing: error))")
    }
}
