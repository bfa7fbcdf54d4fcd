import Faregate
import Testing

@Suite("The name that somebody most likely meant")
struct NearestNameTests {
    static let known = [
        "duration", "aspect_ratio", "image_urls", "image_url", "prompt", "mode", "seed", "callback_url",
    ]

    static let misspelt: [(String, String?)] = [
        ("duratoin", "duration"), ("Duration", "duration"), ("durations", "duration"), ("promt", "prompt"),
        ("PROMPT", "prompt"), ("aspectRatio", "aspect_ratio"), ("aspect-ratio", "aspect_ratio"), ("sede", "seed"),
        ("image_ulrs", "image_urls"), ("image_urls", "image_urls"), ("mod", "mode"), ("ratio", "aspect_ratio"),
        ("callback", "callback_url"), ("xyz", nil), ("temperature", nil), ("qqqqqqqqqq", nil),
    ]

    @Test("A slip is recognised, another word is not", arguments: misspelt)
    func nearest(_ name: String, _ expected: String?) { #expect(nearestName(to: name, among: Self.known) == expected) }

    @Test("Of equally near names the first wins")
    func tie() {
        #expect(nearestName(to: "cat", among: ["bat", "hat"]) == "bat")
        #expect(nearestName(to: "cat", among: ["hat", "bat"]) == "hat")
    }

    @Test("A swap of neighbours is one slip, and so nearer than two changes")
    func swap() { #expect(nearestName(to: "abcdef", among: ["abxxef", "abdcef"]) == "abdcef") }

    @Test("Nothing is near where nothing is known") func none() { #expect(nearestName(to: "seed", among: []) == nil) }

    @Test("Very long names cost no more than short ones say")
    func long() {
        let long = String(repeating: "x", count: 100_000)
        #expect(nearestName(to: long, among: ["seed"]) == nil)
        #expect(nearestName(to: "", among: ["seed"]) == nil)
    }

    static let lists: [([String], String)] = [
        ([], ""), (["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c"),
    ]

    @Test("A list is read as people write it", arguments: lists)
    func list(_ items: [String], _ text: String) { #expect(listed(items) == text) }
}
