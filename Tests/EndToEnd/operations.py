"""The 56 operations of the API reference: what the rules that hold for all of them are checked against."""

import re
from typing import NamedTuple

_FUNCTION = "/fgs/functions/{function_urn}"
_TRIGGERS = "/fgs/triggers/{function_urn}"


def anonymous(template: str) -> str:
    """A path without the names of its parameters, which documents choose as they like."""
    return re.sub(r"\{[^}]+\}", "{}", template)


class Operation(NamedTuple):
    """`path` is relative to /v2/{project_id}; `success` is the status of an answer that is no error."""

    id: str
    method: str
    path: str
    success: int = 200

    def __str__(self) -> str:
        return self.id

    @property
    def template(self) -> str:
        """The path as documents of the API write it."""
        return "/v2/{project_id}" + self.path

    @property
    def concerns_a_function(self) -> bool:
        return "{function_urn}" in self.path

    def target(self, **values: str) -> str:
        """The path with values put in; those not given are made up."""
        return self.path.format(**{**MADE_UP, **values})


# Values for the other parameters of paths: well-formed, and nothing has them.
MADE_UP = {
    "function_urn": "nobody-made-this",
    "alias_name": "nobody",
    "event_id": "00000000-0000-4000-8000-000000000000",
    "trigger_type_code": "TIMER",
    "trigger_id": "00000000-0000-4000-8000-000000000000",
    "depend_id": "00000000-0000-4000-8000-000000000000",
    "template_id": "00000000-0000-4000-8000-000000000000",
    "version": "1",
    "state": "true",
    "action": "filter",
    "period": "1596679200000,1596682800000",
}

OPERATIONS = [
    Operation("F-1", "POST", "/fgs/functions"),
    Operation("F-2", "GET", "/fgs/functions"),
    Operation("F-3", "DELETE", _FUNCTION, 204),
    Operation("F-4", "GET", f"{_FUNCTION}/code"),
    Operation("F-5", "PUT", f"{_FUNCTION}/code"),
    Operation("F-6", "GET", f"{_FUNCTION}/config"),
    Operation("F-7", "PUT", f"{_FUNCTION}/config"),
    Operation("F-8", "PUT", f"{_FUNCTION}/config-max-instance"),
    Operation("F-9", "GET", "/functions/{function_urn}/tags"),
    Operation("F-10", "GET", "/functions/tags"),
    Operation("F-11", "POST", "/functions/resource-instances/{action}"),
    Operation("F-12", "POST", "/functions/{function_urn}/tags/create", 204),
    Operation("F-13", "DELETE", "/functions/{function_urn}/tags/delete", 204),
    Operation("F-14", "PUT", f"{_FUNCTION}/collect/{{state}}"),
    Operation("I-1", "POST", f"{_FUNCTION}/invocations"),
    Operation("I-2", "POST", f"{_FUNCTION}/invocations-async", 202),
    Operation("Q-1", "GET", "/fgs/quotas"),
    Operation("D-1", "GET", "/fgs/dependencies"),
    Operation("D-2", "POST", "/fgs/dependencies/version"),
    Operation("D-3", "GET", "/fgs/dependencies/{depend_id}/version"),
    Operation("D-4", "GET", "/fgs/dependencies/{depend_id}/version/{version}"),
    Operation("D-5", "DELETE", "/fgs/dependencies/{depend_id}/version/{version}", 204),
    Operation("E-1", "GET", f"{_FUNCTION}/events"),
    Operation("E-2", "POST", f"{_FUNCTION}/events"),
    Operation("E-3", "GET", f"{_FUNCTION}/events/{{event_id}}"),
    Operation("E-4", "PUT", f"{_FUNCTION}/events/{{event_id}}"),
    Operation("E-5", "DELETE", f"{_FUNCTION}/events/{{event_id}}", 204),
    Operation("V-1", "GET", f"{_FUNCTION}/versions"),
    Operation("V-2", "POST", f"{_FUNCTION}/versions"),
    Operation("V-3", "GET", f"{_FUNCTION}/aliases"),
    Operation("V-4", "POST", f"{_FUNCTION}/aliases"),
    Operation("V-5", "GET", f"{_FUNCTION}/aliases/{{alias_name}}"),
    Operation("V-6", "PUT", f"{_FUNCTION}/aliases/{{alias_name}}"),
    Operation("V-7", "DELETE", f"{_FUNCTION}/aliases/{{alias_name}}", 204),
    Operation("M-1", "GET", "/fgs/functions/statistics"),
    Operation("M-2", "GET", f"{_FUNCTION}/statistics/{{period}}"),
    Operation("L-1", "GET", f"{_FUNCTION}/lts-log-detail"),
    Operation("L-2", "POST", "/fgs/functions/enable-lts-logs"),
    Operation("T-1", "GET", "/fgs/templates/{template_id}"),
    Operation("R-1", "GET", "/fgs/functions/reservedinstanceconfigs"),
    Operation("R-2", "PUT", f"{_FUNCTION}/reservedinstances"),
    Operation("R-3", "GET", "/fgs/functions/reservedinstances"),
    Operation("X-1", "GET", f"{_FUNCTION}/export"),
    Operation("X-2", "POST", "/fgs/functions/import"),
    Operation("G-1", "GET", _TRIGGERS),
    Operation("G-2", "POST", _TRIGGERS, 201),
    Operation("G-3", "GET", f"{_TRIGGERS}/{{trigger_type_code}}/{{trigger_id}}"),
    Operation("G-4", "PUT", f"{_TRIGGERS}/{{trigger_type_code}}/{{trigger_id}}"),
    Operation("G-5", "DELETE", f"{_TRIGGERS}/{{trigger_type_code}}/{{trigger_id}}", 204),
    Operation("G-6", "DELETE", _TRIGGERS, 204),
    Operation("A-1", "GET", f"{_FUNCTION}/async-invoke-config"),
    Operation("A-2", "PUT", f"{_FUNCTION}/async-invoke-config"),
    Operation("A-3", "DELETE", f"{_FUNCTION}/async-invoke-config", 204),
    Operation("A-4", "GET", f"{_FUNCTION}/async-invoke-configs"),
    Operation("A-5", "GET", f"{_FUNCTION}/async-invocations"),
    Operation("A-6", "POST", f"{_FUNCTION}/cancel"),
]
