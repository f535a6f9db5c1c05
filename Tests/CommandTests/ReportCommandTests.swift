import Foundation
import Testing

@Suite struct ReportCommandTests {
    let folder: CommandFolder

    init() throws { folder = try CommandFolder() }

    /// A finished run on data that a test can take away.
    private func finished() throws -> (run: String, data: String) {
        let data = try folder.writeIDX()
        let run = try folder.run(
            "train", "mnist-mlp", "--data", data, "--epochs", "2", "--quiet", "--out",
            folder.path("runs"))
        #expect(run.status == 0, "\(run.messages)")
        return (folder.path("runs/mnist-mlp-1"), data)
    }

    @Test func showsTheResultAndWritesThePageAnew() throws {
        let (run, _) = try finished()
        let page = "runs/mnist-mlp-1/report.html"
        let before = try folder.text(page)
        try FileManager.default.removeItem(atPath: folder.path(page))
        let report = try folder.run("report", run)
        #expect(report.status == 0 && report.messages.isEmpty, "\(report.messages)")
        #expect(report.output.hasPrefix("test accuracy  "))
        #expect(report.output.contains("│") && report.output.contains("report         "))
        let after = try folder.text(page)
        #expect(after.count == before.count)
        let json = try folder.run("report", run, "--json")
        let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
        #expect((object as? [String: Any])?["testExamples"] as? Int == 30)
    }

    /// Without its data a page has no pictures, and both the command and the page say so.
    @Test func aPageWithoutPicturesSaysWhy() throws {
        let (run, data) = try finished()
        let page = "runs/mnist-mlp-1/report.html"
        #expect(!(try folder.text(page)).contains("there are no pictures of predictions"))
        try FileManager.default.moveItem(atPath: data, toPath: data + "-moved")
        let absent = try folder.run("report", run)
        #expect(absent.status == 0)
        #expect(
            absent.messages.hasPrefix("note: there are no pictures of predictions: "),
            "\(absent.messages)")
        #expect(absent.messages.contains(data))
        #expect(try folder.text(page).contains("there are no pictures of predictions"))
        #expect(try folder.run("report", run, "--quiet").messages.isEmpty)
        // Other pictures in the same place are not taken for the run's.
        try folder.writeIDX(test: 20)
        let other = try folder.run("report", run)
        #expect(other.messages.contains("is not what it was when the run ended"))
    }

    @Test func theResultIsShownWhereNothingCanBeWritten() throws {
        let (run, _) = try finished()
        let page = "runs/mnist-mlp-1/report.html"
        try FileManager.default.removeItem(atPath: folder.path(page))
        try folder.write("in the way", to: page + "/file", makingFolder: true)
        let report = try folder.run("report", run)
        #expect(report.status == 73)
        #expect(report.output.hasPrefix("test accuracy  "), "\(report.output)")
        #expect(report.messages.hasPrefix("error: cannot write \(folder.path(page))\n"))
    }

    @Test func whatIsNoFinishedRunSaysSo() throws {
        let absent = try folder.run("report", folder.path("runs/none-1"))
        #expect(absent.status == 66)
        #expect(absent.messages.contains("expected   the result of a finished run"))
        let (run, _) = try finished()
        let file = "runs/mnist-mlp-1/result.json"
        let whole = try folder.text(file)
        for (text, place) in [
            ("{}", "result.json"),
            (whole.replacing("\"predictions\":[", with: "\"predictions\":[99,"), "predictions"),
            (whole.replacing("\"labels\":[", with: "\"labels\":[-1,"), "labels"),
        ] {
            try folder.write(text, to: file)
            let broken = try folder.run("report", run)
            #expect(broken.status == 65 && broken.messages.contains(place), "\(broken.messages)")
            #expect(!broken.messages.contains("DecodingError"), "\(broken.messages)")
        }
    }
}
