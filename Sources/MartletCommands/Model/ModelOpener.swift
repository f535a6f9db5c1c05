import Foundation
import Martlet
import MartletFormats
import MartletInterchange
import MartletRecipes

/// A model that can predict, wherever it came from.
struct OpenedModel {
    var file: ModelFile
    /// False where the classes have numbers because nothing tells their names.
    var hasClassNames = true
    /// What was assumed, and what a user should know, as sentences.
    var notes: [String] = []

    /// Whether names of classes can stand for its results.
    func canTake(_ names: [String]) -> Bool {
        file.description.output == .values || names.count == file.description.classNames.count
    }
}

/// Makes models of what a path names.
struct ModelOpener {
    let options: ImportOptions

    /// Opens whatever a path names; notes go to standard error.
    func model(at path: String, _ output: OutputOptions) throws -> OpenedModel {
        let source = try ModelSource(path)
        try refuseIdleFlags(source, needsModel: true)
        let template = try self.template(for: source, isNeeded: true)
        let mapping = try template.map { try self.mapping(of: source, to: $0) }
        let opened = try self.model(source, template, mapping, path)
        for note in opened.notes { output.note("\(path): \(note)") }
        return opened
    }

    /// The network that the arrays of a source are for; `nil` where it brings its own.
    ///
    /// - Parameter isNeeded: Whether arrays alone are not enough.
    func template(for source: ModelSource, isNeeded: Bool) throws -> ModelTemplate? {
        if let name = options.recipe {
            let recipe = try RecipeName.recipe(name)
            return try ModelTemplate(recipe, settings: recipe.settings, options)
        }
        if let path = options.like { return try ModelTemplate(like: path, options) }
        guard isNeeded else { return nil }
        switch source {
        case .model, .onnx, .keras: return nil
        case .checkpoint(let checkpoint, let run?):
            return try ModelTemplate(run, checkpoint, options)
        case .checkpoint(_, nil), .weights:
            throw CommandFailure(
                .usage,
                "\(source.title): there is no network in it\n"
                    + "  fix        name one: --recipe mnist-cnn, or --like model.martlet")
        }
    }

    /// Finds the places of a source's arrays in a network.
    func mapping(
        of source: ModelSource, to template: ModelTemplate
    ) throws -> ParameterMapping {
        let (arrays, usual) = try source.arrays(latest: options.latest)
        return try template.file.mapping(
            of: arrays.map { NamedTensor(options.renamed($0.name), $0.value) },
            convention: options.convention?.value ?? usual)
    }

    /// The model: the source's own, or a network with the arrays of a mapping.
    ///
    /// - Throws: `MappingError` unless everything fits, or `--partial` was given; `CommandFailure` when
    ///   `--classes` has not as many names as the model has results.
    func model(
        _ source: ModelSource, _ template: ModelTemplate?, _ mapping: ParameterMapping?,
        _ path: String
    ) throws -> OpenedModel {
        let opened = try unchecked(source, template, mapping, path)
        let description = opened.file.description
        if options.classes != nil, description.output != .values {
            let (names, results) = (description.classNames.count, try opened.file.resultCount)
            guard names == results else {
                throw CommandFailure(
                    .usage,
                    "--classes must name \(results) classes, one for each result of the model, "
                        + "got \(names)")
            }
        }
        return opened
    }

    private func unchecked(
        _ source: ModelSource, _ template: ModelTemplate?, _ mapping: ParameterMapping?,
        _ path: String
    ) throws -> OpenedModel {
        if let template, let mapping { return try filled(template, mapping) }
        var importer = ModelImport()
        importer.scaling = options.scaling()
        importer.classNames = try options.classNames()
        importer.imageShape = options.inputShape?.shape
        let result: ModelImport.Result
        switch source {
        case .model(var file):
            if let names = importer.classNames { file.description.classNames = names }
            let names = file.description.classNames
            // Of a model that gives a number, numbers are no names.
            let isNamed =
                file.description.output != .values
                || names != names.indices.map { String($0) }
            return OpenedModel(file: file, hasClassNames: isNamed)
        case .onnx(let model): result = try importer.model(model)
        case .keras(let file):
            result = try importer.model(try KerasNetwork(file), file: path)
        case .checkpoint, .weights:
            preconditionFailure("internal: \(source.title) without a network")
        }
        return OpenedModel(
            file: result.file, hasClassNames: result.hasClassNames, notes: result.assumptions)
    }

    private func filled(
        _ template: ModelTemplate, _ mapping: ParameterMapping
    ) throws -> OpenedModel {
        let file = try template.file.applying(
            mapping, allowsMissing: options.partial, allowsUnexpected: options.partial)
        guard template.hasScaling else {
            throw CommandFailure(
                .usage,
                "\(template.title) was trained on pixels with the mean and deviation of its data\n"
                    + "  fix        name them: --mean 0.49,0.48,0.45 --std 0.25,0.24,0.26")
        }
        var opened = OpenedModel(file: file)
        if !mapping.missing.isEmpty {
            opened.notes.append(
                "\(mapping.missing.count) parameters keep the values that they had")
        }
        if !mapping.unexpected.isEmpty {
            opened.notes.append("\(mapping.unexpected.count) arrays are left over")
        }
        return opened
    }
}

extension ModelOpener {
    /// Throws for a flag that would change nothing.
    ///
    /// - Parameter needsModel: Whether a model is wanted, not arrays alone.
    func refuseIdleFlags(_ source: ModelSource, needsModel: Bool) throws {
        let hasNetwork = options.recipe != nil || options.like != nil
        var (isCheckpoint, isONNX, bringsNetwork) = (false, false, true)
        switch source {
        case .checkpoint: (isCheckpoint, bringsNetwork) = (true, false)
        case .weights: bringsNetwork = false
        case .onnx: isONNX = true
        case .model, .keras: break
        }
        var isModelFile = false
        if case .model = source { isModelFile = true }
        let isMapped = hasNetwork || (needsModel && !bringsNetwork)
        let asksForPixels =
            needsModel && options.like == nil && (options.recipe != nil || !isModelFile)
        let flags = [
            ("--convention", options.convention != nil, isMapped),
            ("--partial", options.partial, isMapped),
            ("--rename", !options.renames.isEmpty, isMapped || !needsModel),
            ("--latest", options.latest, isCheckpoint),
            ("--range", options.range != nil, asksForPixels),
            ("--mean", options.mean != nil, asksForPixels),
            ("--classes", options.classes != nil, needsModel || options.recipe != nil),
            ("--input-shape", options.inputShape != nil, needsModel && isONNX && !hasNetwork),
        ]
        if let (flag, _, _) = flags.first(where: { $0.1 && !$0.2 }) {
            throw CommandFailure(.usage, "\(flag) changes nothing for \(source.title) here")
        }
    }
}
