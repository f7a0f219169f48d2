"""Zip archives of functions that bring packages with them."""

import io
import zipfile
from importlib.metadata import files

#: requests, and what it needs.
REQUESTS = ("requests", "urllib3", "idna", "certifi", "charset-normalizer")


def archive(source: str, packages: "tuple[str, ...]" = REQUESTS) -> bytes:
    """The function's source as index.py beside these packages as they are installed here, without bytecode."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as output:
        output.writestr("index.py", source)
        for package in packages:
            for path in files(package) or []:
                if path.suffix != ".pyc" and ".." not in path.parts:
                    output.write(path.locate(), str(path))
    return buffer.getvalue()
