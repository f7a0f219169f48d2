/// Which arrays and objects enclose the present place. One bit per level, so that the first 64 levels need no
/// memory of their own.
struct NestingStack {
    private(set) var depth = 0
    private var bits: UInt64 = 0
    private var outer: [UInt64] = []

    /// Whether the innermost one is an object; false outside of all.
    @inline(__always)
    var isObject: Bool { bits & 1 == 1 }

    @inline(__always)
    mutating func push(isObject: Bool) {
        if depth > 0, depth % 64 == 0 { outer.append(bits) }
        bits = bits << 1 | (isObject ? 1 : 0)
        depth += 1
    }

    @inline(__always)
    mutating func pop() {
        depth -= 1
        bits >>= 1
        if depth > 0, depth % 64 == 0 { bits = outer.removeLast() }
    }
}
