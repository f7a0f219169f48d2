"""What no emulator can beat: the same work without HTTP, without a server, without rules."""

FORK = "floor: fork, import, answer"
SOCKET_PAIR = "floor: socket pair to CPython"
COMPUTE_1 = "floor: CPython, 1 process"
COMPUTE_2 = "floor: CPython, 2 processes"
