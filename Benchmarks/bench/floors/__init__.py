"""What no emulator can beat: the same work without HTTP, without a server, without rules."""

FORK = "floor: fork, import, answer"
SOCKET_PAIR = "floor: socket pair to CPython"
