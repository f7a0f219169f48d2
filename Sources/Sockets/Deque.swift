/// Elements in a line: the next is taken from the front, which costs the same however long the line is.
///
/// What was taken is let go of at once, also while the line is never empty.
public struct Deque<Element> {
    @usableFromInline var items: [Element?] = []
    @usableFromInline var head = 0

    /// As many places as this are left empty at the front, or as many as are taken, before they are given back.
    @usableFromInline static var slack: Int { 1_024 }

    /// An empty one.
    @inlinable public init() {}

    /// How many elements there are.
    @inlinable public var count: Int { items.count - head }

    /// Whether there are none.
    @inlinable public var isEmpty: Bool { head == items.count }

    /// The next to be taken; nil if there is none.
    @inlinable public var first: Element? { isEmpty ? nil : items[head] }

    /// All of them, the next to be taken at the front.
    public var all: [Element] { items[head...].compactMap(\.self) }

    /// Adds one at the end.
    @inlinable public mutating func append(_ element: Element) {
        items.append(element)
    }

    /// Puts some before all others, in their order.
    public mutating func prepend(_ elements: [Element]) {
        items.replaceSubrange(..<head, with: elements.map { $0 })
        head = 0
    }

    /// Takes the next; nil if there is none.
    @inlinable public mutating func popFirst() -> Element? {
        guard !isEmpty else { return nil }
        let first = items[head]
        items[head] = nil
        head += 1
        if head == items.count {
            items.removeAll(keepingCapacity: true)
            head = 0
        } else if head > Self.slack, head * 2 > items.count {
            items.removeFirst(head)
            head = 0
        }
        return first
    }

    /// Takes out the first of which `condition` holds, wherever it stands; whether there was one.
    public mutating func removeFirst(where condition: (Element) -> Bool) -> Bool {
        guard let index = items[head...].firstIndex(where: { $0.map(condition) ?? false }) else {
            return false
        }
        items.remove(at: index)
        return true
    }
}

extension Deque: Sendable where Element: Sendable {}
