import FunctionGraph
import JSON

extension Schemas {
    static let dependencies: [Named] = [
        (
            "Dependency",
            object(
                [
                    "id": text, "owner": text, "link": text, "runtime": text, "etag": text, "size": integer,
                    "name": text, "description": text, "file_name": text, "version": integer, "dep_id": text,
                    "last_modified": integer,
                ], required: ["id", "dep_id", "version"])
        ),
        (
            "DependencyList",
            object(
                ["dependencies": array(reference("Dependency")), "next_marker": integer, "count": integer],
                required: ["dependencies", "next_marker", "count"])
        ),
        (
            "DependencyCreation",
            object(
                [
                    "depend_type": ["type": "string", "enum": ["zip", "obs"]], "depend_file": text,
                    "depend_link": text, "runtime": text, "name": text, "description": text,
                ], required: ["depend_type", "runtime", "name"])
        ),
    ]

    private static let values = array(
        object(["timestamp": integer, "value": number], required: ["timestamp", "value"]))
    private static let months = array(object(["date": text, "value": number]))

    static let statistics: [Named] = [
        (
            "FunctionMetrics",
            object(
                [
                    "count": values, "duration": values, "fail_count": values, "max_duration": values,
                    "min_duration": values, "reject_count": values,
                ],
                required: ["count", "duration", "fail_count", "max_duration", "min_duration", "reject_count"])
        ),
        (
            "ProjectStatistics",
            object(
                [
                    "count": months, "gbs": months, "gpu_gbs": months,
                    "statistics": reference("FunctionMetrics"),
                    "monitor_data": reference("FunctionMetrics"), "monthly_report": anything,
                ], required: ["count", "gbs", "gpu_gbs", "statistics"])
        ),
        (
            "ReservedInstances",
            object(
                ["count": integer, "idle_mode": nullable("boolean"), "tactics_config": nullable("object")],
                required: ["count"])
        ),
        (
            "ReservedPolicyList",
            object(
                [
                    "reserved_instances": array(anything), "page_info": reference("PageInfo"),
                    "count": integer,
                ],
                required: ["reserved_instances", "page_info", "count"])
        ),
        (
            "ReservedNumberList",
            object(
                ["reservedinstances": array(anything), "page_info": reference("PageInfo"), "count": integer],
                required: ["reservedinstances", "page_info", "count"])
        ),
    ]

    private static let status: JSONValue = ["type": "string", "enum": ["ACTIVE", "DISABLED"]]

    static let triggers: [Named] = [
        (
            "Trigger",
            object(
                [
                    "trigger_id": text, "trigger_type_code": text, "trigger_status": status,
                    "event_data": object([:]), "last_updated_time": text, "created_time": text,
                ], required: ["trigger_id", "trigger_type_code", "trigger_status", "event_data"])
        ),
        ("TriggerList", array(reference("Trigger"))),
        (
            "TriggerCreation",
            object(
                [
                    "trigger_type_code": [
                        "type": "string", "enum": .array(TriggerType.allCases.map { .string($0.rawValue) }),
                    ],
                    "trigger_status": status, "event_type_code": text, "event_data": object([:]),
                ], required: ["trigger_type_code", "event_data"])
        ),
        ("TriggerChange", object(["trigger_status": status, "event_data": anything])),
    ]

    private static let fired = array(
        object(
            ["trigger_id": text, "trigger_type_code": text, "func_urn": text, "request_id": text],
            required: ["trigger_id", "request_id"]))
    private static let skipped = array(
        object(
            [
                "trigger_id": text, "trigger_type_code": text, "func_urn": text,
                "reason": ["type": "string", "enum": ["DISABLED", "REFUSED"]], "error_code": text,
                "error_msg": text,
            ], required: ["trigger_id", "reason"]))

    static let events: [Named] = [
        ("SourceMessages", object([:])),
        ("Publication", object(["fired": fired, "skipped": skipped], required: ["fired", "skipped"])),
        ("TriggerFire", object(["event": anything])),
        (
            "TriggerFired",
            object(
                ["request_id": text, "fired": fired, "skipped": skipped],
                required: ["request_id", "fired", "skipped"])
        ),
    ]

    static let transfer: [Named] = [
        ("Export", object(["file_name": text, "code_url": text], required: ["file_name", "code_url"])),
        (
            "Import",
            object(
                [
                    "func_name": text, "file_name": text, "file_type": text, "file_code": text,
                    "package": text,
                ],
                required: ["file_name", "file_type", "file_code"])
        ),
    ]

    private static let destination = object(["destination": text, "param": text])

    static let asynchronous: [Named] = [
        ("Acceptance", object(["request_id": text], required: ["request_id"])),
        (
            "AsyncRequestList",
            object(
                ["invocations": array(anything), "count": integer, "next_marker": integer],
                required: ["invocations", "count", "next_marker"])
        ),
        ("Cancellation", object(["request_id": text, "type": text], required: ["request_id"])),
        (
            "AsyncConfigurationChange",
            object([
                "max_async_event_age_in_seconds": integer, "max_async_retry_attempts": integer,
                "destination_config": object(["on_success": destination, "on_failure": destination]),
                "enable_async_status_log": flag,
            ])
        ),
        (
            "AsyncConfiguration",
            object(
                [
                    "func_urn": text, "max_async_event_age_in_seconds": integer,
                    "max_async_retry_attempts": integer, "destination_config": anything, "created_time": text,
                    "last_modified": text, "enable_async_status_log": flag,
                ], required: ["func_urn"])
        ),
        (
            "AsyncConfigurationList",
            object(
                [
                    "async_invoke_configs": array(reference("AsyncConfiguration")), "count": integer,
                    "page_info": reference("PageInfo"),
                ], required: ["async_invoke_configs", "count", "page_info"])
        ),
    ]
}
