import MartletGraph

/// The form in which a batch gives the classes of its pictures.
public enum TargetForm: String, Sendable, Codable, CaseIterable {
    /// Class numbers, `i32[n]`.
    case classNumbers = "class-numbers"
    /// Class numbers as numbers to be hit, `f32[n,1]`.
    case values
    /// A row for each picture with 1 at its class among zeros, `f32[n,classes]`.
    case oneHot = "one-hot"

    /// The type of the targets of `count` pictures.
    func type(_ count: Int, classCount: Int) -> TensorType {
        switch self {
        case .classNumbers: TensorType(.int32, [count])
        case .values: TensorType(.float32, [count, 1])
        case .oneHot: TensorType(.float32, [count, classCount])
        }
    }

    /// Writes the class of the picture at `position` of a batch.
    func write(
        _ label: Int32, at position: Int, classCount: Int,
        to target: UnsafeMutableRawBufferPointer
    ) {
        switch self {
        case .classNumbers:
            target.storeBytes(of: label, toByteOffset: 4 * position, as: Int32.self)
        case .values:
            target.storeBytes(of: Float(label), toByteOffset: 4 * position, as: Float.self)
        case .oneHot:
            for number in 0..<classCount {
                target.storeBytes(
                    of: number == Int(label) ? 1 : 0,
                    toByteOffset: 4 * (position * classCount + number), as: Float.self)
            }
        }
    }
}
