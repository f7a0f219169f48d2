"""What was acknowledged is there after the server was killed, whatever it is."""

import signal

import pytest

from kinds import RESOURCES
from processes import assert_gone
from rest import Api, Function, Project, answered

every_resource = pytest.mark.parametrize("make", RESOURCES.values(), ids=RESOURCES)


@pytest.fixture
def revived(fresh_server, tmp_path):
    """Starts a server on the test's data; called again, it kills the one before first.

    The port stays the same, since triggers of gateways have addresses of the server.
    """
    data = tmp_path / "data"
    running = []

    def start() -> Api:
        port = 0
        if running:
            server = running.pop()
            port, processes = server.port, server.processes()
            server.send_signal(signal.SIGKILL)
            server.wait()
            assert_gone(processes)
        running.append(fresh_server(data_dir=data, port=port))
        return Api(running[0].url)

    return start


@pytest.fixture
def project_on(fixtures):
    return lambda api: Project(api, fixtures)


@every_resource
def test_a_resource_survives_the_death_of_the_server(revived, project_on, make):
    api = revived()
    resource = make(project_on(api))
    before = resource.state(api)
    assert before[0] == 200
    assert resource.state(revived()) == before


@every_resource
def test_a_resource_is_there_although_nobody_looked_before_the_server_died(
    revived, project_on, make
):
    resource = make(project_on(revived()))
    status, body = resource.state(revived())
    assert status == 200, body


@every_resource
def test_a_removed_resource_stays_removed(revived, project_on, make):
    api = revived()
    resource = make(project_on(api))
    before = resource.state(api)
    assert resource.end(api).ok
    api = revived()
    after = resource.state(api)
    assert after != before and after[0] in (200, 404)


def test_everything_at_once_survives(revived, project_on):
    api = revived()
    project = project_on(api)
    resources = [make(project) for make in RESOURCES.values()]
    before = [resource.state(api) for resource in resources]
    lists = ["/fgs/functions", "/fgs/dependencies", "/functions/tags", "/fgs/quotas",
             "/fgs/functions/reservedinstances"]  # fmt: skip
    listed = [answered(api.get(path)) for path in lists]
    for _ in range(2):
        api = revived()
        assert [resource.state(api) for resource in resources] == before
        assert [answered(api.get(path)) for path in lists] == listed


def test_versions_aliases_and_dependencies_run_after_the_server_died(revived, project_on):
    project = project_on(revived())
    made = project.create_dependency(project.archive(helper="value = 'helped'"))
    source = "import helper\ndef handler(e, context): return [helper.value, context.getVersion()]\n"
    function = project.create(project.archive(index=source), depend_version_list=[made["id"]])
    function.publish("v1")
    function.create_alias("prod", "v1")
    again = Function(revived(), function.created)
    assert again.call({}) == ["helped", "latest"]
    assert again.at("v1").call({}) == again.at("!prod").call({}) == ["helped", "v1"]


def test_what_an_export_links_to_can_be_had_after_the_server_died(revived, project_on):
    """Or the link says that it is gone; it never leads to something else."""
    project = project_on(revived())
    function = project.create("hello")
    path = f"{function.path}/export?type=code"
    link = answered(project.api.get(path))["code_url"]
    api = revived()
    answer = api.session.get(link, timeout=10)
    assert answer.status_code in (200, 404, 410), answer.text
    assert answered(api.get(path))["file_name"]
