import Martlet
import Testing

/// The kinds of layers in order.
private func kinds(_ model: Sequential) -> [String] {
    model.layers.map { String(describing: type(of: $0)) }
}

@Suite struct SequentialTests {
    @Test func plainBlocks() {
        #expect(kinds(Sequential {}) == [])
        #expect(kinds(Sequential { Dense(1) }) == ["Dense"])
        let model = Sequential {
            Conv2D(32, kernelSize: 3, activation: .relu)
            MaxPool2D(2)
            Flatten()
            Dropout(0.5)
            Dense(10)
        }
        #expect(kinds(model) == ["Conv2D", "MaxPool2D", "Flatten", "Dropout", "Dense"])
        #expect(kinds(Sequential([Dense(1), Flatten()])) == ["Dense", "Flatten"])
    }

    @Test func functionsAndActivations() {
        let model = Sequential {
            Dense(4)
            relu
            Activation.tanh
            ActivationLayer(.softmax)
        }
        #expect(kinds(model) == ["Dense", "FunctionLayer", "ActivationLayer", "ActivationLayer"])
    }

    @Test(arguments: [true, false])
    func conditions(_ isDeep: Bool) {
        let model = Sequential {
            Flatten()
            if isDeep { Dense(8) }
            if isDeep {
                Dense(4)
            } else {
                Dropout(0.1)
            }
        }
        #expect(kinds(model) == (isDeep ? ["Flatten", "Dense", "Dense"] : ["Flatten", "Dropout"]))
    }

    @Test(arguments: 0..<3)
    func switches(_ kind: Int) {
        let model = Sequential {
            switch kind {
            case 0: Dense(1)
            case 1: Flatten()
            default:
                Dropout(0)
                Flatten()
            }
        }
        #expect(kinds(model) == [["Dense"], ["Flatten"], ["Dropout", "Flatten"]][kind])
    }

    @Test func loopsListsAndOptionals() {
        let rest: [any Layer] = [Flatten(), Dense(2)]
        let none: Dense? = nil
        let model = Sequential {
            for units in [3, 2, 1] {
                Dense(units)
                relu
            }
            rest
            none
            if #available(macOS 15, *) { Flatten() }
        }
        #expect(
            kinds(model)
                == [String](repeating: "", count: 0)
                + ["Dense", "FunctionLayer", "Dense", "FunctionLayer", "Dense", "FunctionLayer"]
                + ["Flatten", "Dense", "Flatten"])
        #expect(model.parameters.map(\.path).first == "layers.0.weight")
    }

    @Test func runsOutsideTraces() throws {
        let model = Sequential {
            Flatten()
            Dense(3, activation: .relu)
            Dense(2)
        }
        let y = try model(.ones([4, 1, 2, 2])).host()
        #expect(y.type == TensorType(.float32, [4, 2]))
        #expect(try model(.ones([4, 1, 2, 2])).host() == y)
    }
}
