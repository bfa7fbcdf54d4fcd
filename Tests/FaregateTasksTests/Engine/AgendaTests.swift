import FaregateProviders
import Testing

@testable import FaregateTasks

@Suite("The agenda")
struct AgendaTests {
    private static func agenda(
        tasks: Int? = nil, perMinute: Int? = nil, calls: Int = 100_000
    ) throws -> Agenda {
        var traits = try Manifests.invented().traits
        (traits.concurrentTasksMax, traits.requestsPerMinuteMax) = (tasks, perMinute)
        var settings = EngineSettings()
        settings.callCountMax = calls
        var agenda = Agenda()
        agenda.open("acme", traits, settings: settings)
        return agenda
    }

    private static func id(_ number: Int) -> Attempt.ID { Attempt.ID(task: "t\(number)", number: 1) }

    private static func plan(
        _ agenda: inout Agenda, _ kind: Errand.Kind, _ number: Int, at seconds: Int = 0, isAtProvider: Bool = false
    ) {
        agenda.plan(
            Errand(kind: kind, attempt: id(number)), for: "acme", due: .seconds(seconds), isAtProvider: isAtProvider)
    }

    @Test("Errands come when they are due, the earliest first, each once")
    func order() throws {
        var agenda = try Self.agenda()
        for number in [5, 3, 9, 1, 7] { Self.plan(&agenda, .poll, number, at: number) }
        #expect(agenda.nextDue(after: .zero) == .seconds(1))
        #expect(agenda.takeDue(at: .milliseconds(999)).isEmpty)
        #expect(agenda.takeDue(at: .seconds(6)).map(\.errand.attempt.task) == ["t1", "t3", "t5"])
        #expect(agenda.takeDue(at: .seconds(6)).isEmpty)
        #expect(agenda.nextDue(after: .seconds(6)) == .seconds(7))
    }

    @Test("Calls beside those that are planned count: the next ones wait for them")
    func otherCalls() throws {
        var agenda = try Self.agenda(perMinute: 60)
        for number in 1...6 { Self.plan(&agenda, .poll, number) }
        for _ in 1...4 { agenda.tookCall(at: "acme", .zero) }
        #expect(agenda.takeDue(at: .zero).count == 2)
        let next = agenda.nextDue(after: .zero)
        #expect(try #require(next) > .seconds(1))
        var debt = try Self.agenda(perMinute: 60)
        Self.plan(&debt, .poll, 1)
        for _ in 1...16 { debt.tookCall(at: "acme", .zero) }
        let late = debt.nextDue(after: .zero)
        #expect(try #require(late) > .seconds(10))
    }

    @Test("What is planned anew replaces what was planned; what is hastened comes at once")
    func replace() throws {
        var agenda = try Self.agenda()
        Self.plan(&agenda, .poll, 1, at: 10)
        Self.plan(&agenda, .poll, 1, at: 20)
        #expect(agenda.takeDue(at: .seconds(15)).isEmpty)
        agenda.hasten(Self.id(1), due: .seconds(15))
        #expect(agenda.takeDue(at: .seconds(15)).count == 1)
        #expect(agenda.takeDue(at: .seconds(99)).isEmpty)
        agenda.drop(Self.id(1))
        #expect(agenda.count == 0)
    }

    @Test("No more tasks are sent than a provider takes at once; an end makes room")
    func tasksAtOnce() throws {
        var agenda = try Self.agenda(tasks: 2)
        for number in 1...4 { Self.plan(&agenda, .submit, number) }
        let first = agenda.takeDue(at: .zero)
        #expect(first.map(\.errand.attempt.task) == ["t1", "t2"])
        for (errand, _) in first {
            agenda.plan(
                Errand(kind: .poll, attempt: errand.attempt), for: "acme", due: .seconds(60), isAtProvider: true)
            agenda.finished(errand, at: "acme")
        }
        #expect(agenda.takeDue(at: .zero).isEmpty)
        #expect(agenda.nextDue(after: .zero) == .seconds(60))
        agenda.drop(Self.id(1))
        #expect(agenda.takeDue(at: .zero).map(\.errand.attempt.task) == ["t3"])
    }

    @Test("In no minute are there more calls than a provider allows", arguments: [1, 7, 60, 600])
    func rate(_ perMinute: Int) throws {
        var agenda = try Self.agenda(perMinute: perMinute)
        let count = perMinute * 3 + 10
        for number in 0..<count { Self.plan(&agenda, .poll, number) }
        var (now, times): (Duration, [Duration]) = (.zero, [])
        while times.count < count {
            times += agenda.takeDue(at: now).map { _ in now }
            guard times.count < count else { break }
            let next = agenda.nextDue(after: now)
            now = max(try #require(next), now + .microseconds(1))
        }
        for (index, time) in times.enumerated() where index + perMinute < times.count {
            #expect(times[index + perMinute] - time >= .seconds(59.9), "calls \(index) to \(index + perMinute)")
        }
        // And it is not slower than need be.
        let last = try #require(times.last)
        #expect(last < .seconds(60) * (count / perMinute + 2))
    }

    @Test("A provider that asks for a pause gets no new task, and goes on being asked")
    func pause() throws {
        var agenda = try Self.agenda()
        agenda.pause("acme", until: .seconds(30))
        Self.plan(&agenda, .submit, 1)
        Self.plan(&agenda, .poll, 2, isAtProvider: true)
        #expect(agenda.takeDue(at: .zero).map(\.errand.kind) == [.poll])
        #expect(agenda.nextDue(after: .zero) == .seconds(30))
        #expect(agenda.takeDue(at: .seconds(30)).map(\.errand.kind) == [.submit])
    }

    @Test("Calls under way are bounded; one that finishes lets the next through")
    func calls() throws {
        var agenda = try Self.agenda(calls: 3)
        for number in 0..<5 { Self.plan(&agenda, .poll, number) }
        let first = agenda.takeDue(at: .zero)
        #expect(first.count == 3)
        #expect(agenda.nextDue(after: .zero) == nil)
        agenda.drop(first[0].errand.attempt)
        agenda.finished(first[0].errand, at: "acme")
        #expect(agenda.takeDue(at: .zero).count == 1)
    }
}
