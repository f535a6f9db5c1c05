import Foundation
import MartletData
import Testing

@Suite struct DigestTests {
    private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

    /// The test suite of RFC 1321, appendix A.5.
    @Test(arguments: [
        ("", "d41d8cd98f00b204e9800998ecf8427e"),
        ("a", "0cc175b9c0f1b6a831c399e269772661"),
        ("abc", "900150983cd24fb0d6963f7d28e17f72"),
        ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
        ("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"),
        (letters, "d174ab98d277d9f5a5611c2c9f419d9f"),
        (String(repeating: "1234567890", count: 8), "57edf4a22be3c955ac49da2e2107b67a"),
    ])
    func md5GivesThePublishedDigests(text: String, digits: String) {
        #expect(Checksum.of(Array(text.utf8), .md5) == .md5(digits))
    }

    /// The examples of FIPS 180-4 from NIST's Cryptographic Standards pages.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            String(repeating: "a", count: 1_000_000),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        ),
    ])
    func sha256GivesThePublishedDigests(text: String, digits: String) {
        #expect(Checksum.of(Array(text.utf8), .sha256) == .sha256(digits))
    }

    /// Bytes that come in pieces of any size give the digest of the whole.
    @Test func piecesGiveTheDigestOfTheWhole() {
        let bytes = TinySet.noise(1000, seed: 3)
        for kind in [Checksum.Kind.md5, .sha256] {
            let whole = Checksum.of(bytes, kind)
            for size in [1, 3, 55, 63, 64, 65, 127, 128, 999] {
                var stream = ChecksumStream(kind)
                for start in stride(from: 0, to: bytes.count, by: size) {
                    Array(bytes[start..<min(start + size, bytes.count)])
                        .withUnsafeBytes { stream.update($0) }
                }
                #expect(stream.finish() == whole, "\(kind) in pieces of \(size)")
            }
        }
    }
}
