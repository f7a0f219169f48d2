import FunctionGraph
import JSON

extension Schemas {
    private static let codeType: JSONValue = [
        "type": "string", "enum": .array(CodeType.allCases.map { .string($0.rawValue) }),
    ]
    private static let runtime: JSONValue = [
        "type": "string", "enum": .array(RuntimeLabel.allCases.map { .string($0.rawValue) }),
    ]
    private static let memory: JSONValue = [
        "type": "integer", "enum": .array(MemorySize.allCases.map { .integer($0.megabytes) }),
    ]
    private static let timeout: JSONValue = [
        "type": "integer", "minimum": .integer(Timeout.range.lowerBound),
        "maximum": .integer(Timeout.range.upperBound),
    ]
    private static let strategy = object(["concurrency": integer, "concurrent_num": integer])

    static let functions: [Named] = [
        (
            "FunctionCreation",
            object(
                [
                    "func_name": text, "package": text, "runtime": runtime, "handler": text,
                    "timeout": timeout,
                    "memory_size": memory, "code_type": codeType, "code_url": text, "code_filename": text,
                    "func_code": object(["file": text, "link": text]), "depend_version_list": array(text),
                    "user_data": text, "description": text,
                ],
                required: [
                    "func_name", "package", "runtime", "handler", "timeout", "memory_size", "code_type",
                ])
        ),
        (
            "FunctionSettings",
            object([
                "runtime": runtime, "handler": text, "timeout": timeout, "memory_size": memory,
                "user_data": text, "description": text, "strategy_config": strategy,
            ])
        ),
        (
            "Function",
            object(
                [
                    "func_urn": text, "func_name": text, "domain_id": text, "runtime": runtime,
                    "handler": text,
                    "timeout": timeout, "memory_size": memory, "code_type": codeType, "code_size": integer,
                    "digest": text, "version": text, "last_modified": text, "strategy_config": strategy,
                ], required: ["func_urn", "func_name", "runtime", "code_type", "last_modified"])
        ),
        (
            "FunctionList",
            object(
                ["functions": array(reference("Function")), "next_marker": integer, "count": integer],
                required: ["functions", "next_marker", "count"])
        ),
        (
            "FunctionCode",
            object(
                [
                    "func_urn": text, "func_name": text, "code_type": codeType, "code_url": text,
                    "code_filename": text, "code_size": integer, "digest": text,
                    "func_code": object(["file": text, "link": text]),
                ], required: ["func_urn", "code_type", "digest", "func_code"])
        ),
        (
            "CodeChange",
            object(
                [
                    "code_type": codeType, "code_url": text, "code_filename": text,
                    "func_code": object(["file": text, "link": text]), "depend_version_list": array(text),
                ], required: ["code_type"])
        ),
        ("MaximumInstances", object(["max_instance_num": integer])),
        (
            "TagChange",
            object(["action": text, "tags": array(object(["key": text, "value": text], required: ["key"]))])
        ),
        (
            "TagList",
            object(["tags": array(object(["key": text, "value": text])), "sys_tags": array(anything)])
        ),
        (
            "ProjectTagList",
            object([
                "tags": array(object(["key": text, "values": array(text)])), "sys_tags": array(anything),
            ])
        ),
        (
            "TagQuery",
            object([
                "without_any_tag": flag, "limit": anything, "offset": anything,
                "tags": array(object(["key": text, "values": array(text)])),
                "matches": array(object(["key": text, "value": text])),
            ])
        ),
        (
            "TaggedResources",
            object(["resources": array(anything), "total_count": integer], required: ["total_count"])
        ),
        (
            "TestEventList",
            object(["events": array(reference("TestEvent")), "count": integer, "next_marker": integer])
        ),
        (
            "TestEvent",
            object(["id": text, "name": text, "content": text, "last_modified": integer], required: ["id"])
        ),
        ("TestEventCreation", object(["name": text, "content": text], required: ["name", "content"])),
        ("TestEventChange", object(["content": text], required: ["content"])),
    ]

    static let versions: [Named] = [
        ("Publication", object(["version": text, "description": text, "digest": text])),
        (
            "VersionList",
            object(
                ["versions": array(reference("Function")), "next_marker": integer, "count": integer],
                required: ["versions", "next_marker", "count"])
        ),
        (
            "Alias",
            object(
                [
                    "name": text, "version": text, "description": text, "last_modified": text,
                    "alias_urn": text,
                    "additional_version_weights": nullable("object"),
                    "additional_version_strategy": nullable("object"),
                ], required: ["name", "version", "alias_urn"])
        ),
        ("AliasList", array(reference("Alias"))),
        (
            "AliasCreation",
            object(["name": text, "version": text, "description": text], required: ["name", "version"])
        ),
        ("AliasChange", object(["version": text, "description": text], required: ["version"])),
    ]
}
