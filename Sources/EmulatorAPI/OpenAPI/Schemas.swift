import FunctionGraph
import JSON

/// The schemas of bodies and answers, by name.
enum Schemas {
    /// Every schema.
    static let all = JSONObject(
        (general + functions + versions + dependencies + statistics + triggers + events + transfer
            + asynchronous
            + steering).map { ($0.name, $0.schema) })

    /// A reference to a schema.
    static func reference(_ name: String) -> JSONValue { ["$ref": .string("#/components/schemas/\(name)")] }

    typealias Named = (name: String, schema: JSONValue)

    static let text: JSONValue = ["type": "string"]
    static let number: JSONValue = ["type": "number"]
    static let integer: JSONValue = ["type": "integer"]
    static let flag: JSONValue = ["type": "boolean"]
    static let anything: JSONValue = [:]

    static func object(_ members: KeyValuePairs<String, JSONValue>, required: [String] = []) -> JSONValue {
        var schema: JSONObject = [
            "type": "object", "properties": .object(JSONObject(members.map { ($0.key, $0.value) })),
        ]
        if !required.isEmpty { schema["required"] = .array(required.map(JSONValue.string)) }
        return .object(schema)
    }

    static func array(_ items: JSONValue) -> JSONValue { ["type": "array", "items": items] }

    static func nullable(_ type: String) -> JSONValue { ["type": [.string(type), "null"]] }

    private static let steering: [Named] = [
        (
            "ClockSetting",
            object(["now": text, "frozen": flag, "mode": ["type": "string", "enum": ["system"]]])
        ),
        ("ClockAdvance", object(["by": text, "to": text, "wait": flag])),
    ]

    private static let general: [Named] = [
        ("Error", object(["error_code": text, "error_msg": text], required: ["error_code", "error_msg"])),
        ("PageInfo", object(["next_marker": integer, "previous_marker": integer, "current_count": integer])),
        ("Quotas", object(["quotas": object(["resources": array(anything)])], required: ["quotas"])),
        (
            "TokenRequest",
            object(["auth": object(["identity": anything, "scope": anything])], required: ["auth"])
        ),
        ("Event", anything),
        ("InvocationResult", anything),
        (
            "LogDetail",
            object(["group_name": text, "group_id": text, "stream_id": text, "stream_name": text])
        ),
        (
            "Template",
            object([
                "id": text, "type": integer, "title": text, "code": text, "runtime": text, "handler": text,
            ])
        ),
    ]
}
