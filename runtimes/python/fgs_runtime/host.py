"""What the host (``fgs-python-worker``) does for this package. It puts its functions here before anything is loaded."""


def close_pipes():
    """Close the pipes that frames go through; for forked children of the handler."""


def initializing():
    """Tell the server that the handler is imported and the initializer begins."""


def set_environment(variables, data):
    """Make ``variables`` those of the process, and ``data``, which ``os.environ`` stands for, the same as bytes."""


def answer(request, code, body, duration_ns, cpu_ns):
    """Send the outcome of a request that was handed to ``instance.submit``."""


def output(request, text):
    """Send what a request wrote, where the pipe cannot tell whose it is."""


def decode(event):
    """What ``json.loads`` makes of ``event``, which is ``bytes``; ``None`` when it leaves that to ``json.loads``."""


def encode(result):
    """The UTF-8 of what ``json.dumps`` makes of ``result``; ``None`` when it leaves that to ``json.dumps``."""
