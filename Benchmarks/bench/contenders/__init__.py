"""All contenders. Measurements choose from them by name."""

from .contender import Contender
from .emulator import Emulator
from .functions_framework import FunctionsFramework
from .ministack import MiniStack
from .nginx import Nginx
from .uvicorn import Uvicorn
from .uwsgi import UWSGI

EMULATOR = Emulator("fgs-emulator", "the release build as it ships, logging warnings, keeping functions on disk")
NO_SPARES = Emulator(
    "fgs-emulator, no spares", "with `--spare-instances 0`: nothing is forked ahead", "--spare-instances", "0"
)
UVICORN = Uvicorn()
UWSGI_1 = UWSGI("uWSGI", 1)
UWSGI_2 = UWSGI("uWSGI, 2 processes", 2)
UWSGI_ROUTED = UWSGI("uWSGI, router + 2", 2, routed=True)
FRAMEWORK = FunctionsFramework("functions-framework")
FRAMEWORK_2 = FunctionsFramework("functions-framework, 2 workers", 2)
MINISTACK = MiniStack()
NGINX = Nginx()

ALL: "list[Contender]" = [
    EMULATOR, NO_SPARES, UWSGI_1, UWSGI_2, UWSGI_ROUTED, UVICORN, FRAMEWORK, FRAMEWORK_2, MINISTACK, NGINX,
]
#: Those that run one function, given to them before they start, and the emulator.
SERVERS: "list[Contender]" = [EMULATOR, UWSGI_1, UWSGI_2, UWSGI_ROUTED, UVICORN, FRAMEWORK, FRAMEWORK_2, MINISTACK]
