import ArgumentParser
import Foundation
import Martlet
import MartletFormats
import MartletInterchange

/// `martlet convert`: brings models and weights from one form into another.
struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Bring a model or its weights into another form.",
        discussion: """
            Read are model files, runs and checkpoints, .onnx, .keras, .h5, .safetensors, .npz, .pth \
            and .pdparams; no code in them is ever run. The ending of the second name decides what \
            is written: .martlet, .onnx, .weights.h5, .safetensors, .npz or .pth. Weights become a \
            model by the network of a recipe or of another model.

            Example:
              martlet convert net.pth net.martlet --recipe mnist-cnn --dry-run
              martlet convert runs/mnist-keras-1 digits.onnx
            """)

    @Argument(help: "The model, weights, run or folder of checkpoints.", completion: .file())
    var input: String

    @Argument(help: "The file to write.", completion: .file())
    var result: String

    @OptionGroup var importing: ImportOptions

    @Flag(help: "Show what fits and what does not; write nothing.")
    var dryRun = false

    @Flag(help: "Replace a file that is there.")
    var force = false

    @OptionGroup var output: OutputOptions

    func run() throws {
        let target = try ConversionTarget(result)
        if !dryRun, !force, FileManager.default.fileExists(atPath: result) {
            throw CommandFailure(
                .cannotCreate,
                "\(result) is there already\n"
                    + "  fix        choose another name, or replace it with --force")
        }
        let source = try ModelSource(input)
        let opener = ModelOpener(options: importing)
        try opener.refuseIdleFlags(source, needsModel: target.needsModel)
        let template = try opener.template(for: source, isNeeded: target.needsModel)
        let mapping = try template.map { try opener.mapping(of: source, to: $0) }
        var report = ConversionReport(
            input: input, form: source.title, output: result, network: template?.title,
            mapping: mapping)
        do {
            try convert(source, template, mapping, target, &report)
        } catch let error as MappingError {
            guard dryRun || output.json else { throw error }
            // The list is what was asked for, and says all that the error would.
            try show(report)
            throw CommandFailure(.badData, "the arrays do not fit the network")
        }
        try show(report)
    }

    private func convert(
        _ source: ModelSource, _ template: ModelTemplate?, _ mapping: ParameterMapping?,
        _ target: ConversionTarget, _ report: inout ConversionReport
    ) throws {
        let url = URL(fileURLWithPath: result)
        let opener = ModelOpener(options: importing)
        if !target.needsModel {
            try mapping?.check(
                allowsMissing: importing.partial, allowsUnexpected: importing.partial)
            let arrays = try self.arrays(of: source, template, mapping)
            report.list(arrays)
            if !dryRun { try target.write(arrays, to: url) }
        } else {
            let opened = try opener.model(source, template, mapping, input)
            for note in opened.notes { output.note(note) }
            report.list(try opened.file.arrays)
            if !dryRun { try target.write(opened.file, to: url) }
        }
        report.isWritten = !dryRun
    }

    /// The arrays in the names and orders of the network, or as they are where there is none.
    private func arrays(
        of source: ModelSource, _ template: ModelTemplate?, _ mapping: ParameterMapping?
    ) throws -> [NamedTensor] {
        if let template, let mapping {
            return try template.file.applying(
                mapping, allowsMissing: importing.partial, allowsUnexpected: importing.partial
            ).arrays
        }
        let (arrays, convention) = try source.arrays(latest: importing.latest)
        if convention != .pyTorch {
            output.note(
                "names and orders stay as they are in \(input); --recipe or --like changes them")
        }
        return arrays.map { NamedTensor(importing.renamed($0.name), $0.value) }
    }

    private func show(_ report: ConversionReport) throws {
        if output.json {
            try output.printJSON(report.record)
        } else {
            print(report.text(isFull: dryRun || output.verbose))
        }
    }
}
