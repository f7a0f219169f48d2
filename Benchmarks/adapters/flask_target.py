"""A handler as functions-framework wants it: it gets Flask's request, and what it gives becomes the answer."""

import importlib
import os

handler = importlib.import_module(os.environ["BENCH_FUNCTION"]).handler


def target(request):
    return handler(request.get_json(), None)
