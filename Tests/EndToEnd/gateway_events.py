"""What a gateway sends to a function and gets back."""

import base64
import json

from rest import Function, Invocation


def event(
    path: str = "/", method: str = "GET", query=None, headers=None, body: bytes = b"", **changes
) -> dict:
    """The event of a request to a gateway."""
    return {
        "httpMethod": method,
        "path": path,
        "pathParameters": {},
        "queryStringParameters": query or {},
        "headers": {"host": "c0ffee.apic.eu-de.example.com", **(headers or {})},
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
        "requestContext": {
            "requestId": "b7d1c2f0a9e84c55b0f2a6d3e1c49871",
            "apiId": "1f0e9d8c7b6a59483726150495a3b2c1",
            "stage": "RELEASE",
        },
        **changes,
    }


class Answer:
    """What an HTTP function answers, as an invocation gets it."""

    def __init__(self, invocation: Invocation):
        assert invocation.succeeded, invocation
        self.invocation = invocation
        answer = invocation.json()
        assert set(answer) == {"statusCode", "headers", "body", "isBase64Encoded"}
        assert answer["isBase64Encoded"] is True
        self.status: int = answer["statusCode"]
        self.headers: "dict[str, list[str]]" = answer["headers"]
        for name, values in self.headers.items():
            assert isinstance(values, list), (name, values)
            assert all(isinstance(value, str) for value in values), (name, values)
        self.body = base64.b64decode(answer["body"], validate=True)

    def json(self):
        return json.loads(self.body)

    def header(self, name: str) -> "list[str]":
        """The values of a header, however its name is spelled; none if it is not there."""
        return next((v for n, v in self.headers.items() if n.lower() == name.lower()), [])


def fetch(function: Function, path: str = "/", *, tail: bool = False, **request) -> Answer:
    """Invokes an HTTP function with a request that it has to answer."""
    return Answer(function.invoke(event(path, **request), tail=tail))
