/// The members of a JSON object, in order. A key stands in it once; its bytes are what identifies it.
///
/// Two objects are equal when they have the same members, in whatever order.
public struct JSONObject: Sendable {
    /// The keys, in order.
    public private(set) var keys: [String]
    /// The values, in the order of the keys.
    public private(set) var values: [JSONValue]
    /// Where the first keys stand, all of them unless members were appended; only kept for objects so large that looking
    /// through them would take long.
    private var positions: [Identity: Int] = [:]

    /// Up to this many members, a search from the front is faster than hashing.
    private static let searchedCount = 16

    /// No members.
    public init() {
        keys = []
        values = []
    }

    /// Members in an order. Of a key that occurs twice the last value counts, at the first place.
    public init(_ members: some Sequence<(String, JSONValue)>) {
        self.init()
        for (key, value) in members { self[key] = value }
    }

    init(keys: ArraySlice<String>, values: ArraySlice<JSONValue>) {
        self.init()
        reserveCapacity(keys.count)
        if keys.count > Self.searchedCount { positions.reserveCapacity(keys.count) }
        for (key, value) in zip(keys, values) { self[key] = value }
    }

    /// Makes room for so many members at once.
    public mutating func reserveCapacity(_ count: Int) {
        keys.reserveCapacity(count)
        values.reserveCapacity(count)
    }

    /// Adds a member at the end whose key is known not to be there yet: keys of a table, which has each once.
    public mutating func append(_ key: String, _ value: JSONValue) {
        keys.append(key)
        values.append(value)
    }

    /// The number of members.
    public var count: Int { keys.count }

    /// Whether there are no members.
    public var isEmpty: Bool { keys.isEmpty }

    /// A member's value. Setting one keeps its place or adds it at the end; setting nil removes it.
    public subscript(key: String) -> JSONValue? {
        get { position(of: key).map { values[$0] } }
        set {
            switch (position(of: key), newValue) {
            case (let position?, let value?):
                values[position] = value
            case (nil, let value?):
                keys.append(key)
                values.append(value)
                if keys.count > Self.searchedCount { notePositions() }
            case (let position?, nil):
                keys.remove(at: position)
                values.remove(at: position)
                positions = [:]
                if keys.count > Self.searchedCount { notePositions() }
            case (nil, nil):
                break
            }
        }
    }

    private func position(of key: String) -> Int? {
        if keys.count > Self.searchedCount, positions.count == keys.count {
            return positions[Identity(text: key)]
        }
        return keys.firstIndex { Identity.areEqual($0, key) }
    }

    /// Enters the keys that are not in `positions` yet: the last one, or all.
    private mutating func notePositions() {
        for position in positions.count..<keys.count { positions[Identity(text: keys[position])] = position }
    }

    /// A key compared by its bytes: to `String`, an accented letter equals a letter and its accent.
    private struct Identity: Hashable {
        let text: String

        static func == (left: Identity, right: Identity) -> Bool { areEqual(left.text, right.text) }

        static func areEqual(_ left: String, _ right: String) -> Bool {
            // Lengths tell most apart. Equal bytes make equal texts, which are quickly told from others.
            left.utf8.count == right.utf8.count && left == right && left.utf8.elementsEqual(right.utf8)
        }

        func hash(into hasher: inout Hasher) {
            var text = text
            text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
    }
}

extension JSONObject: Hashable {
    /// Whether both have the same members, in whatever order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && zip(left.keys, left.values).allSatisfy { right[$0] == $1 }
    }

    /// Mixes the members in, whatever their order.
    public func hash(into hasher: inout Hasher) {
        var sum = 0
        for (key, value) in zip(keys, values) {
            var member = Hasher()
            Identity(text: key).hash(into: &member)
            member.combine(value)
            sum &+= member.finalize()
        }
        hasher.combine(sum)
    }
}

extension JSONObject: Sequence, ExpressibleByDictionaryLiteral {
    /// The members in order.
    public func makeIterator() -> Zip2Sequence<[String], [JSONValue]>.Iterator {
        zip(keys, values).makeIterator()
    }

    /// The keys of literals.
    public typealias Key = String
    /// The values of literals.
    public typealias Value = JSONValue

    /// Members in order.
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
