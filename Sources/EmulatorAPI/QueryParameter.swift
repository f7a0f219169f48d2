/// A query parameter of an operation, as the OpenAPI document describes it.
struct QueryParameter: Sendable {
    /// Its name.
    let name: String
    /// What it is, in a few words.
    let about: String
    /// Whether its value is a number.
    let isNumber: Bool

    init(_ name: String, _ about: String, isNumber: Bool = false) {
        self.name = name
        self.about = about
        self.isNumber = isNumber
    }

    static let marker = QueryParameter("marker", "how many items come before the page", isNumber: true)
    static let maxItems = QueryParameter("maxitems", "how many items the page may have", isNumber: true)
    static let limit = QueryParameter("limit", "how many items the page may have", isNumber: true)
}
