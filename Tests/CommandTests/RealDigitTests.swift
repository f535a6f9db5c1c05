import Foundation
import Martlet
import MartletData
import MartletFormats
import MartletReport
import Testing

/// Real digits of MNIST as files, predicted by the command; needs MARTLET_LONG=1 and MARTLET_DATA.
@Suite struct RealDigitTests {
    private struct Line: Decodable {
        var label: String
        var inverted: Bool
    }

    /// How the digits lie in their files.
    private static let forms: [(name: String, ending: String, isPaper: Bool, side: Int)] = [
        ("light on dark, 28", "png", false, 28), ("dark on light, 28", "png", true, 28),
        ("light on dark, 28", "jpg", false, 28), ("dark on light, 28", "jpg", true, 28),
        ("light on dark, 112", "png", false, 112), ("dark on light, 112", "jpg", true, 112),
        ("dark on light, 75", "png", true, 75), ("light on dark, 400", "jpg", false, 400),
    ]

    @Test func digitsInFilesAreNamedAsOftenAsTheSameDigitsFedDirectly() throws {
        let environment = ProcessInfo.processInfo.environment
        guard environment["MARTLET_LONG"] == "1", let data = environment["MARTLET_DATA"] else {
            print("real digits: skipped without MARTLET_LONG=1 and MARTLET_DATA")
            return
        }
        let folder = try CommandFolder()
        let settings = ["MARTLET_DATA": data, "MARTLET_ENGINE": "auto"]
        let trained = try folder.run(
            "train", "mnist-cnn", "--quiet", "--out", folder.path("runs"), environment: settings)
        #expect(trained.status == 0, "\(trained.messages)")
        let model = folder.path("runs/mnist-cnn-1/model.martlet")
        let count = 200
        let digits = try Dataset.mnist(.test, folder: URL(fileURLWithPath: data)).first(count)
        let classifier = try Classifier(contentsOf: URL(fileURLWithPath: model))
        let direct = zip(try classifier.predict(digits).choices, digits.labels)
            .count { $0 == Int($1) }
        print("real digits: \(direct) of \(count) fed directly are right")
        for (index, form) in Self.forms.enumerated() {
            for number in 0..<count {
                var picture = try digits.picture(number)
                if form.isPaper { picture = picture.inverted() }
                if form.side != 28 {
                    picture = picture.resized(width: form.side, height: form.side, .bicubic)
                }
                let name = String(format: "%d/%03d.%@", index, number, form.ending)
                try folder.write("", to: name, makingFolder: true)
                try picture.write(to: URL(fileURLWithPath: folder.path(name)))
            }
            let run = try folder.run(
                "predict", model, folder.path("\(index)"), "--json", "--quiet",
                environment: settings)
            #expect(run.status == 0, "\(run.messages)")
            let lines = try run.output.split(separator: "\n").map {
                try JSONDecoder().decode(Line.self, from: Data($0.utf8))
            }
            try #require(lines.count == count)
            #expect(lines.allSatisfy { $0.inverted == form.isPaper }, "\(form)")
            let right = zip(lines, digits.labels).count { $0.label == String($1) }
            print("real digits: \(right) right as \(form.ending), \(form.name)")
            // PNG of the same size is the very same input; resampling may turn one or two.
            let isSame = form.ending == "png" && form.side == 28
            #expect(isSame ? right == direct : abs(right - direct) <= 2, "\(form)")
        }
    }
}
