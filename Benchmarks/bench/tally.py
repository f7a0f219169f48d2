"""Counts what functions have run, by the bytes that they send."""

import selectors
import socket
import threading
import time


class Tally:
    """A server that counts the bytes of all connections. A file would not do: instances may have a file system of
    their own."""

    _PAUSE = 0.002

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port = self._listener.getsockname()[1]
        self.count = 0
        self._ends = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def __enter__(self) -> "Tally":
        return self

    def __exit__(self, *_) -> None:
        self._ends = True
        self._thread.join()
        self._listener.close()

    def wait_for(self, count: int, seconds: float) -> None:
        """Returns once there are so many."""
        deadline = time.monotonic() + seconds
        while self.count < count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{count - self.count} of {count} did not come within {seconds:g} s")
            time.sleep(self._PAUSE)

    def _run(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            while not self._ends:
                for key, _ in selector.select(0.1):
                    if key.fileobj is self._listener:
                        selector.register(self._listener.accept()[0], selectors.EVENT_READ)
                        continue
                    received = len(key.fileobj.recv(1 << 16))
                    self.count += received
                    if not received:
                        selector.unregister(key.fileobj)
                        key.fileobj.close()
                # Many bytes at once, so that counting takes little from those who are counted.
                time.sleep(self._PAUSE)
