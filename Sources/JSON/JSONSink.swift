/// Is told what a `JSONGrammar` finds, in the order of the text. The slices point into the text.
protocol JSONSink {
    mutating func null()
    mutating func bool(_ value: Bool)
    mutating func number(_ text: UnsafeRawBufferPointer, isInteger: Bool)
    /// The text between the quotes, which is UTF-8 with well-formed escapes; it begins at `offset`.
    mutating func string(_ text: UnsafeRawBufferPointer, hasEscapes: Bool, at offset: Int) throws(JSONError)
    /// As for a string; the key's value follows.
    mutating func key(_ text: UnsafeRawBufferPointer, hasEscapes: Bool, at offset: Int) throws(JSONError)
    mutating func open(isObject: Bool)
    mutating func close(isObject: Bool)
}
