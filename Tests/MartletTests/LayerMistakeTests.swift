import Martlet
import Testing

@Suite struct LayerMistakeTests {
    /// Pictures of 32×32 for a network whose first dense layer is stated to take 320 numbers.
    @Test func picturesOfAnotherSizeAreAnsweredBeforeTraining() throws {
        let net = TutorialNet()
        let step = try TrainStep(
            net, optimizer: SGD(learningRate: 0.01), engine: Engines.make(.reference)
        ) { negativeLogLikelihood($0($1), $2) }
        let labels = TensorType(.int64, [100])
        var error = try #require(
            #expect(throws: ModelError.self) {
                try step.prepare(x: TensorType(.float32, [100, 1, 32, 32]), y: labels)
            })
        #expect(error.file == "SummaryNets.swift" || error.file.isEmpty)
        (error.file, error.line) = ("", 0)
        #expect(
            error.description == """
                dense at fc1 cannot take these operands
                  operation  dense(f32[100,500], weight [50, 320])
                  expected   320 on the last axis, as inputUnits says
                  received   500
                  fix        give pictures of 1×28×28 instead of 1×32×32, or leave inputUnits out, \
                or build the model with the new size
                """)
        #expect(net.parameterValues.isEmpty)
        try step.prepare(x: TensorType(.float32, [100, 1, 28, 28]), y: labels)
    }

    @Test func fittingPicturesAreFoundForPredictionToo() throws {
        let predict = try EvaluationStep(TutorialNet(), engine: Engines.make(.reference)) {
            $0($1)
        }
        let error = #expect(throws: ModelError.self) {
            try predict.outputTypes(for: [TensorType(.float32, [1, 1, 20, 20])])
        }
        #expect(error?.fix.hasPrefix("give pictures of 1×28×28 instead of 1×20×20") == true)
        let colour = Sequential { Conv2D(4, kernelSize: 3, inputChannels: 1) }
        let channels = #expect(throws: ModelError.self) {
            try colour.summary(inputShape: [3, 9, 9])
        }
        #expect(channels?.fix.hasPrefix("give pictures of 1×") == true)
    }

    @Test func explicitSizesAreChecked() {
        let batch = BatchNorm(inputChannels: 3)(.zeros([2, 4])).error
        #expect(batch?.expected == "3 on axis 1 (channels), as inputChannels says")
        let depthwise = DepthwiseConv2D(kernelSize: 3, inputChannels: 3)(.zeros([2, 4, 5, 5])).error
        #expect(depthwise?.received == "4")
        let embedding = Embedding(4, 2)(.zeros([2, 4])).error
        #expect(embedding?.fix == "convert them first: x.cast(to: .int32)")
    }

    @Test func pathsOfAResidualMustAgree() {
        let block = Residual { Conv2D(8, kernelSize: 3, stride: 2, padding: 1) }
        let error = block(.zeros([2, 4, 9, 9])).error
        #expect(error?.received == "[2, 8, 5, 5] and [2, 4, 9, 9]")
        #expect(error?.fix == "give a shortcut: Conv2D(8, kernelSize: 1, stride: 2)")
    }

    @Test func trainingOnOneValuePerChannelIsRefused() throws {
        let net = BatchNorm()
        let error = #expect(throws: ModelError.self) {
            try valueAndGradient(of: net, engine: Engines.make(.reference)) {
                $0(.ones([1, 3])).sum()
            }
        }
        #expect(error?.fix == "train on larger batches")
    }
}
