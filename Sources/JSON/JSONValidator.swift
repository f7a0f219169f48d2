/// Checks that bytes are JSON without building a value. Made for the events of invocations, which go to the
/// function as they came.
///
/// The grammar is that of RFC 8259 and the text must be UTF-8. Unlike the parser, it lets half of a surrogate
/// pair pass as an escape: the grammar allows it and Python's decoder takes it.
public enum JSONValidator {
    /// Checks a text.
    ///
    /// - Parameter maximumDepth: how many arrays and objects may stand inside each other.
    /// - Returns: the kind of the value.
    /// - Throws: `JSONError` for the first fault.
    @discardableResult
    public static func validate(
        _ bytes: UnsafeRawBufferPointer,
        maximumDepth: Int = JSONValue.defaultMaximumDepth
    ) throws(JSONError) -> JSONKind {
        var grammar = JSONGrammar(bytes, maximumDepth: maximumDepth, sink: KindSink())
        try grammar.run()
        return grammar.sink.kind
    }

    /// Whether a text is JSON.
    public static func isValid(_ bytes: [UInt8]) -> Bool {
        do throws(JSONError) {
            try validate(bytes)
            return true
        } catch {
            return false
        }
    }

    /// Checks a text.
    ///
    /// - Parameter maximumDepth: how many arrays and objects may stand inside each other.
    /// - Returns: the kind of the value.
    /// - Throws: `JSONError` for the first fault.
    @discardableResult
    public static func validate(
        _ bytes: [UInt8],
        maximumDepth: Int = JSONValue.defaultMaximumDepth
    ) throws(JSONError) -> JSONKind {
        try bytes.withUnsafeBufferPointer { buffer throws(JSONError) in
            try validate(UnsafeRawBufferPointer(buffer), maximumDepth: maximumDepth)
        }
    }
}

/// Remembers the kind of the value that is finished last, which is the whole one.
private struct KindSink: JSONSink {
    var kind = JSONKind.null

    mutating func null() { kind = .null }
    mutating func bool(_ value: Bool) { kind = .bool }
    mutating func number(_ text: UnsafeRawBufferPointer, isInteger: Bool) { kind = .number }
    mutating func string(_ text: UnsafeRawBufferPointer, hasEscapes: Bool, at offset: Int) { kind = .string }
    mutating func key(_ text: UnsafeRawBufferPointer, hasEscapes: Bool, at offset: Int) {}
    mutating func open(isObject: Bool) {}
    mutating func close(isObject: Bool) { kind = isObject ? .object : .array }
}
