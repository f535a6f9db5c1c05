import Foundation
import Martlet
import MartletFormats
import MartletReport
import Testing

@Suite struct PlotTests {
    private let plot = Plot(
        title: "Loss < 1",
        series: [
            PlotSeries(name: "train", points: [PlotPoint(1, 0.4), PlotPoint(2, 0.2)]),
            PlotSeries(name: "test & more", points: [PlotPoint(1, 0.3)]),
        ], include: [0])

    @Test func svgIsAFileOfItsOwn() {
        let svg = Figure([plot], width: 200, plotHeight: 120).svg()
        #expect(
            svg.hasPrefix(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200\" height=\"120\" "
                    + "viewBox=\"0 0 200 120\" role=\"img\" aria-label=\"Loss &lt; 1\""))
        #expect(svg.contains(">test &amp; more</text>"))
        #expect(svg.contains("<polyline") == false)  // Two points are one line.
        #expect(
            svg.contains(
                "<circle cx=\"48\" cy=\"48\" r=\"3.6\" fill=\"#1668b8\">"
                    + "<title>epoch 1, train: 0.4</title></circle>"), "\(svg)")
        #expect(svg.contains("fill=\"#d9730f\"><title>epoch 1, test &amp; more: 0.3</title>"))
        let dark = Figure([plot]).svg(.dark)
        #expect(dark.contains("#1c2024") && !dark.contains("#ffffff"))
    }

    @Test func theTwoCurvesOfTheKerasTextStandBelowEachOther() {
        let history = History(
            epochs: (1...10).map { number in
                let rest = 1 / Double(number)
                return History.Epoch(
                    number: number, loss: rest, metrics: ["accuracy": 1 - rest / 10],
                    validationLoss: rest / 2, validationMetrics: ["accuracy": 0.99],
                    learningRate: 0.001, seconds: 1)
            })
        let svg = history.figure().svg()
        #expect(svg.contains(">Cross Entropy Loss</text>"))
        #expect(svg.contains(">Classification Accuracy</text>"))
        #expect(svg.components(separatedBy: "<polyline").count == 5)
        #expect(svg.components(separatedBy: ">train</text>").count == 3)
        let picture = history.figure().picture(scale: 1)
        #expect((picture.width, picture.height) == (640, 692))
    }

    @Test func plotsBelowEachOtherLineUp() {
        let wide = Plot(
            title: "wide", series: [PlotSeries(name: "a", points: [PlotPoint(1, 123_456)])])
        #expect(wide.leftMargin > plot.leftMargin)
        // The one dot of each plot stands in the middle of its axes.
        let single = Plot(
            title: "one", series: [PlotSeries(name: "b", points: [PlotPoint(1, 0.5)])])
        let dots = Figure([wide, single]).drawing.shapes.compactMap { shape -> Double? in
            if case .dot(let center, _, _, _) = shape { return center.x }
            return nil
        }
        #expect(dots.count == 2 && dots[0] == dots[1])
    }

    @Test func sharesAreSeenAgainstOneAndLowOnesAgainstZero() {
        func low(_ share: Double) -> Double {
            let epoch = History.Epoch(
                number: 1, loss: 1, metrics: ["accuracy": share], learningRate: 1, seconds: 1)
            return History(epochs: [epoch]).metricPlot("accuracy").verticalAxis.low
        }
        #expect(low(0.2) == 0 && low(0.97) > 90)
    }

    @Test func theRatesAxisIsLogarithmicOnlyForLongFalls() {
        func scale(_ rate: (Int) -> Double) -> PlotScale {
            let epochs = (1...40).map { number in
                History.Epoch(
                    number: number, loss: 1, metrics: [:], validationLoss: nil,
                    validationMetrics: [:], learningRate: rate(number), seconds: 1)
            }
            return History(epochs: epochs).learningRatePlot().scale
        }
        #expect(scale { 0.05 * (1 + cos(Double.pi * Double($0) / 40)) / 2 } == .linear)
        #expect(scale { pow(0.7, Double($0)) } == .logarithmic)
        #expect(scale { _ in 0 } == .linear)
    }

    @Test func valuesThatAreNotNumbersBreakTheLine() {
        var points = (1...5).map { PlotPoint(Double($0), Double($0)) }
        points[2].y = .nan
        let broken = Plot(title: "gap", series: [PlotSeries(name: "a", points: points)])
        let svg = Figure([broken]).svg()
        #expect(svg.components(separatedBy: "stroke-width=\"2.2\"").count == 3)
        #expect(!svg.contains("nan"))
        for series in [[], [PlotSeries(name: "a", points: [PlotPoint(1, .infinity)])]] {
            let empty = Plot(title: "nothing", series: series)
            #expect(empty.isEmpty)
            #expect(Figure([empty]).svg().contains("no values to show"))
            #expect(empty.text().contains("nothing"))
        }
        #expect(Figure([]).picture().width > 0)
    }

    @Test func pixelsHaveTheColoursOfTheTheme() {
        let picture = Figure([plot], width: 200, plotHeight: 120).picture(scale: 2)
        #expect((picture.width, picture.height, picture.channels) == (400, 240, 3))
        func pixel(_ x: Int, _ y: Int) -> [UInt8] {
            Array(picture.samples[3 * (y * 400 + x)..<3 * (y * 400 + x) + 3])
        }
        #expect(pixel(0, 0) == [0xFF, 0xFF, 0xFF])
        // The first dot of the first curve, and a grid line where nothing else is.
        #expect(pixel(108, 96) == [0x16, 0x68, 0xB8])
        let colours = Set((0..<240).map { pixel(200, $0) })
        #expect(colours.contains([0xE4, 0xE2, 0xDD]))
        let file = Figure([plot]).png()
        #expect(Array(file[1..<4]) == Array("PNG".utf8))
    }

    @Test func lettersHaveWidthAndStayInside() {
        #expect(StrokeFont.width("", size: 13) == 0)
        #expect(StrokeFont.width("mm", size: 13) > StrokeFont.width("ii", size: 13))
        // A character without a shape of its own is a box with its number, wider for a longer one.
        #expect(StrokeFont.width("猫", size: 13) == StrokeFont.width("ж", size: 13))
        #expect(StrokeFont.width("\u{1F600}", size: 13) > StrokeFont.width("猫", size: 13))
        // Letters with marks lose them, and a few signs have a stand-in.
        #expect(StrokeFont.width("é…", size: 13) == StrokeFont.width("e...", size: 13))
        #expect(StrokeFont.width("11", size: 10) == StrokeFont.width("88", size: 10))
    }

    @Test func charactersWithoutAShapeDifferAllTheSame() {
        func drawn(_ caption: String) -> Picture {
            let pixel = Picture(width: 1, height: 1, filledWith: [0])
            return PictureGrid([LabelledPicture(pixel, caption: caption)]).picture
        }
        #expect(drawn("猫") != drawn("狗"))
        // Marks count where the letter itself has no shape, however they are written.
        #expect(drawn("ё") != drawn("е") && drawn("ё") == drawn("е\u{308}"))
        #expect(drawn("≠") != drawn("="))
        #expect(drawn("é") == drawn("e") && drawn("e\u{301}") == drawn("e"))
        #expect(drawn("Ł") == drawn("L") && drawn("é") != drawn("c"))
    }

    @Test func lastValuesMayHaveAnySize() {
        var history = History(epochs: [])
        history.epochs = [-1e300, -5e4].enumerated().map { index, loss in
            History.Epoch(number: index + 1, loss: loss, learningRate: 1, seconds: 1)
        }
        for (count, text) in [(1, "-1e+300"), (2, "-50,000")] {
            var report = TrainingReport(title: "low")
            report.history.epochs = Array(history.epochs.prefix(count))
            report.history.epochs[0].validationLoss = 0
            #expect(report.html.contains("</i>train <b>\(text)</b>"), "\(text)")
        }
    }

    @Test func confusionCellsAreColouredAndNamed() {
        let matrix = ConfusionMatrix(
            classNames: ["cat", "<dog>"], labels: [0, 0, 0, 1], predictions: [0, 0, 1, 1])
        let svg = Figure(matrix).svg()
        #expect(svg.contains("<title>1 × cat taken for &lt;dog&gt;</title>"))
        #expect(svg.components(separatedBy: "<rect").count == 6)
        let large = ConfusionMatrix(
            classNames: (0..<100).map { "class \($0)" }, labels: [0], predictions: [99])
        #expect(Figure(large).picture(scale: 1).width < 800)
        _ = Figure(ConfusionMatrix(classNames: [], labels: [], predictions: [])).png()
    }
}
