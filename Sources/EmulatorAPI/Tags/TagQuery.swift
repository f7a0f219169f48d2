import FunctionGraph
import JSON

/// What functions are looked for by (F-11).
struct TagQuery: Sendable {
    /// How many of those found are left out.
    let offset: Int
    /// How many are shown.
    let limit: Int
    private let wantsUntagged: Bool
    private let tags: [Wanted]
    private let systemTags: [Wanted]
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
        wantsUntagged = try body.optionalFlag("without_any_tag") ?? false
        tags = try Self.wanted("tags", body)
        systemTags = try Self.wanted("sys_tags", body)
        let match = try body.optionalObjects("matches").first { $0["key"]?.stringValue == "resource_name" }
        name = try match?.optionalText("value", or: .invalidParameter)
    }

    /// Whether a function is looked for: it has each of the keys with one of its values, and the name in its own.
    func matches(_ function: Function, _ own: [Tag]) -> Bool {
        if wantsUntagged, !own.isEmpty { return false }
        if let name, !function.name.description.lowercased().contains(name.lowercased()) { return false }
        return tags.allSatisfy { $0.isAmong(own) }
            && systemTags.allSatisfy { $0.isAmong([Tag.system(of: function)]) }
    }

    /// A key that is looked for, with one of some values; with any if there are none.
    private struct Wanted {
        let key: String
        let values: [String]

        func isAmong(_ tags: [Tag]) -> Bool {
            tags.contains { $0.key == key && (values.isEmpty || values.contains($0.value)) }
        }
    }

    private static func wanted(_ member: String, _ body: JSONObject) throws(FGSError) -> [Wanted] {
        var wanted: [Wanted] = []
        for object in try body.optionalObjects(member) {
            guard let key = object["key"]?.stringValue else {
                throw FGSError(.invalidParameter, "each of the \(member) must have a key")
            }
            wanted.append(
                Wanted(key: key, values: (object["values"]?.arrayValue ?? []).compactMap(\.stringValue)))
        }
        return wanted
    }

    private static func text(_ json: JSONValue?) -> String? {
        json?.stringValue ?? json?.integerValue.map(String.init)
    }
}
