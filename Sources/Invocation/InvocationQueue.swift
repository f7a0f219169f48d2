/// Invocations in the order they came. Taking the first costs the same however long the line is.
struct InvocationQueue {
    private var items: [Invocation?] = []
    private var head = 0

    var count: Int { items.count - head }
    var isEmpty: Bool { count == 0 }
    var all: [Invocation] { items[head...].compactMap(\.self) }
    var first: Invocation? { isEmpty ? nil : items[head] }

    mutating func append(_ invocation: Invocation) {
        items.append(invocation)
    }

    /// Puts some before all others, in their order.
    mutating func prepend(_ invocations: [Invocation]) {
        items.replaceSubrange(..<head, with: invocations.map { $0 })
        head = 0
    }

    mutating func popFirst() -> Invocation? {
        guard !isEmpty else { return nil }
        let first = items[head]
        items[head] = nil
        head += 1
        if head == items.count {
            items.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 1_024, head * 2 > items.count {
            items.removeFirst(head)
            head = 0
        }
        return first
    }

    /// Takes one out, wherever it stands; whether it was there.
    mutating func remove(_ invocation: Invocation) -> Bool {
        guard let index = items[head...].firstIndex(where: { $0 === invocation }) else { return false }
        items.remove(at: index)
        return true
    }
}
