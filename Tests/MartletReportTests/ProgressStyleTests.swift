import Martlet
import MartletReport
import Testing

@Suite struct ProgressStyleTests {
    private let lines = ProgressSettings()
    private let live = ProgressSettings(isLive: true, columns: 200)

    @Test func kerasPrintsTheFormOfTensorFlow() {
        #expect(
            ProgressScript.keras().text(KerasProgress(settings: lines)) == [
                .line("Epoch 1/10"),
                .line(
                    "1875/1875 [==============================] - 17s 9ms/step - loss: 0.1390"
                        + " - accuracy: 0.9569 - val_loss: 0.0479 - val_accuracy: 0.9837"),
            ])
    }

    @Test func kerasShowsTheBarGrowAtMostTenTimesASecond() {
        // The second step comes 10 ms after the first and is not shown.
        #expect(
            ProgressScript.keras().text(KerasProgress(settings: live)).dropLast() == [
                .line("Epoch 1/10"),
                .live(
                    "   1/1875 [..............................] - ETA: 37s - loss: 2.3026"
                        + " - accuracy: 0.0938"),
                .live(
                    " 938/1875 [==============>...............] - ETA: 8s - loss: 0.2468"
                        + " - accuracy: 0.9250"),
            ])
    }

    @Test func kerasWritesLongAndShortTimes() {
        func last(_ seconds: Double, _ loss: Double) -> String {
            guard
                case .line(let text)? = ProgressScript.keras(epochSeconds: seconds, loss: loss)
                    .text(KerasProgress(settings: lines)).last
            else { return "" }
            return String(text.dropFirst(42))
        }
        #expect(last(400, 0.139).hasPrefix(" - 400s 213ms/step - loss: 0.1390"))
        #expect(last(4000, .nan).hasPrefix(" - 4000s 2s/step - loss: nan - accuracy"))
        #expect(last(0.5, 0.00025).hasPrefix(" - 0s 267us/step - loss: 2.5000e-04"))
    }

    @Test func kerasTellsTheTimeLeftInMinutesAndHours() {
        func middle(_ seconds: Double) -> ProgressOutput {
            ProgressScript.keras(epochSeconds: seconds).text(KerasProgress(settings: live))[2]
        }
        let bar = " 938/1875 [==============>...............] - ETA: "
        let tail = " - loss: 0.2468 - accuracy: 0.9250"
        #expect(middle(400) == .live("\(bar)3:19\(tail)"))
        #expect(middle(16_000) == .live("\(bar)2:13:11\(tail)"))
    }

    @Test func kerasTimesOnlyTheStepsAfterACheckpoint() {
        #expect(
            ProgressScript.resumed().text(KerasProgress(settings: lines)).last
                == .line(
                    "1875/1875 [==============================] - 9s 10ms/step - loss: 0.0450"
                        + " - accuracy: 0.9810"))
    }

    @Test func torchPrintsEveryTenthStepAndTheTestSet() {
        var script = ProgressScript()
        script.plan = FitPlan(
            epochs: 2, stepsPerEpoch: 600, examples: 60_000, batchSize: 100,
            validationExamples: 10_000)
        script.add(.fitStarted(script.plan), at: 0)
        for step in 1...21 { script.step(step, epoch: 2, loss: 1 / Double(step), at: 0) }
        let epoch = History.Epoch(
            number: 2, loss: 0.5, validationLoss: 0.3419, validationMetrics: ["accuracy": 0.914],
            learningRate: 0.01, seconds: 9)
        script.add(.epochEnded(epoch), at: 9)
        #expect(
            script.text(TorchProgress(settings: lines)) == [
                .line("Train Epoch: 2 [0/60000 (0%)]\tLoss: 1.000000"),
                .line("Train Epoch: 2 [1000/60000 (2%)]\tLoss: 0.090909"),
                .line("Train Epoch: 2 [2000/60000 (3%)]\tLoss: 0.047619"),
                .line(""),
                .line("Test set: Average loss: 0.3419, Accuracy: 9140/10000 (91%)"),
                .line(""),
            ])
    }

    @Test func paddleCountsFromZeroAndLeavesOutBatchZero() {
        var script = ProgressScript()
        script.add(.fitStarted(script.plan), at: 0)
        for step in 1...401 { script.step(step, epoch: 1, loss: 9.1234567, at: 0) }
        #expect(
            script.text(PaddleProgress(settings: lines)) == [
                .line("epoch: 0, batch: 200, loss is: 9.123457"),
                .line("epoch: 0, batch: 400, loss is: 9.123457"),
            ])
        #expect(
            script.text(PaddleProgress(settings: ProgressSettings(stepsPerLine: 1000))).isEmpty)
    }

    @Test func accuracyAloneIsThatOfTheValidationData() {
        #expect(
            ProgressScript.keras().text(AccuracyProgress())
                == [.line("epoch 0 accuracy: 0.9837")])
        #expect(
            ProgressScript.resumed().text(AccuracyProgress())
                == [.line("epoch 1 accuracy: 0.981")])
        #expect(AccuracyProgress.initialLine(0.1032) == "initial accuracy: 0.1032")
    }

    @Test func tqdmCountsExamplesAndSumsTheLoss() {
        var script = ProgressScript()
        script.plan = FitPlan(epochs: 3, stepsPerEpoch: 2000, examples: 2000, batchSize: 1)
        script.add(.fitStarted(script.plan), at: 0)
        script.add(.epochStarted(number: 1), at: 0)
        script.step(1, loss: 2.3, at: 0)
        script.step(250, loss: 2.3, at: 2)
        let epoch = History.Epoch(
            number: 1, loss: 2.3025851, learningRate: 1e-5, seconds: 12.4)
        script.add(.epochEnded(epoch), at: 12.5)
        #expect(
            script.text(TqdmProgress(settings: ProgressSettings(isLive: true, columns: 61))) == [
                .live("  0%|                              | 1/2000 [00:00<?, ?it/s]"),
                .live(" 12%|██▍                | 250/2000 [00:02<00:14, 125.00it/s]"),
                .line("100%|██████████████████| 2000/2000 [00:12<00:00, 161.29it/s]"),
                .line("4605.1702"), .line("epoch= 0"),
            ])
    }

    @Test func jsonIsOneObjectALine() {
        let output = ProgressScript.keras(loss: .nan).text(JSONProgress(settings: lines))
        #expect(
            output == [
                .line(
                    #"{"event":"fit_started","time":0.0,"epochs":10,"first_epoch":1,"#
                        + #""steps_per_epoch":1875,"examples":60000,"batch_size":32,"#
                        + #""validation_examples":10000,"metrics":["accuracy"]}"#),
                .line(#"{"event":"epoch_started","time":0.0,"epoch":1}"#),
                .line(
                    #"{"event":"step","time":0.02,"epoch":1,"step":1,"total_steps":1,"#
                        + #""examples":32,"learning_rate":0.001,"batch_loss":2.3026,"#
                        + #""loss":2.3026,"accuracy":0.0938}"#),
                .line(
                    #"{"event":"step","time":8.5,"epoch":1,"step":938,"total_steps":938,"#
                        + #""examples":30016,"learning_rate":0.001,"batch_loss":0.2468,"#
                        + #""loss":0.2468,"accuracy":0.925}"#),
                .line(
                    #"{"event":"step","time":17.0,"epoch":1,"step":1875,"total_steps":1875,"#
                        + #""examples":60000,"learning_rate":0.001,"batch_loss":"nan","#
                        + #""loss":"nan","accuracy":0.9569}"#),
                .line(
                    #"{"event":"epoch","time":17.0,"epoch":1,"loss":"nan","accuracy":0.9569,"#
                        + #""val_loss":0.0479,"val_accuracy":0.9837,"learning_rate":0.001,"#
                        + #""seconds":17.0}"#),
            ])
    }

    @Test func modesChooseWhatIsShown() {
        let settings = ProgressSettings()
        #expect(ProgressStyle.keras.renderer(mode: .none, settings: settings) is SilentProgress)
        #expect(ProgressStyle.keras.renderer(mode: .json, settings: settings) is JSONProgress)
        #expect(ProgressStyle.keras.renderer(mode: .auto, settings: settings) is KerasProgress)
        #expect(ProgressStyle.torch.renderer(mode: .lines, settings: settings) is TorchProgress)
        #expect(
            ProgressScript.keras().text(ProgressStyle.bar.renderer(mode: .none, settings: settings))
                .isEmpty)
    }
}
