"""The least code that serves a handler under uWSGI, as one would write it by hand."""

import importlib
import json
import os

handler = importlib.import_module(os.environ["BENCH_FUNCTION"]).handler


def application(environ, start_response):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    answer = json.dumps(handler(json.loads(body), None)).encode()
    start_response(
        "200 OK",
        [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))],
    )
    return [answer]
