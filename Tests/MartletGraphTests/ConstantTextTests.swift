import MartletGraph
import MartletTestSupport
import Testing

@Suite struct ConstantTextTests {
    /// The text inside the parentheses of a constant's node.
    private func text(_ tensor: HostTensor) throws -> String {
        var builder = GraphBuilder(name: "c")
        _ = builder.constant(tensor)
        expectRoundTrip(builder.graph, "\(tensor.type)")
        let line = try #require(builder.graph.text.split(separator: "\n").dropFirst(2).first)
        let start = try #require(line.firstRange(of: "constant("))
        return String(line[start.upperBound...].dropLast())
    }

    @Test func scalarsAreReadable() throws {
        #expect(try text(HostTensor(Float(0.1))) == "0.1")
        #expect(try text(HostTensor(Float(1))) == "1.0")
        #expect(try text(HostTensor(Float(-0.0))) == "-0.0")
        #expect(try text(HostTensor(Float.nan)) == "nan")
        #expect(try text(HostTensor(-Float.infinity)) == "-inf")
        #expect(try text(HostTensor(Float.leastNonzeroMagnitude)) == "1e-45")
        #expect(try text(HostTensor(Double.pi)) == "3.141592653589793")
        #expect(try text(HostTensor(Int32.min)) == "-2147483648")
        #expect(try text(HostTensor(Int64.max)) == "9223372036854775807")
        #expect(try text(HostTensor(UInt8(255))) == "255")
        #expect(try text(HostTensor(true)) == "true")
    }

    @Test func shortTensorsAreListsAndLongOnesBytes() throws {
        #expect(try text(HostTensor([Float(1), -2.5, 3e10], shape: [3, 1])) == "[1.0,-2.5,3e+10]")
        #expect(try text(HostTensor([Float](), shape: [2, 0])) == "[]")
        #expect(try text(HostTensor([false, true], shape: [2])) == "[false,true]")
        let bytes = (0..<17).map { UInt8($0) }
        #expect(try text(HostTensor(bytes, shape: [17])) == "base64 AAECAwQFBgcICQoLDA0ODxA=")
    }

    @Test func numbersWithoutSpellingKeepTheirBits() throws {
        let payload = Float(bitPattern: 0x7FC0_1234)
        #expect(try text(HostTensor(payload)) == "base64 NBLAfw==")
        #expect(
            try text(
                HostTensor(
                    Double(sign: .minus, exponentBitPattern: 0x7FF, significandBitPattern: 1))
            ).hasPrefix("base64"))
    }

    @Test(arguments: DataType.allCases) func anyBitsComeBack(dtype: DataType) throws {
        var random = SeededGenerator(seed: 5)
        for count in [1, 2, 3, 16, 17, 18, 19, 300] {
            for _ in 0..<20 {
                let type = TensorType(dtype, [count])
                let limit: UInt8 = dtype == .bool ? 1 : 255
                let bytes = (0..<type.byteCount).map { _ in
                    UInt8.random(in: 0...limit, using: &random)
                }
                _ = try text(HostTensor(type: type, bytes: bytes))
            }
        }
    }

    @Test func specialSettingsComeBack() throws {
        for value in [
            Double.nan, .infinity, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
        ] {
            var builder = GraphBuilder(name: "pad")
            let x = builder.input("x", TensorType(.float32, [1]))
            _ = builder.emit(
                .pad(PadAttributes(low: [1], high: [0], interior: [0], value: value)), x)
            let back = try Graph(parsing: builder.graph.text)
            guard case .pad(let padding) = back.nodes[1].op else {
                Issue.record("no pad but \(back.nodes[1].op)")
                return
            }
            #expect(padding.value.bitPattern == value.bitPattern, "\(value)")
        }
    }
}
