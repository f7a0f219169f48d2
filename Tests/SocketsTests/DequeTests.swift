import Sockets
import Testing

@Suite("A line of elements")
struct DequeTests {
    @Test("elements are taken in the order they came, those that were put before all others first")
    func order() {
        var line = Deque<Int>()
        #expect(line.popFirst() == nil)
        for number in 1...3 { line.append(number) }
        #expect(line.popFirst() == 1)
        line.prepend([-1, 0])
        #expect(line.all == [-1, 0, 2, 3])
        #expect(line.count == 4)
        #expect([line.first, line.popFirst(), line.first] == [-1, -1, 0])
    }

    @Test("of several that are meant the first is taken out, and nothing if none is")
    func removal() {
        var line = Deque<Int>()
        for number in [7, 1, 2, 1] { line.append(number) }
        _ = line.popFirst()
        #expect(line.removeFirst { $0 == 1 })
        #expect(line.all == [2, 1])
        // It has been taken before.
        #expect(!line.removeFirst { $0 == 7 })
        #expect(line.all == [2, 1])
    }

    @Test("what was taken is let go of, although the line is never empty")
    func release() {
        final class Something {}
        var line = Deque<Something>()
        var taken = Something() as Something?
        weak let first = taken
        if let taken { line.append(taken) }
        line.append(Something())
        taken = line.popFirst()
        #expect(first != nil)
        taken = nil
        #expect(first == nil)
        #expect(line.count == 1)
    }

    @Test("a line that is never empty stays in order for long")
    func long() {
        var line = Deque<Int>()
        var next = 0
        for number in 0..<10_000 {
            line.append(number)
            guard line.count > 100 else { continue }
            #expect(line.popFirst() == next)
            next += 1
        }
        #expect(line.all == Array(next..<10_000))
    }
}
