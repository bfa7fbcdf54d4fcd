public import Faregate

/// A small real file of a medium: players and image viewers open it.
public struct SampleFile: Sendable {
    public let mediaType: String
    public let fileExtension: String
    public let bytes: [UInt8]

    /// One second of grey video, a grey square, half a second of silence, or a line of JSON.
    public static func of(_ medium: Medium) -> SampleFile {
        switch medium {
        case .video: SampleFile(mediaType: "video/mp4", fileExtension: "mp4", bytes: greyVideo())
        case .image: SampleFile(mediaType: "image/png", fileExtension: "png", bytes: greySquare())
        case .audio: SampleFile(mediaType: "audio/wav", fileExtension: "wav", bytes: silence())
        case .text:
            SampleFile(
                mediaType: "application/json", fileExtension: "json", bytes: Array(#"{"text": "a sample"}"#.utf8))
        }
    }

    /// PNG, 16 × 16, 8-bit grey, stored without compression.
    private static func greySquare() -> [UInt8] {
        let rows = (0..<16).flatMap { _ in [0] + [UInt8](repeating: 0x80, count: 16) }
        let length = UInt16(rows.count)
        let stored = [0x01] + littleEndian(length) + littleEndian(~length) + rows
        let data = [0x78, 0x01] + stored + bigEndian(adler32(rows))
        let header = bigEndian(UInt32(16)) + bigEndian(UInt32(16)) + [8, 0, 0, 0, 0]
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        return signature + chunk("IHDR", header) + chunk("IDAT", data) + chunk("IEND", [])
    }

    private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + data
        return bigEndian(UInt32(data.count)) + body + bigEndian(crc32(body))
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
        }
    }

    private static func adler32(_ bytes: [UInt8]) -> UInt32 {
        let (a, b) = bytes.reduce((UInt32(1), UInt32(0))) { sums, byte in
            let a = (sums.0 + UInt32(byte)) % 65_521
            return (a, (sums.1 + a) % 65_521)
        }
        return b << 16 | a
    }

    /// WAV, 8 kHz, 8-bit mono.
    private static func silence() -> [UInt8] {
        let samples = [UInt8](repeating: 0x80, count: 4000)
        let format =
            littleEndian(UInt16(1)) + littleEndian(UInt16(1)) + littleEndian(UInt32(8000)) + littleEndian(UInt32(8000))
            + littleEndian(UInt16(1)) + littleEndian(UInt16(8))
        let body =
            Array("WAVEfmt ".utf8) + littleEndian(UInt32(format.count)) + format
            + Array("data".utf8) + littleEndian(UInt32(samples.count)) + samples
        return Array("RIFF".utf8) + littleEndian(UInt32(body.count)) + body
    }
}

func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
