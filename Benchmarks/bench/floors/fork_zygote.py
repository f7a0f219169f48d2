"""A program: an initialised CPython that forks for every order, imports a function's module, answers one event.

It is started isolated and without site, with its end of a socket pair on the descriptor given. An order is one
message: a directory and an event, separated by a line feed. The answer is the result as JSON.
"""

import importlib
import json
import os
import socket
import sys

sys.dont_write_bytecode = True


def main() -> None:
    control = socket.socket(fileno=int(sys.argv[1]))
    while order := control.recv(1 << 20):
        child = os.fork()
        if child == 0:
            directory, _, event = order.partition(b"\n")
            sys.path.insert(0, directory.decode())
            handler = importlib.import_module("index").handler
            control.send(json.dumps(handler(json.loads(event), None)).encode())
            os._exit(0)
        os.waitpid(child, 0)


main()
