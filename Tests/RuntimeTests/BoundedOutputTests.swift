import Runtime
import Testing

/// What is kept of what an invocation writes.
@Suite struct BoundedOutputTests {
    @Test("what fits is kept as it came, until it is taken")
    func fits() {
        var output = BoundedOutput()
        output.append(Array("one\n".utf8))
        output.append(Array("two".utf8))
        #expect(String(decoding: output.take(), as: UTF8.self) == "one\ntwo")
        #expect(output.take().isEmpty)
    }

    @Test("of too much the newest is kept, in whole lines, behind a line that says so")
    func tooMuch() {
        var output = BoundedOutput()
        let line = Array((String(repeating: "x", count: 99) + "\n").utf8)
        let lines = 3 * BoundedOutput.capacity / 100
        for _ in 0..<lines { output.append(line) }
        output.append(Array("the last\n".utf8))
        let kept = output.take()
        #expect(kept.count <= BoundedOutput.capacity + 100)
        #expect(kept.count > BoundedOutput.capacity / 2)
        let texts = String(decoding: kept, as: UTF8.self).split(separator: "\n")
        let dropped = lines * 100 + 9 - (kept.count - texts[0].utf8.count - 1)
        #expect(texts[0] == "[the first \(dropped) bytes of output are not kept]")
        #expect(texts[1].utf8.count == 99)
        #expect(texts.last == "the last")
    }

    @Test("a line without end is cut")
    func endless() {
        var output = BoundedOutput()
        let much = [UInt8](repeating: UInt8(ascii: "x"), count: BoundedOutput.capacity)
        for _ in 0..<3 { output.append(much) }
        #expect(output.take().suffix(BoundedOutput.capacity) == much[...])
        output.append(Array("more\n".utf8))
        #expect(String(decoding: output.take(), as: UTF8.self) == "more\n")
    }
}
