import FunctionGraph
import JSON

/// What functions are looked for by (F-11).
struct TagQuery: Sendable {
    /// How many of those found are left out.
    let offset: Int
    /// How many are shown.
    let limit: Int
    private let wantsUntagged: Bool
    private let tags: [(key: String, values: [String])]
    private let name: String?

    /// Reads the body.
    ///
    /// - Throws: `FGSError` FSS.0400, and FSS.1001 for `limit` and `offset`, which may be texts or numbers.
    init(_ body: JSONObject) throws(FGSError) {
        let page = try Page(
            marker: Self.text(body["offset"]), size: Self.text(body["limit"]), standard: 1_000, maximum: 1_000
        )
        offset = page.offset
        limit = page.limit
        wantsUntagged = body["without_any_tag"]?.boolValue ?? false
        var tags: [(String, [String])] = []
        for member in body["tags"]?.arrayValue ?? [] {
            guard let key = member["key"]?.stringValue else {
                throw FGSError(.invalidParameter, "each of the tags must have a key")
            }
            tags.append((key, (member["values"]?.arrayValue ?? []).compactMap(\.stringValue)))
        }
        self.tags = tags
        name = (body["matches"]?.arrayValue ?? []).first { $0["key"]?.stringValue == "resource_name" }?[
            "value"]?
            .stringValue.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Whether a function is looked for: it has each of the keys with one of its values, and the name in its own.
    func matches(_ function: Function, _ own: [Tag]) -> Bool {
        if wantsUntagged, !own.isEmpty { return false }
        if let name, !function.name.description.lowercased().contains(name.lowercased()) { return false }
        return tags.allSatisfy { key, values in
            own.contains { $0.key == key && (values.isEmpty || values.contains($0.value)) }
        }
    }

    private static func text(_ json: JSONValue?) -> String? {
        json?.stringValue ?? json?.integerValue.map(String.init)
    }
}
