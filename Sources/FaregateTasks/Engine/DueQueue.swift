/// Things to do, the earliest first; of those that are due together, the one that came first. A binary heap.
struct DueQueue<Item> {
    private struct Entry {
        let due: Duration
        let order: Int
        let item: Item

        func isBefore(_ other: Entry) -> Bool { due == other.due ? order < other.order : due < other.due }
    }

    private var entries: [Entry] = []
    private var nextOrder = 0

    var count: Int { entries.count }
    /// When the first is due.
    var due: Duration? { entries.first?.due }

    mutating func add(_ item: Item, due: Duration) {
        entries.append(Entry(due: due, order: nextOrder, item: item))
        nextOrder += 1
        var child = entries.count - 1
        while child > 0, entries[child].isBefore(entries[(child - 1) / 2]) {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes the first.
    mutating func removeFirst() -> Item {
        entries.swapAt(0, entries.count - 1)
        let first = entries.removeLast().item
        var parent = 0
        while true {
            let (left, right) = (2 * parent + 1, 2 * parent + 2)
            var least = parent
            if left < entries.count, entries[left].isBefore(entries[least]) { least = left }
            if right < entries.count, entries[right].isBefore(entries[least]) { least = right }
            if least == parent { return first }
            entries.swapAt(parent, least)
            parent = least
        }
    }
}
