import Testing

@testable import FaregateTasks

@Suite("A look at open tasks, and what happened since the one before")
struct GlanceTests {
    static let now = TaskStoreTests.now

    @Test("The first look tells the last that happened to each open task, a later one only what is new")
    func since() async throws {
        let store = try TaskStore()
        _ = try await store.admit(TaskStoreTests.order(), id: "t1", at: Self.now)
        _ = try await store.admit(TaskStoreTests.order(), id: "t2", at: Self.now)
        let first = try await store.glance(at: nil, since: nil)
        #expect(first.open.map(\.id.task) == ["t1", "t2"])
        #expect(first.events.map(\.task) == ["t1", "t2"])
        #expect(try await store.glance(at: nil, since: first.latest).events.isEmpty)
        _ = try await store.admit(TaskStoreTests.order(), id: "t3", at: Self.now)
        let second = try await store.glance(at: nil, since: first.latest)
        #expect(second.open.count == 3)
        #expect(Set(second.events.map(\.task)) == ["t3"])
        #expect(second.events.map(\.event) == (try await store.events(of: "t3")))
    }

    @Test("One task alone, until it ends")
    func only() async throws {
        let store = try TaskStore()
        for id in ["t1", "t2"] { _ = try await store.admit(TaskStoreTests.order(), id: id, at: Self.now) }
        let first = try await store.glance(at: "t1", since: nil)
        #expect(first.open.map(\.id.task) == ["t1"] && first.events.map(\.task) == ["t1"])
        try await store.transact(at: Self.now) { store in
            for id in ["t1", "t2"] {
                _ = try store.conclude(.withdraw, of: Attempt.ID(task: id, number: 1), meansless: [])
            }
        }
        let last = try await store.glance(at: "t1", since: first.latest)
        #expect(last.open.isEmpty)
        #expect(!last.events.isEmpty && Set(last.events.map(\.task)) == ["t1"])
    }
}
