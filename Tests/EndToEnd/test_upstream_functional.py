"""The functional tests that the Python SDK brings along, unmodified.

They read a clouds.yaml and expect a project in which nothing exists, so each file has a server of its
own. Needs the packages of requirements-oldest.txt, the last releases that can make every call.
"""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

PACKAGE = "otcextensions.tests.functional.sdk.function_graph.v2"
MODULES = [
    "test_alias", "test_async_notification", "test_dependency", "test_event", "test_function",
    "test_function_invocation", "test_import_export", "test_log", "test_metric", "test_quota",
    "test_reserved_instances", "test_service", "test_template", "test_trigger",
]  # fmt: skip
NEEDED = ["testtools", "fixtures", "oslotest", "requests_mock", "otcextensions"]

pytestmark = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in NEEDED),
    reason="has an environment of its own: requirements-oldest.txt",
)

CLOUDS = """\
clouds:
  emulator:
    auth:
      auth_url: {url}/v3
      username: any
      password: any
      project_name: eu-de
      user_domain_name: any
      project_domain_name: any
    identity_api_version: 3
    region_name: eu-de
    interface: public
"""


def directory() -> Path:
    """Where the tests are, found without importing them, which would ask for a cloud."""
    package = Path(importlib.util.find_spec("otcextensions").origin).parent
    return package.joinpath(*PACKAGE.split(".")[1:])


def test_every_file_of_them_is_known():
    assert sorted(path.stem for path in directory().glob("test_*.py")) == MODULES


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.timeout(120)
def test_the_sdk_s_own_tests_pass(fresh_server, tmp_path, module):
    server = fresh_server()
    clouds, report = tmp_path / "clouds.yaml", tmp_path / "report.xml"
    clouds.write_text(CLOUDS.format(url=server.url))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OS_")}
    environment.update(
        OS_CLIENT_CONFIG_FILE=str(clouds), OS_CLOUD="emulator", OS_TEST_TIMEOUT="60"
    )
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist",
         f"--junitxml={report}", str(directory() / f"{module}.py")],
        cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=110,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    (suite,) = ElementTree.parse(report).getroot().iter("testsuite")
    assert int(suite.get("tests")) > 0
    assert suite.get("skipped") == "0", run.stdout
