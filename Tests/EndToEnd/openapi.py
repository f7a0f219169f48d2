"""The server's own description of its API, and answers held against it."""

import requests
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from operations import anonymous

_ROOT = "urn:openapi"
METHODS = ("get", "put", "post", "delete", "patch", "head", "options")


def _escaped(segment: str) -> str:
    """A segment of a JSON pointer."""
    return segment.replace("~", "~0").replace("/", "~1")


class Description:
    def __init__(self, document: dict):
        self.document = document
        resource = Resource(contents=document, specification=DRAFT202012)
        self._registry = Registry().with_resource(_ROOT, resource)

    @staticmethod
    def of(url: str) -> "Description":
        answer = requests.get(f"{url}/_emulator/openapi.json", timeout=10)
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"].startswith("application/json")
        return Description(answer.json())

    @property
    def operations(self) -> "dict[tuple[str, str], dict]":
        """By method and path, the parameters' names left out: /v2/{}/fgs/functions/{}."""
        return {
            (method.upper(), anonymous(path)): operation
            for path, item in self.document["paths"].items()
            for method, operation in item.items()
            if method in METHODS
        }

    def complaints(self, template: str, response: requests.Response) -> "list[str]":
        """What is wrong with an answer to a request whose path has this template."""
        (path,) = [p for p in self.document["paths"] if anonymous(p) == anonymous(template)]
        method = response.request.method.lower()
        responses = self.document["paths"][path][method]["responses"]
        status = str(response.status_code)
        key = next((k for k in [status, f"{status[0]}XX", "default"] if k in responses), None)
        if key is None:
            return [f"status {status} is not described"]
        described = responses[key].get("content", {})
        if not response.content:
            return []
        kind = response.headers["Content-Type"].partition(";")[0]
        if kind not in described:
            return [f"a body of type {kind} is not described"]
        pointer = ["paths", path, method, "responses", key, "content", kind, "schema"]
        schema = {"$ref": f"{_ROOT}#/" + "/".join(_escaped(segment) for segment in pointer)}
        validator = Draft202012Validator(schema, registry=self._registry)
        return [
            f"{error.json_path}: {error.message}" for error in validator.iter_errors(response.json())
        ]

