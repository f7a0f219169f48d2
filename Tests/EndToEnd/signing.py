"""Requests signed as the Go SDK signs them, written from the description of its algorithm."""

import hashlib
import hmac
import json as json_module
import re
from datetime import datetime, timezone
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import requests

ALGORITHM = "SDK-HMAC-SHA256"
DATE = "%Y%m%dT%H%M%SZ"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def hmac_sha256(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


class Signer:
    """A client that signs. Its keyword arguments are what a test wants to get wrong, or to leave out."""

    def __init__(self, url: str, access: str, secret: str, session: requests.Session):
        self.url = url
        self.access = access
        self.secret = secret
        self.session = session

    def request(self, method: str, target: str, json=None, unsigned=None, **overrides):
        """`target` is sent as it is; `unsigned` headers are added after signing."""
        body = b"" if json is None else json_module.dumps(json).encode() + b"\n"
        headers = {
            "Host": urlsplit(self.url).netloc,
            "User-Agent": "golangsdk/2.0.0",
            "Accept": "application/json",
            **({} if json is None else {"Content-Type": "application/json"}),
        }
        headers = self.sign(method, target, headers, body, **overrides)
        request = requests.Request(
            method, self.url + target, {**headers, **(unsigned or {})}, data=body
        )
        prepared = request.prepare()
        prepared.url = self.url + target
        return self.session.send(prepared, timeout=30)

    def get(self, target: str, **options):
        return self.request("GET", target, **options)

    def sign(
        self, method, target, headers, body, date=None, left_out=(), region="", service=""
    ) -> dict:
        date = date or datetime.now(timezone.utc).strftime(DATE)
        headers = {**headers, "X-Sdk-Date": date}
        signed = sorted(name.lower() for name in headers if name.lower() not in left_out)
        values = {
            name.lower(): re.sub(r"\s+", " ", value.strip()) for name, value in headers.items()
        }

        path, _, query = target.partition("?")
        parameters = parse_qsl(query, keep_blank_values=True)
        uri = quote(unquote(path), safe="/~")
        payload = body
        if method == "POST" and not body:
            payload = urlencode(sorted(parameters, key=lambda parameter: parameter[0])).encode()
            canonical_query = ""
        else:
            firsts = dict(reversed(parameters))
            canonical_query = "&".join(
                f"{quote(name, safe='~')}={quote(firsts[name], safe='~')}"
                for name in sorted(firsts, key=str.lower)
            )
        canonical = "\n".join(
            [method, uri if uri.endswith("/") else uri + "/", canonical_query]
            + [f"{name}:{values[name]}" for name in signed]
            + ["", ";".join(signed), sha256(payload)]
        )
        scope = f"{date[:8]}/{region}/{service}/sdk_request"
        key = ("SDK" + self.secret).encode()
        for part in scope.split("/"):
            key = hmac_sha256(key, part)
        text = "\n".join([ALGORITHM, date, scope, sha256(canonical.encode())])
        authorization = (
            f"{ALGORITHM} Credential={self.access}/{scope}, SignedHeaders={';'.join(signed)}, "
            f"Signature={hmac_sha256(key, text).hex()}"
        )
        return {**headers, "Authorization": authorization}
