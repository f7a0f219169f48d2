import os
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from control import Control
from emulator import Server
from gate import Gate
from letters import Mailbox
from rest import REGION, Api, Project
from samples import archives

for name in [name for name in os.environ if name.startswith("OS_")]:
    del os.environ[name]
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost,::1"

_servers: "list[Server]" = []


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A failure shows what the servers that ran meanwhile had to say."""
    report = (yield).get_result()
    if report.failed:
        for server in _servers:
            tail = server.log_tail()
            if tail:
                report.sections.append((f"log of server {server.pid}", tail))


@pytest.fixture(scope="session", autouse=True)
def isolated_home(tmp_path_factory):
    """No clouds.yaml and no cache of the person running the tests gets in."""
    home = str(tmp_path_factory.mktemp("home"))
    with pytest.MonkeyPatch.context() as patch:
        for variable in ["HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"]:
            patch.setenv(variable, home)
        yield home


@pytest.fixture(scope="session")
def fixtures():
    """The module that makes archives of the sample functions."""
    return archives()


@pytest.fixture(scope="session")
def server():
    """The server most tests share; one per xdist worker."""
    server = Server()
    _servers.append(server)
    try:
        server.wait_until_ready()
        yield server
        assert server.stop() == 0
    finally:
        _servers.remove(server)
        server.discard()


@contextmanager
def servers():
    """Starts servers; none of their processes may be left at the end."""
    made = []

    def start(data_dir=None, options=(), port=0, environment=None, ready=True) -> Server:
        server = Server(data_dir, options, port, environment)
        made.append(server)
        _servers.append(server)
        return server.wait_until_ready() if ready else server

    try:
        yield start
        for server in made:
            if server.runs():
                assert server.stop() == 0
    finally:
        for server in made:
            _servers.remove(server)
            server.discard()


@pytest.fixture
def fresh_server():
    """Starts servers of its own for one test."""
    with servers() as start:
        yield start


@pytest.fixture(scope="module")
def start_server():
    """Starts servers that the tests of one file share."""
    with servers() as start:
        yield start


@pytest.fixture(scope="session")
def api(server):
    return Api(server.url)


@pytest.fixture(scope="session")
def control(server):
    return Control(server.url)


@pytest.fixture
def isolated(control):
    """For what only holds where each instance has namespaces of its own."""
    if control.isolation == "none":
        pytest.skip("this system allows no namespaces, so instances share files and ports")


@pytest.fixture
def project(api, fixtures):
    project = Project(api, fixtures)
    yield project
    project.clean_up()


@pytest.fixture
def own_project(server, fixtures):
    """A project that no other test uses, for what lists or counts everything in a project."""
    project = Project(Api(server.url, f"e2e-{uuid.uuid4().hex[:12]}"), fixtures)
    yield project
    project.clean_up()


@pytest.fixture
def project_of(fixtures):
    """A project on a server of the test's own; it goes away with the server."""
    return lambda server, project=REGION: Project(Api(server.url, project), fixtures)


@pytest.fixture
def steered(fresh_server, project_of):
    """A project on a server whose clock stands still, and the control of that clock."""
    server = fresh_server()
    control = Control(server.url)
    control.freeze()
    return project_of(server), control


@pytest.fixture
def gate():
    gate = Gate()
    yield gate
    gate.close()


@pytest.fixture
def mailbox():
    mailbox = Mailbox()
    yield mailbox
    mailbox.close()


@pytest.fixture
def background(gate):
    """Runs calls in threads; those still waiting at the gate are let go at the end."""
    with ThreadPoolExecutor(max_workers=16) as pool:
        yield pool.submit
        gate.close()
