import MartletGraph
import MartletTestSupport
import Testing

@Suite struct GraphTextErrorTests {
    /// The message that parsing `text` ends with.
    private func message(_ text: String) -> String {
        do {
            _ = try Graph(parsing: text)
            return "no error"
        } catch {
            return error.description
        }
    }

    /// The message for one line between a header for `x: f32[2,3]` with its node and the end.
    private func message(line: String) -> String {
        message(
            """
            martlet-graph 1
            graph g(x: f32[2,3]) -> ()
              %0  -  f32[2,3]  input(x)
            \(line)
            end
            """)
    }

    @Test func framesAreChecked() {
        #expect(
            message("") == "line 1: expected 'martlet-graph 1', found the end of the text")
        #expect(
            message("hello world")
                == "line 1: expected 'martlet-graph 1', the only version there is, found hello")
        #expect(
            message("martlet-graph 2\n")
                == "line 1: expected 'martlet-graph 1', the only version there is, found martlet-graph"
        )
        #expect(
            message("martlet-graph 1\n")
                == "line 2: expected the header, 'graph name(...) -> (...)', found the end of the text"
        )
        #expect(
            message("martlet-graph 1\nplan p() -> ()") == "line 2: expected 'graph', found plan")
        #expect(
            message("martlet-graph 1\ngraph p(x: f32[2) -> ()")
                == "line 2: expected ',' or ']', found )")
        #expect(
            message("martlet-graph 1\ngraph p(x f32[2]) -> ()")
                == "line 2: expected ':', found f32[2])")
        #expect(
            message("martlet-graph 1\ngraph p()")
                == "line 2: expected '->', found the end of the line")
        #expect(
            message("martlet-graph 1\ngraph p() -> ()\n")
                == "line 3: expected 'end', found the end of the text")
        #expect(
            message("martlet-graph 1\ngraph p() -> ()\nend\nmore")
                == "line 4: expected nothing after 'end', found more")
    }

    @Test func headerAgreesWithBody() {
        #expect(
            message("martlet-graph 1\ngraph g(x: f32[2]) -> ()\nend")
                == "line 2: expected inputs () as in the input nodes, found (x: f32[2])")
        #expect(
            message("martlet-graph 1\ngraph g() -> (y: f32[])\nend")
                == "line 2: expected outputs () as in the output lines, found (y: f32[])")
        #expect(
            message(
                """
                martlet-graph 1
                graph g(x: i32[2]) -> ()
                %0 - f32[2] input(x)
                end
                """)
                == "line 2: expected inputs (x: f32[2]) as in the input nodes, found (x: i32[2])")
    }

    @Test(arguments: [
        ("hello", "expected a node such as %1, 'assign', 'output' or 'end', found hello"),
        ("%2 - f32[2,3] relu(%0)", "expected %1, the next number, found %2"),
        ("%x - f32[] relu(%0)", "expected a value such as %1, found %x"),
        ("%1 \"a f32[2,3] relu(%0)", #"expected a closing quote, found "a"#),
        (
            #"%1 "\q" f32[2,3] relu(%0)"#,
            #"expected an escape: \", \\, \n, \r, \t or \u{…} after '\', found q""#
        ),
        (
            #"%1 "\u{D800}" f32[] x()"#,
            #"expected an escape: \", \\, \n, \r, \t or \u{…} after '\', found u{D800}""#
        ),
        ("%1 - f33[2,3] relu(%0)", "expected a type such as f32[2,3], found f33[2,3]"),
        (
            "%1 - f32[2,-3] relu(%0)",
            "expected sizes from 0 to 2147483647, 2^48 elements at most, found [2,-3]"
        ),
        ("%1 - f32[2,,3] relu(%0)", "expected a whole number, found ,3]"),
        ("%1 - f32[2,3] reluu(%0)", "expected the name of an operation, found reluu(%0)"),
        ("%1 - f32[2,3]", "expected the name of an operation, found the end of the line"),
        ("%1 - f32[2,3] relu %0", "expected '(', found %0"),
        ("%1 - f32[2,3] relu(%0", "expected ')', found the end of the line"),
        ("%1 - f32[2,3] relu(%-1)", "expected a value such as %1, found %-1)"),
        ("%1 - f32[2,3] relu(%0) axis 1", "expected 'of', found axis"),
        ("%1 - f32[2,3] relu(%0) of %1 2", "expected the end of the line, found 2"),
        ("%1 - f32[2] reduceSum(%0)", "expected 'axes', found the end of the line"),
        ("%1 - f32[2] reduceSum(%0) axes 1", "expected '[', found 1"),
        ("%1 - f32[2,3] softmax(%0) axis one", "expected a whole number, found one"),
        ("%1 - f32[2,3] softmax(%0) axes 1", "expected 'axis', found axes"),
        (
            "%1 - f64[2,3] cast(%0) to f65",
            "expected an element type: f32, f64, i32, i64, u8, bool, found f65"
        ),
        ("%1 - f32[2,3] standardize(%0) axes [1] epsilon small", "expected a number, found small"),
        ("%1 - f32[2,3] cumulativeSum(%0) axis 1 reverse yes", "expected true or false, found yes"),
        (
            "%1 - f32[] maxPool2D(%0) kernel [2] stride [2,2]",
            "expected two numbers for 'kernel', found [2]"
        ),
        ("%1 - f32[] constant(x)", "expected a number of type f32, found x)"),
        ("%1 - f32[] constant(1e99)", "expected a number of type f32, found 1e99)"),
        ("%1 - u8[] constant(256)", "expected a number of type u8, found 256)"),
        ("%1 - f32[] constant([1])", "expected one number for f32[], found [1])"),
        ("%1 - f32[2] constant(1)", "expected a list [...] or base64 for f32[2], found 1)"),
        ("%1 - f32[2] constant([1,2,3])", "expected 2 elements for f32[2], found [1,2,3])"),
        ("%1 - f32[2] constant([1,2)", "expected ',' or ']', found )"),
        ("%1 - u8[2] constant(base64 AAA=A)", "expected 2 bytes in base64 for u8[2], found AAA=A)"),
        ("%1 - u8[2] constant(base64 AAB=)", "expected 2 bytes in base64 for u8[2], found AAB=)"),
        (
            "%1 - bool[2] constant(base64 AAI=)",
            "expected 2 bytes in base64 for bool[2], found AAI=)"
        ),
        ("assign = %0", "expected a name, found ="),
        ("assign w %0", "expected '=', found %0"),
        ("output y = 0", "expected a value such as %1, found 0"),
        ("end now", "expected the end of the line, found now"),
    ]) func linesAreChecked(line: String, expected: String) {
        #expect(message(line: line) == "line 4: " + expected)
    }

    @Test(arguments: [
        ("%1 - f32[2,3] relu(%1)", "expected operands that earlier nodes compute, found %1"),
        ("%1 - f32[2,3] relu(%99)", "expected operands that earlier nodes compute, found %99"),
        ("%1 - f32[2,3] relu()", "expected 1 operand in relu(), found 0"),
        ("%1 - f32[3,2] relu(%0)", "expected type f32[2,3], which relu gives, found f32[3,2]"),
        (
            "%1 - f32[2] softmax(%0) axis 2",
            "expected an axis from 0 to 1 in softmax(f32[2,3]) axis 2, found axis 2"
        ),
        ("%1 - f32[2,3] relu(%0) of %2", "expected a forward node below %2, found %2"),
        ("%1 - f32[] input(x)", "expected input names that occur once, found x again"),
        ("output y = %1", "expected a value below %1, found %1"),
        (
            "assign w = %9223372036854775807",
            "expected a value below %1, found %9223372036854775807"
        ),
    ]) func graphsAreVerified(line: String, expected: String) {
        #expect(message(line: line) == "line 4: " + expected)
    }

    /// Numbers chosen to overflow, exhaust memory or index out of bounds where they are trusted.
    @Test(arguments: [
        "%1 - f32[9223372036854775807] relu(%0)",
        "%1 - f32[99999999999999999999] relu(%0)",
        "%1 - f32[2147483647,2147483647] relu(%0)",
        "%1 - f32[2147483647,2147483647,2147483647,0] relu(%0)",
        "%1 - f32[16777216,16777216] constant([])",
        "%1 - f32[1000000000] constant(base64 AAAA)",
        "%1 - f32[0,2147483648] constant([])",
        "%1 - f32[2] reshape(%0) to [9223372036854775807,2]",
        "%1 - f32[2] reshape(%0) to [2147483647,2147483647,2147483647]",
        "%1 - f32[2] reshape(%0) to [-2,-3]",
        "%1 - f32[2] broadcast(%0) to [2147483647,2147483647,2,3]",
        "%1 - f32[2,3] pad(%0) low [9223372036854775807,1] high [1,1] interior [0,0] value 0",
        "%1 - f32[2,3] pad(%0) low [0,0] high [0,0] interior [2147483647,2147483647] value 0",
        "%1 - f32[2,3] pad(%0) low [] high [] interior [] value 0",
        "%1 - f32[2,3] slice(%0) starts [0] limits [0] strides [0]",
        "%1 - f32[2,3] slice(%0) starts [0,0] limits [2,3] strides [9223372036854775807,0]",
        "%1 - f32[2,3] transpose(%0) permutation [9223372036854775807,-9223372036854775808]",
        "%1 - f32[2,3] softmax(%0) axis -9223372036854775808",
        "%1 - f32[2,3] concatenate() axis 0",
        "%1 - f32[2,3] concatenate(%0, %0) axis 9223372036854775807",
        "%1 - f32[2,3] scatterAdd(%0, %0) axis 9223372036854775807 size -1",
        "%1 - f32[2,3] oneHot(%0) classes -1 type f32",
        "%1 - f32[2,3] matmul(%0, %0) transposeA false transposeB false",
        "%1 - f32[2,3] iota() axis 5",
        "%1 - f32[2,3] gather(%0, %0) axis 1",
        "%1 - f32[] input(\"\\u{110000}\")",
        "%9223372036854775808 - f32[] relu(%0)",
        "%1 - f32[2,3] relu(%18446744073709551616)",
        "%1 - f32[2,3] relu(%0) of %18446744073709551616",
    ]) func hostileNumbersThrow(line: String) {
        #expect(message(line: line).hasPrefix("line 4: expected "), "\(message(line: line))")
    }

    @Test(arguments: [
        "stride [0,1] low [0,0] high [0,0] dilation [1,1] groups 1",
        "stride [1,1] low [0,0] high [0,0] dilation [1,1] groups 0",
        "stride [1,1] low [0,0] high [0,0] dilation [1,1] groups 9223372036854775807",
        "stride [1,1] low [2147483647,2147483647] high [2147483647,0] dilation [2147483647,1] groups 1",
        "stride [1,1] low [-1,0] high [0,0] dilation [1,1] groups 1",
        "stride [-9223372036854775808,1] low [0,0] high [0,0] dilation [1,1] groups 1",
    ]) func hostileWindowsThrow(settings: String) {
        let head = """
            martlet-graph 1
            graph g(x: f32[1,2,5,5], w: f32[3,2,3,3]) -> ()
              %0  -  f32[1,2,5,5]  input(x)
              %1  -  f32[3,2,3,3]  input(w)

            """
        for line in [
            "%2 - f32[1,3,3,3] conv2D(%0, %1) \(settings)",
            "%2 - f32[1,3,3,3] conv2DInputGradient(%0, %1) \(settings) size [5,5]",
            "%2 - f32[1,3,3,3] conv2DInputGradient(%0, %1) \(settings) size [-5,2147483647]",
            "%2 - f32[1,3,3,3] conv2DWeightGradient(%0, %1) \(settings) kernel [0,-3]",
        ] {
            let result = message(head + line + "\nend")
            #expect(result.hasPrefix("line 5: expected "), "\(line): \(result)")
        }
    }

    @Test func longAndBinaryGarbageIsShortened() {
        let long = String(repeating: "z", count: 1_000_000)
        #expect(message(line: long).utf8.count < 200)
        #expect(
            message(line: "%1 - f32[" + String(repeating: "1,", count: 100_000)).utf8.count < 200)
        #expect(message(line: String(repeating: "(", count: 100_000)).utf8.count < 200)
        #expect(!message(line: "\u{1}\u{2}\u{7}").contains("\u{7}"))
    }

    /// Damaged text gives a graph or an error, never a crash; cut text always gives an error.
    @Test(arguments: 0..<60 as Range<UInt64>) func damagedTextNeverCrashes(seed: UInt64) {
        let text = Array(RandomGraph(seed: seed, nodeCount: 12).graph.text.utf8)
        var random = SeededGenerator(seed: seed)
        let pieces: [String] = [
            "-", "[", "]", "%", "9999999999", ",", "(", ")", "\"", "\n", "0", "-1",
        ]
        for _ in 0..<40 {
            var damaged = text
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<damaged.count, using: &random)
                let length = min(Int.random(in: 0...3, using: &random), damaged.count - place)
                let piece = pieces[Int.random(in: 0..<pieces.count, using: &random)]
                damaged.replaceSubrange(place..<place + length, with: Array(piece.utf8))
            }
            if let graph = try? Graph(parsing: String(decoding: damaged, as: UTF8.self)) {
                expectRoundTrip(graph, "seed \(seed)")
            }
            let cut = text.prefix(Int.random(in: 0..<text.count - 1, using: &random))
            #expect(message(String(decoding: cut, as: UTF8.self)) != "no error", "seed \(seed)")
        }
    }
}
