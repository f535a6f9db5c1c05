import Foundation
import MartletFormats
import Testing

/// Files that are no weights are refused with the name of what they seem to be.
@Suite struct ForeignFileTests {
    private func refusal(_ bytes: [UInt8]) -> FormatError? {
        Fixtures.expectRefusal("foreign") {
            _ = try WeightFile.open(FileContents(bytes, name: "x.martlet"))
        }
    }

    @Test func namesWhatAFileSeemsToBe() {
        for (bytes, name) in [
            ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0], "a PNG picture"),
            ([0xFF, 0xD8, 0xFF, 0xE0], "a JPEG picture"),
            ([0x1F, 0x8B, 8], "a file packed by gzip"),
            (Array("%PDF-1.7".utf8), "a PDF document"), (Array("hello\n".utf8), "text: hello"),
            (Array("你好\n".utf8), "text: 你好"),
            (Array("naïve and longer than 24 bytes".utf8), "text: naïve and longer than 2"),
            (Array("12345678901234567890123你".utf8), "text: 12345678901234567890123"),
            ([], "an empty file"), ([1, 2, 3], "bytes 01 02 03"),
            ([0xC3, 0x28, 0x41], "bytes c3 28 41"),
        ] as [([UInt8], String)] {
            let error = refusal(bytes)
            #expect(error?.kind == .unrecognized, "\(name)")
            #expect(error?.found == name)
        }
    }

    @Test func saysThatNothingReadsTheFile() {
        let error = refusal(Array("GIF89a".utf8))
        #expect(
            error?.description.hasPrefix("x.martlet has none of the formats that are read here\n")
                == true)
    }

    @Test func safetensorsAreNotForeign() {
        let folder = Fixtures.url("weights")
        #expect(
            ForeignFile.unlessSafetensors(folder.appendingPathComponent("net.safetensors")) == nil)
        #expect(
            ForeignFile.unlessSafetensors(folder.appendingPathComponent("net.pth"))
                == "a file of the format PyTorch (zip)")
        #expect(ForeignFile.unlessSafetensors(folder.appendingPathComponent("absent")) == nil)
    }
}
