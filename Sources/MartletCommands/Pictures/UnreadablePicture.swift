import MartletFormats

/// A picture that could not be read, as JSON tells of it.
struct UnreadablePicture: Encodable {
    /// The path of its file.
    let path: String
    /// What is wrong, as standard error tells it.
    let error: String

    /// Takes the error of a picture.
    init(_ error: FormatError) {
        (path, self.error) = (error.file, error.description.withoutSwiftAdvice)
    }

    /// Takes the error of a picture; any other is thrown again.
    init(_ error: any Error) throws {
        guard let error = error as? FormatError else { throw error }
        self.init(error)
    }
}
