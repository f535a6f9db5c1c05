import CKernels
import Foundation
import MartletData
import Testing

/// A small picture in which every byte differs from its neighbours.
func ramp(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) } }

@Suite struct AugmentationTests {
    private let key = SampleKey(seed: 1, epoch: 2, sample: 3)
    private let square: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9]

    private func result(_ step: AugmentationStep..., border: Border = .constant(0)) -> [UInt8] {
        Augmentation(step, border: border).applied(to: square, shape: [1, 3, 3], key: key)
    }

    @Test func flipsMirrorRowsAndColumns() {
        #expect(result(.flipHorizontally(probability: 1)) == [3, 2, 1, 6, 5, 4, 9, 8, 7])
        #expect(result(.flipVertically(probability: 1)) == [7, 8, 9, 4, 5, 6, 1, 2, 3])
        #expect(
            result(.flipVertically(probability: 1), .flipHorizontally(probability: 1))
                == square.reversed())
        #expect(
            result(.flipHorizontally(probability: 1), .flipHorizontally(probability: 1)) == square)
        #expect(result(.flipHorizontally(probability: 0)) == square)
    }

    @Test func quarterTurnsGoCounterClockwise() {
        #expect(result(.rotate(degrees: 90...90)) == [3, 6, 9, 2, 5, 8, 1, 4, 7])
        #expect(result(.rotate(degrees: -90 ... -90)) == [7, 4, 1, 8, 5, 2, 9, 6, 3])
        #expect(result(.rotate(degrees: 180...180)) == square.reversed())
        #expect(result(.rotate(degrees: 0...0)) == square)
        #expect(result(.rotate(degrees: 30...30), .rotate(degrees: -30 ... -30)) == square)
    }

    @Test func shiftsByWholePixelsMoveBytes() {
        #expect(result(.shift(x: 1...1, y: 0...0)) == [0, 1, 2, 0, 4, 5, 0, 7, 8])
        #expect(result(.shift(x: 0...0, y: -1 ... -1)) == [4, 5, 6, 7, 8, 9, 0, 0, 0])
        #expect(
            result(.shift(x: 1...1, y: 0...0), border: .edge) == [1, 1, 2, 4, 4, 5, 7, 7, 8])
        #expect(
            result(.shift(x: 2...2, y: 0...0), border: .mirror) == [3, 2, 1, 6, 5, 4, 9, 8, 7])
        #expect(
            result(.shift(x: 1...1, y: 1...1), border: .constant(255))
                == [255, 255, 255, 255, 1, 2, 255, 4, 5])
        let third = 1.0 / 3
        #expect(
            result(.shift(x: third...third, y: 0...0, unit: .fraction))
                == [0, 1, 2, 0, 4, 5, 0, 7, 8])
        #expect(
            result(.shift(x: 0.6...0.6, y: -0.4 ... -0.4, unit: .wholePixels))
                == [0, 1, 2, 0, 4, 5, 0, 7, 8])
        #expect(result(.shift(x: 99...99, y: 0...0)) == [UInt8](repeating: 0, count: 9))
    }

    @Test func halfAPixelIsTheMeanOfTwo() {
        // Rounded up at one half, and half of the border at the edge.
        #expect(result(.shift(x: 0.5...0.5, y: 0...0)) == [1, 2, 3, 2, 5, 6, 4, 8, 9])
        #expect(
            result(.shift(x: 0...0, y: 0.5...0.5), border: .edge) == [1, 2, 3, 3, 4, 5, 6, 7, 8])
    }

    @Test func scaleAndShearKeepTheCentre() {
        let twice = result(.scale(2...2))
        #expect(twice == [3, 4, 4, 5, 5, 6, 6, 7, 7])
        #expect(result(.stretch(x: 0.5...0.5, y: 1...1)) == [0, 2, 0, 0, 5, 0, 0, 8, 0])
        // x − tan(45°)·y: the upper row moves to the right, the lower one to the left.
        #expect(result(.shear(x: 45...45)) == [0, 1, 2, 4, 5, 6, 8, 9, 0])
        #expect(result(.shear(x: 0...0, y: 45...45)) == [0, 2, 6, 1, 5, 9, 4, 8, 0])
    }

    @Test func stepsThatMovePixelsAreOneInterpolation() {
        // Away by a fraction and back would blur if it were carried out twice.
        #expect(
            result(.shift(x: 0.25...0.25, y: 0...0), .shift(x: -0.25 ... -0.25, y: 0...0))
                == square)
        // The order counts: the turn first, then the way to the right.
        #expect(
            result(.rotate(degrees: 90...90), .shift(x: 1...1, y: 0...0))
                == [0, 3, 6, 0, 2, 5, 0, 1, 4])
        #expect(
            result(.shift(x: 1...1, y: 0...0), .rotate(degrees: 90...90))
                == [2, 5, 8, 1, 4, 7, 0, 0, 0])
    }

    @Test func brightnessContrastAndInversionRoundAndClip() {
        #expect(result(.brightness(2...2)) == [2, 4, 6, 8, 10, 12, 14, 16, 18])
        #expect(result(.brightness(100...100)) == [100, 200] + [UInt8](repeating: 255, count: 7))
        #expect(result(.brightness(0...0)) == [UInt8](repeating: 0, count: 9))
        #expect(result(.contrast(0...0)) == [UInt8](repeating: 5, count: 9))
        #expect(result(.contrast(2...2)) == [0, 0, 1, 3, 5, 7, 9, 11, 13])
        #expect(result(.invert(probability: 1)) == square.map { 255 - $0 })
        #expect(result(.brightness(1...1), .contrast(1...1), .saturation(0...0)) == square)
    }

    @Test func saturationMovesFromGrey() {
        // One pixel, red; its grey is 76.
        let red: [UInt8] = [255, 0, 0]
        func saturated(_ factor: Double) -> [UInt8] {
            Augmentation(.saturation(factor...factor)).applied(to: red, shape: [3, 1, 1], key: key)
        }
        #expect(saturated(1) == red)
        #expect(saturated(0) == [76, 76, 76])
        #expect(saturated(0.5) == [166, 38, 38])
        #expect(saturated(3) == [255, 0, 0])
    }

    @Test(arguments: [Border.constant(7), .edge, .mirror])
    func cropsAreShiftsByWholePixels(border: Border) {
        let (width, height, padding) = (5, 4, 3)
        let picture = ramp(width * height)
        func source(_ index: Int, _ size: Int) -> Int? {
            if (0..<size).contains(index) { return index }
            return switch border {
            case .constant: nil
            case .edge: min(max(index, 0), size - 1)
            case .mirror: index < 0 ? -index : 2 * size - 2 - index
            }
        }
        var expected: [[UInt8]] = []
        for down in -padding...padding {
            for right in -padding...padding {
                expected.append(
                    (0..<height * width).map { place in
                        guard let y = source(place / width + down, height),
                            let x = source(place % width + right, width)
                        else { return 7 }
                        return picture[y * width + x]
                    })
            }
        }
        var seen: Set<[UInt8]> = []
        for sample in 0..<600 {
            let crop = Augmentation(.crop(padding: padding, border: border)).applied(
                to: picture, shape: [1, height, width],
                key: SampleKey(seed: 5, epoch: 0, sample: sample))
            #expect(expected.contains(crop))
            seen.insert(crop)
        }
        #expect(seen == Set(expected))
    }

    @Test func planesAreTreatedAlike() {
        let plane = ramp(49)
        let steps = Augmentation(
            .rotate(degrees: 20...20), .elastic(alpha: 5, sigma: 2), .crop(padding: 2))
        let one = steps.applied(to: plane, shape: [1, 7, 7], key: key)
        #expect(steps.applied(to: plane + plane, shape: [2, 7, 7], key: key) == one + one)
        #expect(one != plane)
    }
}
