/// Builds a value out of what the grammar finds. Unfinished members wait on two flat stacks, so nothing is
/// copied on the way but a container's members, once, when it ends.
struct ValueSink: JSONSink {
    private var values: [JSONValue] = []
    private var keys: [String] = []
    /// For each open container, how many values and keys were there before it.
    private var starts: [(values: Int, keys: Int)] = []

    /// The finished value.
    var value: JSONValue { values.last ?? .null }

    mutating func null() { values.append(.null) }
    mutating func bool(_ value: Bool) { values.append(.bool(value)) }

    mutating func number(_ text: UnsafeRawBufferPointer, isInteger: Bool) {
        values.append(.number(JSONNumber(checked: text, isInteger: isInteger)))
    }

    mutating func string(_ text: UnsafeRawBufferPointer, hasEscapes: Bool, at offset: Int) throws(JSONError) {
        values.append(.string(try Self.decode(text, hasEscapes: hasEscapes, at: offset)))
    }

    mutating func key(_ text: UnsafeRawBufferPointer, hasEscapes: Bool, at offset: Int) throws(JSONError) {
        keys.append(try Self.decode(text, hasEscapes: hasEscapes, at: offset))
    }

    mutating func open(isObject: Bool) { starts.append((values.count, keys.count)) }

    mutating func close(isObject: Bool) {
        let start = starts.removeLast()
        // No slice may outlive its line: it would make the stacks copy themselves when they shrink.
        let container: JSONValue =
            isObject
            ? .object(JSONObject(keys: keys[start.keys...], values: values[start.values...]))
            : .array(Array(values[start.values...]))
        values.removeLast(values.count - start.values)
        keys.removeLast(keys.count - start.keys)
        values.append(container)
    }

    private static func decode(
        _ text: UnsafeRawBufferPointer,
        hasEscapes: Bool,
        at offset: Int
    ) throws(JSONError) -> String {
        hasEscapes
            ? try JSONEscapes.decode(text, at: offset)
            : String(decoding: text, as: UTF8.self)
    }
}
