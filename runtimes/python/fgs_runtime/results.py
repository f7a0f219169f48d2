"""Turning what a handler returned into the bytes that go to the caller."""

from . import codec, errors


class ResultWriter:
    """The rules of one function for its results."""

    def __init__(self, fidelity, limit):
        self._limit = limit
        self._text_is_raw = fidelity["str_result"] == "raw"
        self._none = b"" if fidelity["none_result"] == "empty" else b"null"
        self._bytes_are_raw = fidelity["bytes_result"] == "raw"

    def write(self, result):
        """The code and the bytes for a result."""
        try:
            if result is None:
                payload = self._none
            elif self._text_is_raw and isinstance(result, str):
                payload = result.encode("utf-8", "surrogatepass")
            elif self._bytes_are_raw and isinstance(result, (bytes, bytearray)):
                payload = bytes(result)
            else:
                payload = codec.dumps(result)
        except MemoryError:
            raise
        except Exception as error:
            return errors.RESULT_INVALID, errors.error_object(errors.RESULT, error, "", with_trace=False)
        return self.limit(payload)

    def limit(self, payload):
        """The code and the bytes for a payload, which may be too large."""
        if len(payload) > self._limit:
            return errors.RESULT_TOO_LARGE, errors.message_object(
                "response body size %d exceeds the limit of %d" % (len(payload), self._limit)
            )
        return 0, payload
