import FunctionGraph
import Testing

/// The moment that a text in RFC 3339 means.
func moment(_ text: String) throws -> Timestamp {
    try #require(Timestamp(text))
}
