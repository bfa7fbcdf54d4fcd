/// MP4 with one H.264 frame of 16 × 16 that is shown for a second.
///
/// The frame is a single macroblock sent raw (I_PCM), the simplest picture that the standard allows.
func greyVideo() -> [UInt8] {
    let frame = bigEndian(UInt32(slice.count)) + slice
    let start = box("ftyp", Array("isom".utf8), number(0x200), Array("isomiso2avc1mp41".utf8))
    // The table of chunks needs the place of the frame, and its size does not depend on it.
    let offset = start.count + movie(frameSize: frame.count, frameOffset: 0).count + 8
    return start + movie(frameSize: frame.count, frameOffset: offset) + box("mdat", frame)
}

/// Baseline profile, level 1, one macroblock.
private let sequenceParameters: [UInt8] = [0x67, 0x42, 0x00, 0x0A, 0xFB, 0x88]
private let pictureParameters: [UInt8] = [0x68, 0xCE, 0x38, 0x80]
/// An IDR slice: its header and the type of its only macroblock, the samples, the closing bit.
private let slice: [UInt8] = [0x65, 0x88, 0x84, 0x08, 0x68] + [UInt8](repeating: 0x80, count: 384) + [0x80]

private func movie(frameSize: Int, frameOffset: Int) -> [UInt8] {
    let header = box(
        "mvhd", zeros(12), number(1000), number(1000), number(0x10000), half(0x100), zeros(10), matrix, zeros(24),
        number(2))
    let media = box(
        "mdia",
        box("mdhd", zeros(12), number(1000), number(1000), half(0x55C4), half(0)),
        box("hdlr", zeros(8), Array("vide".utf8), zeros(12), Array("video\0".utf8)),
        box(
            "minf", box("vmhd", number(1), zeros(8)),
            box("dinf", box("dref", number(0), number(1), box("url ", number(1)))),
            samples(frameSize: frameSize, frameOffset: frameOffset)))
    return box("moov", header, box("trak", trackHeader, media))
}

private let trackHeader = box(
    "tkhd", number(3), zeros(8), number(1), zeros(4), number(1000), zeros(8), zeros(8), matrix, number(16 << 16),
    number(16 << 16))

private func samples(frameSize: Int, frameOffset: Int) -> [UInt8] {
    box(
        "stbl",
        box("stsd", number(0), number(1), sampleEntry),
        box("stts", number(0), number(1), number(1), number(1000)),
        box("stsc", number(0), number(1), number(1), number(1), number(1)),
        box("stsz", number(0), number(0), number(1), number(frameSize)),
        box("stco", number(0), number(1), number(frameOffset)))
}

private let sampleEntry = box(
    "avc1", zeros(6), half(1), zeros(16), half(16), half(16), number(0x48_0000), number(0x48_0000), zeros(4), half(1),
    zeros(32), half(0x18), half(0xFFFF),
    box(
        "avcC", [1, 0x42, 0x00, 0x0A, 0xFF, 0xE1], half(sequenceParameters.count), sequenceParameters, [1],
        half(pictureParameters.count), pictureParameters))

/// No rotation, no scaling.
private let matrix: [UInt8] =
    number(0x10000) + zeros(12) + number(0x10000) + zeros(12) + number(0x4000_0000)

private func box(_ name: String, _ parts: [UInt8]...) -> [UInt8] {
    let body = parts.flatMap(\.self)
    return number(body.count + 8) + Array(name.utf8) + body
}

private func number(_ value: Int) -> [UInt8] { bigEndian(UInt32(value)) }
private func half(_ value: Int) -> [UInt8] { bigEndian(UInt16(value)) }
private func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
