import Martlet
import Testing

private final class Small: Layer {
    let stem = Sequential {
        Conv2D(4, kernelSize: 3, padding: 1)
        BatchNorm()
        relu
    }
    let block = Residual(activation: .relu) {
        Conv2D(8, kernelSize: 3, stride: 2, padding: .same, usesBias: false)
    } shortcut: {
        Conv2D(8, kernelSize: 1, stride: 2)
    }
    let scale = Parameter()
    let head = Dense(3)

    func callAsFunction(_ x: Tensor) -> Tensor {
        head(globalAveragePool2D(block(stem(x))) * scale([8], .ones))
    }
}

@Suite struct SummaryTests {
    @Test func theKerasNetHasTheKnownTable() throws {
        let model = kerasNet()
        let summary = try model.summary(inputShape: [1, 28, 28])
        #expect(summary.rows.map(\.parameterCount) == [320, 0, 18496, 0, 0, 102_464, 650])
        #expect(
            summary.description == """
                Model: Sequential
                ----------------------------------------------------
                Layer (type)          Output shape        Parameters
                ====================================================
                layers.0 (Conv2D)     [None, 32, 26, 26]         320
                layers.1 (MaxPool2D)  [None, 32, 13, 13]           0
                layers.2 (Conv2D)     [None, 64, 11, 11]      18,496
                layers.3 (MaxPool2D)  [None, 64, 5, 5]             0
                layers.4 (Flatten)    [None, 1600]                 0
                layers.5 (Dense)      [None, 64]             102,464
                layers.6 (Dense)      [None, 10]                 650
                ====================================================
                Total parameters: 121,930 (476.29 KiB)
                Trainable parameters: 121,930
                Non-trainable parameters: 0
                """)
        #expect(model.parameterValues.isEmpty)
        #expect(model.parameter(at: "layers.0.weight")?.type == nil)
    }

    @Test func theNetsHaveTheirKnownSizes() throws {
        func count(_ model: any Layer, _ shape: [Int] = [1, 28, 28]) throws -> Int {
            try model.summary(inputShape: shape).parameterCount
        }
        #expect(try count(TutorialNet()) == 21840)
        #expect(try count(TutorialNet(wide: true)) == 155_606)
        #expect(try count(Dense(1), [784]) == 785)
        #expect(try count(kerasNet()) == 121_930)
        #expect(try count(perceptron()) == 59210)
        #expect(try count(leNet(), [3, 32, 32]) == 62006)
    }

    @Test func statisticsAndFrozenParametersAreNotTrainable() throws {
        let net = Small()
        let free = try net.summary(inputShape: [2, 6, 6])
        #expect(free.nonTrainableCount == 8 && free.trainableCount == 76 + 8 + 288 + 40 + 8 + 27)
        net.freeze { $0.hasPrefix("stem.") }
        let frozen = try net.summary(inputShape: [2, 6, 6])
        #expect(frozen.nonTrainableCount == 8 + 76 + 8)
        #expect(frozen.parameterCount == free.parameterCount)
    }

    @Test func parametersOfOnesOwnModulesHaveARow() throws {
        let rows = try Small().summary(inputShape: [2, 6, 6]).rows
        #expect(
            rows.map { "\($0.path) \($0.kind) \($0.parameterCount)" } == [
                "stem.layers.0 Conv2D 76", "stem.layers.1 BatchNorm 16",
                "stem.layers.2 FunctionLayer 0", "block.main.layers.0 Conv2D 288",
                "block.shortcut.layers.0 Conv2D 40", "block Residual 0", "head Dense 27",
                " Small 8",
            ])
        #expect(rows.last?.outputShape == [])
    }

    @Test(arguments: [60, 44, 30, 20])
    func narrowTerminalsAreHeeded(_ width: Int) throws {
        let text = try Small().summary(inputShape: [2, 6, 6]).text(width: width)
        let lines = text.split(separator: "\n").dropLast(3)
        #expect(lines.allSatisfy { $0.count <= width }, "\(text)")
        #expect(text.contains("288") && text.contains("[None, 8, 3, 3]"))
    }

    @Test func aNarrowTableTakesTwoLinesForALayer() throws {
        let summary = try Sequential { Dense(10) }.summary(inputShape: [784])
        #expect(
            summary.text(width: 30) == """
                Model: Sequential
                ------------------------------
                Layer (type)
                  Output shape      Parameters
                ==============================
                layers.0 (Dense)
                  [None, 10]             7,850
                ==============================
                Total parameters: 7,850 (30.66 KiB)
                Trainable parameters: 7,850
                Non-trainable parameters: 0
                """)
    }

    @Test func structureIsATree() throws {
        let net = Small()
        #expect(
            net.structure == """
                Small(
                  (stem): Sequential(
                    (layers.0): Conv2D(4, kernelSize: 3, padding: 1)
                    (layers.1): BatchNorm()
                    (layers.2): FunctionLayer()
                  )
                  (block): Residual(
                    activation: .relu
                    (main): Sequential(
                      (layers.0): Conv2D(8, kernelSize: 3, stride: 2, padding: .same, usesBias: false)
                    )
                    (shortcut): Sequential(
                      (layers.0): Conv2D(8, kernelSize: 1, stride: 2)
                    )
                  )
                  (head): Dense(3)
                )
                """)
        #expect(
            try TutorialNet().structure(inputShape: [1, 28, 28]) == """
                TutorialNet(
                  (conv1): Conv2D(1, 10, kernelSize: 5)  → [None, 10, 24, 24]
                  (conv2): Conv2D(10, 20, kernelSize: 5)  → [None, 20, 8, 8]
                  (drop): ChannelDropout(0.5)  → [None, 20, 8, 8]
                  (fc1): Dense(320, 50)  → [None, 50]
                  (drop2): Dropout(0.5)  → [None, 50]
                  (fc2): Dense(50, 10)  → [None, 10]
                )
                """)
    }

    @Test func layersTellTheirShapes() throws {
        let shapes = try LSTMNet().layerShapes(inputShape: [8, 8])
        #expect(shapes.map(\.path) == ["lstm", "head"])
        #expect(shapes.map(\.outputText) == ["[None, 16]", "[None, 10]"])
        #expect(shapes[0].input == [nil, 8, 8])
    }

    @Test func summariesReportMistakes() throws {
        let error = #expect(throws: ModelError.self) {
            try TutorialNet().summary(inputShape: [1, 32, 32])
        }
        #expect(error?.path == "fc1")
        #expect(error?.fix.contains("1×28×28") == true)
    }
}

private final class LSTMNet: Layer {
    let lstm = LSTM(16), head = Dense(10)
    func callAsFunction(_ x: Tensor) -> Tensor { head(lstm(x)) }
}
