import MartletData
import MartletFormats
import MartletReport

/// The pictures of a data set as they are shown.
struct ShownPictures {
    let data: Dataset
    let augmentation: Augmentation
    let seed: UInt64

    /// One picture, changed where changes were asked for.
    func picture(_ index: Int) throws -> Picture {
        guard !augmentation.steps.isEmpty else { return try data.picture(index) }
        let pixels = augmentation.applied(
            to: try data.image(index), shape: data.imageShape,
            key: SampleKey(seed: seed, epoch: 1, sample: index))
        return Picture(planes: pixels, shape: data.imageShape, brightest: data.brightest)
    }

    /// The same with the name of its class.
    func labelled(_ index: Int) throws -> LabelledPicture {
        LabelledPicture(try picture(index), caption: name(index))
    }

    private func name(_ index: Int) -> String { data.classNames[Int(data.labels[index])] }

    /// The classes with the number of their pictures, in one line.
    var classText: String {
        let counts = data.classCounts
        let shown = zip(data.classNames, counts).prefix(20).map { "\($0) \($1)" }
        return "classes    " + shown.joined(separator: ", ") + (counts.count > 20 ? ", …" : "")
    }

    /// What `--json` prints.
    struct Record: Encodable {
        struct Item: Encodable {
            var number: Int
            var label: String
            var origin: String
        }

        var data: String
        var type: String
        var count: Int
        var classCounts: [String: Int]
        var pictures: [Item]
    }

    /// The pictures of a range as a record, without their pixels.
    func record(_ range: Range<Int>) -> Record {
        Record(
            data: data.name, type: data.imageType.description, count: data.count,
            classCounts: Dictionary(zip(data.classNames, data.classCounts)) { $0 + $1 },
            pictures: range.map(item))
    }

    private func item(_ index: Int) -> Record.Item {
        Record.Item(number: index, label: name(index), origin: data.origin(of: index))
    }

    /// What `--export` prints with `--json`.
    struct ExportRecord: Encodable {
        var data: String
        var file: String
        var picture: Record.Item
    }

    /// One picture that was written to a file as a record.
    func record(of index: Int, in file: String) -> ExportRecord {
        ExportRecord(data: data.name, file: file, picture: item(index))
    }
}
