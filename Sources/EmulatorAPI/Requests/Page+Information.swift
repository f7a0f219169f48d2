import FunctionGraph
import JSON

extension Page {
    /// The object `page_info` of a list.
    func information(count: Int) -> JSONValue {
        [
            "next_marker": .integer(offset + count), "previous_marker": .integer(offset),
            "current_count": .integer(count),
        ]
    }
}
