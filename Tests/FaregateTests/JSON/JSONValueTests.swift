import Faregate
import Testing

@Suite("Values are equal as in JSON Schema")
struct JSONValueTests {
    /// Numbers that are all different from one another, each in every way it can be written.
    static let classes: [[JSONValue]] = [
        [.integer(0), .real(0), .real(-0.0)], [.integer(8), .real(8)], [.real(8.5)], [.integer(-8), .real(-8)],
        [.integer(1 << 53), .real(9_007_199_254_740_992)], [.integer((1 << 53) + 1)],
        [.integer(.max)], [.integer(.max - 1)], [.real(9_223_372_036_854_775_808)],
        [.integer(.min), .real(-9_223_372_036_854_775_808)], [.integer(.min + 1)], [.real(1e300)], [.real(0.1)],
        [.null], [.bool(false)], [.bool(true)], [.string("")], [.string("8")], [.string("\u{E9}")],
        [.string("e\u{301}")],
        [.array([])], [.array([8]), .array([.real(8)])], [.array([8, 9])], [.array([9, 8])], [[:]], [["a": 1]],
        [["a": 1, "b": 2], ["b": 2, "a": 1], ["b": .real(2), "a": 1]], [["a": 1, "b": 3]], [["a": 1, "c": 2]],
        [["a": nil]], [["a": [:]]],
    ]

    @Test("Two values are equal exactly where they mean the same, and then hash alike")
    func equality() {
        for (i, first) in Self.classes.enumerated() {
            for (j, second) in Self.classes.enumerated() {
                for a in first {
                    for b in second {
                        #expect((a == b) == (i == j), "\(a.text()) and \(b.text())")
                        if a == b { #expect(a.hashValue == b.hashValue, "\(a.text()) and \(b.text())") }
                    }
                }
            }
        }
        #expect(Set(Self.classes.flatMap(\.self)).count == Self.classes.count)
    }

    static let kinds: [(JSONValue, String, Int64?)] = [
        (JSONValue.integer(8), "integer", Int64?(8)), (.real(8), "integer", 8), (.real(-0.0), "integer", 0),
        (.real(8.5), "number", nil), (.real(9.3e18), "integer", nil),
        (.bigInteger("9300000000000000000"), "integer", nil),
        (.real(-9_223_372_036_854_775_808), "integer", .min),
        (.string("8"), "string", nil), (.bool(true), "boolean", nil), (.null, "null", nil), (.array([8]), "array", nil),
        ([:], "object", nil),
    ]

    @Test("An integer is one by value", arguments: kinds)
    func types(_ value: JSONValue, _ name: String, _ integer: Int64?) {
        #expect(value.typeName == name)
        #expect(value.integerValue == integer)
    }

    @Test("A member can be set, replaced and removed, and keeps its place")
    func members() {
        var object = JSONObject([("b", 1), ("a", 2)])
        object["b"] = 3
        object["c"] = 4
        #expect(object.members.map(\.name) == ["b", "a", "c"])
        #expect(object["b"] == 3)
        object["b"] = nil
        object["missing"] = nil
        #expect(object.members.map(\.name) == ["a", "c"])
        #expect(JSONObject([("a", 1), ("b", 2), ("a", 3)])["a"] == 3)
        #expect(JSONObject([("a", 1), ("b", 2), ("a", 3)]).count == 2)
    }

    @Test("A member that is null is there")
    func nullMember() throws {
        let value = try JSONValue(parsing: #"{"a":null}"#)
        #expect(value["a"] == .some(.null))
        #expect(value["b"] == nil)
        #expect(JSONValue.array([1])["0"] == nil)
    }
}
