import Foundation
import MartletFormats
import MartletGraph
import Testing

@Suite struct PictureResizingTests {
    /// Every picture at 28 x 28 in grey, with three filters, against Pillow.
    @Test func equalsPillowInGrey() throws {
        let fixtures = try PictureFixtures()
        var (count, exact) = (0, 0)
        for entry in fixtures.readable {
            for isUpright in entry.rowUpright == nil ? [false] : [false, true] {
                let reading = PictureReading(transparency: .ignored, isUpright: isUpright)
                let url = Fixtures.url("data/images/\(entry.file)")
                let grey = try Picture(contentsOf: url, reading).grey()
                let row = isUpright ? entry.rowUpright ?? entry.row : entry.row
                for filter in [ResizeFilter.lanczos, .bilinear, .box] {
                    let expected = try fixtures.row("grey28_\(filter.rawValue)", row)
                    let found = difference(
                        grey.resized(width: 28, height: 28, filter).samples, expected)
                    #expect(
                        found.most <= entry.decodeMax + 1,
                        "\(entry.file) \(filter), upright \(isUpright): \(found)")
                    count += 1
                    exact += found.most == 0 ? 1 : 0
                }
            }
        }
        print("resizing: \(count) grey pictures, \(exact) equal to Pillow's bit for bit")
    }

    /// The resizing alone, from the decoded arrays: nothing but rounding may differ, and does not.
    @Test func equalsPillowExactlyFromEqualPixels() throws {
        let fixtures = try PictureFixtures()
        var count = 0
        for row in 0..<33 where fixtures.expected.names.contains("full\(row).grey") {
            let grey = Picture(try fixtures.expected.array("full\(row).grey"))
            for filter in [ResizeFilter.lanczos, .bilinear, .box] {
                let expected = try fixtures.row("grey28_\(filter.rawValue)", row)
                #expect(
                    grey.resized(width: 28, height: 28, filter).samples == expected,
                    "row \(row) \(filter)")
                count += 1
            }
        }
        #expect(count >= 90)
        print("resizing: \(count) pictures equal Pillow's bit for bit from equal pixels")
    }

    @Test func equalsPillowAndTorchvisionInColour() throws {
        let fixtures = try PictureFixtures()
        var (count, most, largest) = (0, 0, 0.0)
        for entry in fixtures.readable {
            let url = Fixtures.url("data/images/\(entry.file)")
            let picture = try Picture(contentsOf: url, PictureFixtures.asPillow).rgb()
            let small = picture.resized(width: 32, height: 32)
            let found = difference(small.samples, try fixtures.row("rgb32_torchvision", entry.row))
            #expect(found.most <= entry.decodeMax + 1, "\(entry.file) torchvision: \(found)")
            count += 1
            guard entry.isCore else { continue }
            for filter in [ResizeFilter.lanczos, .bilinear, .box] {
                let name = "core\(entry.row).rgb32_\(filter.rawValue)"
                let resized = picture.resized(width: 32, height: 32, filter)
                let found = difference(resized.samples, try fixtures.expected.array(name).bytes)
                #expect(found.most <= entry.decodeMax + 1, "\(entry.file) \(filter): \(found)")
                most = max(most, entry.isExact ? found.most : 0)
                count += 1
            }
            // From the expected pixels, so that decoding has no part in the difference.
            let colours = try fixtures.expected.array("full\(entry.row).rgb")
            let (height, width) = (colours.type.shape[0], colours.type.shape[1])
            let exact = Picture(width: width, height: height, channels: 3, samples: colours.bytes)
            let floats = exact.tensor.bytes.map { Float($0) / 255 }
            let tensor = resized(
                HostTensor(floats, shape: [3, height, width]), width: 32, height: 32)
            let expected = try fixtures.expected.array("core\(entry.row).rgb32_torchvision_float")
            #expect(tensor.type == expected.type)
            for (value, wanted) in zip(tensor.doubles, expected.doubles) {
                largest = max(largest, abs(value - wanted))
            }
        }
        #expect(largest <= 1e-5)
        print(
            "resizing: \(count) colour pictures; exact ones differ by \(most), floats by \(largest)"
        )
    }

    /// Numbers of PyTorch 2.13: `interpolate(x, (3, 13), mode="bicubic", antialias=True)`.
    @Test func bicubicEqualsPyTorch() {
        let values: [Float] = (0..<54).map { (index: Int) -> Float in
            let whole = (index / 9) * 37 + (index % 9) * 91
            return Float(whole % 101) / 4
        }
        let tensor = resized(HostTensor(values, shape: [1, 6, 9]), width: 13, height: 3, .bicubic)
        let expected: [Double] = [
            5.729, 11.2998, 15.5759, 12.3442, 9.6395, 11.9444, 18.8023, 17.2234, 15.0007, 13.2847,
            11.3531, 11.0987, 11.584, 10.7081, 8.236, 8.4539, 15.0186, 14.0751, 12.7148, 13.125,
            13.5352, 12.6618, 10.6983, 8.2664, 12.2104, 17.124, 14.8553, 13.3694, 12.1845, 12.8133,
            11.3887, 9.0266, 7.4477, 14.3056, 16.5672, 13.985, 12.3165, 9.8542, 8.0106,
        ]
        for (value, wanted) in zip(tensor.doubles, expected) { #expect(abs(value - wanted) < 2e-4) }
        #expect(tensor.type.shape == [1, 3, 13])
    }

    @Test func everyFilterKeepsOneColour() {
        let flat = Picture(width: 20, height: 11, filledWith: [77, 5, 250])
        for filter in ResizeFilter.allCases {
            for (width, height) in [(7, 3), (40, 40), (20, 5), (1, 1)] {
                let resized = flat.resized(width: width, height: height, filter)
                #expect(
                    resized == Picture(width: width, height: height, filledWith: [77, 5, 250]),
                    "\(filter) \(width) x \(height)")
            }
        }
    }

    /// What a thin picture becomes takes no more memory than what is kept of it.
    @Test func thinPicturesFillToo() {
        for (width, height) in [(200_000, 1), (1, 200_000)] {
            let thin = Picture(width: width, height: height, filledWith: [1, 2, 3])
            #expect(
                thin.filled(width: 224, height: 224)
                    == Picture(width: 224, height: 224, filledWith: [1, 2, 3]))
        }
    }

    @Test func cropsFitsAndFills() {
        let picture = Picture(width: 4, height: 2, channels: 1, samples: [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(picture.cropped(x: 1, y: 1, width: 2, height: 1).samples == [6, 7])
        let fitted = picture.fitted(width: 4, height: 4, padding: 9)
        #expect(fitted.samples == [9, 9, 9, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9])
        let tall = Picture(width: 1, height: 500, filledWith: [3])
        #expect(
            tall.fitted(width: 10, height: 10, padding: 0).samples.filter { $0 == 3 }.count == 10)
        #expect(picture.filled(width: 2, height: 2).samples == [2, 3, 6, 7])
        #expect(picture.inverted().samples == [254, 253, 252, 251, 250, 249, 248, 247])
    }

    @Test func turningTwiceRestores() {
        let picture = Picture(width: 3, height: 2, channels: 1, samples: [1, 2, 3, 4, 5, 6])
        let inverse: [Orientation: Orientation] = [
            .onItsLeft: .onItsRight, .onItsRight: .onItsLeft,
        ]
        for orientation in Orientation.allCases {
            let back = picture.turned(orientation).turned(inverse[orientation] ?? orientation)
            #expect(back == picture, "\(orientation)")
        }
        #expect(picture.turned(.mirrored).samples == [3, 2, 1, 6, 5, 4])
    }
}
