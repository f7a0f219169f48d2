"""One of everything that a project can keep: how it is made, read, and removed."""

from typing import Callable, NamedTuple

from rest import Api, Project, answered, encoded
from triggers import KINDS as TRIGGERS


class Resource(NamedTuple):
    """`read` is the path that shows it; `remove` is the request that ends it: method, path, body."""

    read: str
    remove: "tuple[str, str, object]"

    def state(self, api: Api) -> "tuple[int, object]":
        """What reading it answers, without addresses of downloads, which are temporary; of errors
        the code only."""
        answer = api.get(self.read)
        body = answer.json()
        if not answer.ok:
            return answer.status_code, body["error_code"]
        body.pop("download_link", None)
        body.get("func_code", {}).pop("link", None)
        return answer.status_code, body

    def end(self, api: Api):
        method, path, body = self.remove
        return api.request(method, path, json=body)


def _of_function(function, part: str) -> Resource:
    return Resource(f"{function.path}/{part}", ("DELETE", function.path, None))


def _function(project: Project) -> Resource:
    return _of_function(project.create("hello", description="kept"), "config")


def _imported(project: Project) -> Resource:
    body = {
        "file_name": f"{project.unique('imp')}.zip",
        "file_type": "zip",
        "file_code": encoded(project.sample("seed_import"))["file"],
    }
    function = project.adopt(project.api.post("/fgs/functions/import", json=body))
    return _of_function(function, "config")


def _settings(project: Project) -> Resource:
    function = project.create()
    function.update_config(timeout=77, user_data='{"A": "b"}')
    return _of_function(function, "config")


def _code(project: Project) -> Resource:
    function = project.create()
    function.update_code(project.sample("hello"))
    return _of_function(function, "code")


def _instances(project: Project) -> Resource:
    function = project.create()
    answered(function.set_max_instances(7))
    return _of_function(function, "config")


def _version(project: Project) -> Resource:
    function = project.create()
    function.publish("v1", description="kept")
    path = f"{function.path}:v1"
    return Resource(f"{path}/config", ("DELETE", path, None))


def _alias(project: Project) -> Resource:
    function = project.create()
    function.publish("v1")
    function.publish_changed("v2")
    function.create_alias("prod", "v1", additional_version_weights={"v2": 20})
    path = f"{function.path}/aliases/prod"
    return Resource(path, ("DELETE", path, None))


def _trigger(kind) -> Callable[[Project], Resource]:
    def make(project: Project) -> Resource:
        function = project.create()
        # A timer that fires would change what is compared.
        options = {"trigger_status": "DISABLED"} if kind.can_be_disabled else {}
        trigger = function.create_trigger(kind.code, kind.data_for(function), **options)
        path = f"{function.triggers}/{kind.code}/{trigger['trigger_id']}"
        return Resource(path, ("DELETE", path, None))

    return make


def _event(project: Project) -> Resource:
    function = project.create()
    event = function.create_event("event", '{"a": 1}')
    path = f"{function.path}/events/{event['id']}"
    return Resource(path, ("DELETE", path, None))


def _tag(project: Project) -> Resource:
    function = project.create()
    function.set_tags(team="blue", env="test")
    body = {"tags": [{"key": "team"}]}
    return Resource(function.tags, ("DELETE", f"{function.tags}/delete", body))


def _dependency(project: Project) -> Resource:
    made = project.create_dependency(description="kept")
    path = f"/fgs/dependencies/{made['dep_id']}/version/{made['version']}"
    return Resource(path, ("DELETE", path, None))


def _linked_dependency(project: Project) -> Resource:
    link = "https://bucket.obs.eu-de.otc.t-systems.com/dependency.zip"
    made = project.create_dependency(depend_type="obs", depend_file=None, depend_link=link)
    path = f"/fgs/dependencies/{made['dep_id']}/version/{made['version']}"
    return Resource(path, ("DELETE", path, None))


def _async_configuration(project: Project) -> Resource:
    function = project.create()
    path = f"{function.path}/async-invoke-config"
    answered(function.api.put(path, json={"max_async_retry_attempts": 2}))
    return Resource(path, ("DELETE", path, None))


def _reservation(project: Project) -> Resource:
    function = project.create()
    path = f"{function.path}/reservedinstances"
    answered(function.api.put(path, json={"count": 1}))
    read = f"/fgs/functions/reservedinstanceconfigs?urn={function.urn}"
    return Resource(read, ("PUT", path, {"count": 0}))


# By name, in the order of the reference.
RESOURCES: "dict[str, Callable[[Project], Resource]]" = {
    "function": _function,
    "imported function": _imported,
    "settings": _settings,
    "code": _code,
    "number of instances": _instances,
    "version": _version,
    "alias": _alias,
    **{f"{kind.code} trigger": _trigger(kind) for kind in TRIGGERS.values()},
    "test event": _event,
    "tag": _tag,
    "dependency": _dependency,
    "linked dependency": _linked_dependency,
    "asynchronous configuration": _async_configuration,
    "reservation": _reservation,
}
