"""The least code that serves a handler under uvicorn, as one would write it by hand."""

import importlib
import json
import os

handler = importlib.import_module(os.environ["BENCH_FUNCTION"]).handler


async def application(scope, receive, send):
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    answer = json.dumps(handler(json.loads(body), None)).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(answer)).encode()),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer})
