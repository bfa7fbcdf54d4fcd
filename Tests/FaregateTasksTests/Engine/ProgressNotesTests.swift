import Testing

@testable import FaregateTasks

@Suite("How far attempts are, on its way to the disk")
struct ProgressNotesTests {
    private static func id(_ number: Int) -> Attempt.ID { Attempt.ID(task: "t\(number)", number: 1) }

    @Test("One write a second, with what each attempt told last")
    func pace() {
        var notes = ProgressNotes()
        #expect(notes.takeDue(at: .zero).isEmpty)
        notes.note(Self.id(1), percent: 5)
        #expect(notes.takeDue(at: .zero) == [Self.id(1): 5])
        notes.note(Self.id(1), percent: 10)
        notes.note(Self.id(2), percent: 50)
        notes.note(Self.id(1), percent: 15)
        #expect(notes.takeDue(at: .milliseconds(999)).isEmpty)
        #expect(notes.takeDue(at: .seconds(1)) == [Self.id(1): 15, Self.id(2): 50])
        #expect(notes.takeDue(at: .seconds(9)).isEmpty)
    }

    @Test("A write is bounded, those that wait longest come first, and what ended is not written")
    func bounds() {
        var notes = ProgressNotes()
        for number in 0..<(ProgressNotes.countMax + 10) { notes.note(Self.id(number), percent: number % 100) }
        notes.drop(Self.id(3))
        let first = notes.takeDue(at: .zero)
        #expect(first.count == ProgressNotes.countMax - 1 && first[Self.id(3)] == nil && first[Self.id(0)] == 0)
        notes.note(Self.id(0), percent: 90)
        let second = notes.takeDue(at: .seconds(1))
        #expect(second.count == 11 && second[Self.id(0)] == 90)
    }
}
