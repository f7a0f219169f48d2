"""The Python SDK, unmodified: openstacksdk with otcextensions.

These calls are made with the oldest and the newest pair of releases, see the requirements files.
"""

import base64
import json
import time
from importlib.metadata import version

import openstack
import pytest
import requests
from openstack import exceptions
from otcextensions import sdk as otc

from deadlines import eventually
from rest import REQUEST_ID, WITH_OFFSET, encoded
from triggers import KINDS, timer

GUIDE = {
    "package": "default",
    "runtime": "Python3.9",
    "handler": "index.handler",
    "timeout": 30,
    "memory_size": 128,
    "code_type": "inline",
}


# From openstacksdk 4.5 on, these methods of the SDK end in a TypeError before anything is sent.
OPENSTACKSDK = tuple(int(number) for number in version("openstacksdk").split(".")[:2])
fails_inside_newer_clients = pytest.mark.skipif(
    OPENSTACKSDK >= (4, 5), reason="raises TypeError inside the SDK, whatever the server"
)


def connect(url: str, auth: "dict | None" = None, **options):
    """What a user's clouds.yaml says, passed as arguments."""
    password = {
        "username": "e2e",
        "password": "e2e",
        "project_name": "eu-de",
        "user_domain_name": "e2e",
        "project_domain_name": "e2e",
    }
    connection = openstack.connect(
        load_yaml_config=False,
        load_envvars=False,
        auth={"auth_url": f"{url}/v3", **(password if auth is None else auth)},
        **{
            "region_name": "eu-de",
            "interface": "public",
            "identity_api_version": "3",
            **options,
        },
    )
    otc.register_otc_extensions(connection)
    return connection


@pytest.fixture(scope="module")
def sdk(server):
    """The proxy of the function service, logged in by password."""
    connection = connect(server.url)
    yield connection.functiongraph
    connection.close()


@pytest.fixture
def own_sdk(server, own_project):
    """The same for a project that no other test uses."""
    auth = {
        "username": "e2e",
        "password": "e2e",
        "project_id": own_project.api.project_id,
        "user_domain_name": "e2e",
    }
    with connect(server.url, auth) as connection:
        yield connection.functiongraph


@pytest.fixture
def create(sdk, project):
    """Creates functions by the SDK and deletes them at the end."""
    made = []

    def create(**attributes):
        body = {"func_name": project.unique("sdk"), **GUIDE, **attributes}
        made.append(sdk.create_function(**body))
        return made[-1]

    yield create
    for function in made:
        try:
            sdk.delete_function(function)
        except exceptions.NotFoundException:
            pass


def run(sdk, function, attrs: dict):
    return sdk.executing_function_synchronously(function.func_urn, attrs=attrs)


# Logging in


def test_a_wrong_region_has_no_endpoint(server):
    connection = connect(server.url, region_name="nowhere")
    with pytest.raises(Exception) as raised:
        list(connection.functiongraph.functions())
    assert type(raised.value).__name__ in ("EndpointNotFound", "ServiceDisabledException")


@pytest.mark.parametrize(
    "auth, options",
    [
        pytest.param(None, {}, id="password"),
        pytest.param(None, {"auth_type": "v3password"}, id="v3password"),
        pytest.param({"token": "made-up", "project_name": "eu-de", "project_domain_name": "e2e"},
                     {"auth_type": "token"}, id="token"),
        pytest.param(None, {"profile": "otc"}, id="vendor profile"),
    ],
)  # fmt: skip
def test_the_sdk_logs_in_and_finds_the_service(server, api, auth, options):
    with connect(server.url, auth, **options) as connection:
        assert connection.current_project_id == api.project_id
        endpoint = connection.functiongraph.get_endpoint()
        assert endpoint.startswith(f"{server.url}/v2")
        list(connection.functiongraph.functions(maxitems=1))


def test_the_sdk_logs_in_by_project_id(server, api):
    auth = {"username": "u", "password": "p", "user_domain_name": "d", "project_id": api.project_id}
    with connect(server.url, auth) as connection:
        assert connection.current_project_id == api.project_id
        list(connection.functiongraph.functions(maxitems=1))


def test_a_connection_object_made_by_hand_works_too(server):
    connection = openstack.connection.Connection(
        auth={"auth_url": f"{server.url}/v3", "username": "u", "password": "p",
              "user_domain_name": "d", "project_name": "eu-de", "project_domain_name": "d"},
        region_name="eu-de",
        interface="public",
        identity_api_version="3",
    )  # fmt: skip
    otc.register_otc_extensions(connection)
    with connection:
        list(connection.functiongraph.functions(maxitems=1))
        list(connection.function_graph.functions(maxitems=1))


def test_two_logins_get_two_tokens(server):
    with connect(server.url) as first, connect(server.url) as second:
        assert first.auth_token and first.auth_token != second.auth_token


# What the SDK raises


def test_an_unknown_function_raises_not_found(sdk, create):
    function = create()
    sdk.delete_function(function)
    for call in [sdk.get_function_code, sdk.get_function_metadata, sdk.delete_function]:
        with pytest.raises(exceptions.NotFoundException) as raised:
            call(function)
        assert "FSS.1051" in str(raised.value)
    with pytest.raises(exceptions.NotFoundException):
        run(sdk, function, {})


def test_a_second_function_of_the_same_name_raises_conflict(sdk, create):
    function = create()
    with pytest.raises(exceptions.ConflictException) as raised:
        create(func_name=function.func_name)
    assert "FSS.1061" in str(raised.value)
    assert raised.value.response.json()["error_msg"]
    assert raised.value.request_id


def test_a_bad_member_raises_bad_request(sdk, create):
    with pytest.raises(exceptions.BadRequestException) as raised:
        create(memory_size=100)
    assert "FSS.1007" in str(raised.value)


# Creating


def test_the_guide_s_function_is_created_and_runs(sdk, create):
    function = create()
    for name, value in GUIDE.items():
        assert getattr(function, name) == value, name
    assert function.func_urn.endswith(f":{function.func_name}:latest")
    assert function.func_id and function.digest and function.version == "latest"
    assert WITH_OFFSET.fullmatch(function.last_modified)
    assert run(sdk, function, {"a": "b"}).err_code == "0"


def test_a_function_is_created_from_an_archive(sdk, create, fixtures):
    function = create(
        code_type="zip", code_filename="index.zip", func_code=encoded(fixtures.sample("echo"))
    )
    assert (function.code_type, function.code_filename) == ("zip", "index.zip")
    assert function.code_size == len(fixtures.sample("echo"))
    # The SDK sends its event as text, and the function answers with it.
    assert run(sdk, function, {"a": "b"}).err == "false"


def test_a_function_is_created_from_text(sdk, create):
    source = "def handler(event, context):\n    return {'kind': type(event).__name__}\n"
    function = create(func_code=encoded(source))
    assert run(sdk, function, {"a": "b"}).err_code == "0"
    code = sdk.get_function_code(function)
    assert base64.b64decode(code.func_code["file"]).decode() == source


def test_a_function_is_created_from_object_storage(sdk, create):
    url = "https://bucket.obs.eu-de.otc.t-systems.com/code.zip"
    function = create(code_type="obs", code_url=url)
    assert function.code_url == url
    assert sdk.get_function_code(function).code_url == url


def test_a_function_with_every_member_of_the_sdk_s_model(sdk, create, fixtures):
    sent = {
        "code_type": "zip",
        "code_filename": "index.zip",
        "func_code": encoded(fixtures.sample("initializer")),
        "description": "all members",
        "user_data": '{"A": "b"}',
        "xrole": "configuration-agency",
        "app_xrole": "execution-agency",
        "initializer_handler": "index.initializer",
        "initializer_timeout": 10,
        "pre_stop_handler": "index.stop",
        "pre_stop_timeout": 10,
        "func_vpc": {"vpc_id": "vpc-1", "subnet_id": "subnet-1"},
        "mount_config": {"mount_user": {"user_id": -1, "user_group_id": -1}},
        "network_controller": {"disable_public_network": False},
        "enterprise_project_id": "e-1",
        "type": "v2",
        "is_stateful_function": True,
        "enable_dynamic_memory": True,
    }
    function = sdk.get_function_metadata(create(**sent))
    for name in sent.keys() - {"func_code", "func_vpc", "mount_config"}:
        assert getattr(function, name) == sent[name], name
    assert sent["func_vpc"].items() <= function.func_vpc.items()
    assert function.mount_config["mount_user"] == sent["mount_config"]["mount_user"]


# Listing


def test_the_newest_function_is_the_first_of_the_list(sdk, create):
    create()
    newest = create()
    assert next(iter(sdk.functions())).func_name == newest.func_name


def test_functions_are_listed_in_pages(sdk, create, project):
    package = project.unique("p")
    made = [create(package=package).func_name for _ in range(5)][::-1]

    def names(**query):
        return [function.func_name for function in sdk.functions(package_name=package, **query)]

    assert names() == made
    assert names(maxitems=2) == made[:2]
    assert names(maxitems=2, marker=2) == made[2:4]
    assert names(maxitems=2, marker=4) == made[4:]
    assert names(marker=5) == []


def test_a_listed_function_can_be_used_like_a_created_one(sdk, create, project):
    package = project.unique("p")
    create(package=package)
    (listed,) = sdk.functions(package_name=package)
    assert sdk.get_function_metadata(listed).timeout == 30
    assert sdk.get_function_code(listed).code_type == "inline"


# Reading and changing


def test_metadata_has_the_defaults_users_rely_on(sdk, create):
    function = sdk.get_function_metadata(create())
    assert function.is_stateful_function is False
    assert function.enable_dynamic_memory is False
    assert function.strategy_config == {"concurrency": 400, "concurrent_num": 1}
    assert function.cpu == 300


def test_the_guide_s_code_update_is_accepted_and_runs(sdk, create, fixtures):
    function = create()
    before = function.digest
    archive = (fixtures.HERE / "seed_update.b64").read_text().strip()
    updated = sdk.update_function_code(
        function, code_type="inline", code_filename="index.zip", func_code={"file": archive}
    )
    assert updated.code_type == "inline"
    assert updated.digest != before
    assert run(sdk, function, {"key": "value"}).err_code == "0"


def test_the_guide_s_metadata_update_is_accepted(sdk, create):
    function = create()
    sent = {
        "handler": "index.handler",
        "memory_size": 768,
        "runtime": "Python3.9",
        "timeout": 40,
        "mount_config": {"mount_user": {"user_id": -1, "user_group_id": -1}},
    }
    updated = sdk.update_function_metadata(function, **sent)
    for name in ["handler", "memory_size", "runtime", "timeout"]:
        assert getattr(updated, name) == sent[name]
    assert updated.cpu == 800
    assert sdk.get_function_metadata(function).memory_size == 768


@pytest.mark.parametrize("number", [300, 1, -1, 0])
def test_the_number_of_instances_is_changed(sdk, create, number):
    function = create()
    updated = sdk.update_max_instances(function, instances=number)
    assert updated.strategy_config["concurrency"] == number
    assert sdk.get_function_metadata(function).strategy_config["concurrency"] == number


def test_an_object_stays_usable_through_all_its_calls(sdk, create, fixtures):
    """Each answer is copied into the object, so one short URN would break every call after it."""
    function = create()
    urn = function.func_urn
    sdk.get_function_code(function)
    sdk.get_function_metadata(function)
    sdk.update_function_code(
        function, code_type="zip", code_filename="index.zip",
        func_code=encoded(fixtures.sample("echo")),
    )  # fmt: skip
    sdk.update_function_metadata(function, timeout=31)
    sdk.update_max_instances(function, instances=5)
    assert function.func_urn == urn
    assert run(sdk, function, {"a": "b"}).err_code == "0"
    assert sdk.delete_function(function) is None
    with pytest.raises(exceptions.NotFoundException):
        sdk.get_function_metadata(function)


# Running


def test_a_call_carries_its_summary_in_headers(sdk, create):
    invocation = run(sdk, create(), {"a": "b"})
    assert invocation.err_code == "0"
    assert invocation.err == "false"
    assert invocation.cff_request_id
    assert invocation.response_version == "v0"
    assert int(invocation.billing_duration) >= 1
    assert json.loads(invocation.invoke_summary)["memorySize"] == 128


def test_a_failing_function_raises_nothing_and_says_so(sdk, create):
    function = create(func_code=encoded("def handler(event, context): raise ValueError('x')"))
    invocation = run(sdk, function, {"a": "b"})
    assert invocation.err_code == "4002"
    assert invocation.err == "true"


@pytest.mark.parametrize("attrs", [{}, {"a": "b"}, {"a": True, "b": None}, {"a": "it's"}])
def test_an_event_reaches_the_handler_as_the_sdk_s_text(sdk, create, attrs):
    """The SDK sends a JSON string that holds something like JSON; it is decoded once."""
    text = str(attrs).replace("'", '"')
    source = (
        "def handler(event, context):\n"
        f"    if event != {text!r}: raise ValueError(repr(event))\n"
        "    return {'ok': True}\n"
    )
    assert run(sdk, create(func_code=encoded(source)), attrs).err_code == "0"


@pytest.mark.parametrize("result", ["'text'", "''", '\'{"statusCode": 200}\'', "{'a': 1}"])
def test_results_the_sdk_can_read_raise_nothing(sdk, create, result):
    """It cannot read lists, numbers and null; text is fine because it is sent as it is."""
    function = create(func_code=encoded(f"def handler(event, context): return {result}"))
    assert run(sdk, function, {"a": "b"}).err_code == "0"


def test_the_archive_users_import_runs_and_answers_text(sdk, create, fixtures, project):
    function = create(
        code_type="zip",
        code_filename="test.zip",
        handler="dep.handler",
        func_code=encoded(fixtures.sample("seed_import")),
    )
    assert run(sdk, function, {"a": "b"}).err_code == "0"
    answer = project.api.post(
        f"/fgs/functions/{function.func_urn}/invocations", data=json.dumps('{"a": "b"}')
    )
    assert answer.json() == {"statusCode": 200, "body": "Data received: {'a': 'b'}"}


def test_a_token_the_server_forgot_is_fetched_again(fresh_server, tmp_path):
    """After a restart a strict server answers 401, and the SDK logs in once more."""
    data = tmp_path / "data"
    server = fresh_server(data_dir=data, options=["--auth", "strict"])
    with connect(server.url) as connection:
        list(connection.functiongraph.functions())
        server.stop()
        fresh_server(data_dir=data, port=server.port, options=["--auth", "strict"])
        list(connection.functiongraph.functions())


def test_an_asynchronous_call_is_taken_and_can_be_followed(sdk, create):
    function = create()
    taken = sdk.executing_function_asynchronously(function.func_urn, attrs={"a": "b"})
    assert REQUEST_ID.fullmatch(taken.request_id)

    def ended():
        found = list(sdk.async_invocation_requests(function, request_id=taken.request_id))
        return found and found[0].status == "SUCCESS"

    eventually(ended, 10, "the request to succeed")


# Tags and the pin


def tags_of(sdk, function) -> dict:
    """All tags of the project, whichever function is asked about."""
    return {tag["key"]: tag["values"] for tag in sdk.get_resource_tags(function).tags}


def test_the_guide_s_tags_are_created_read_and_deleted(own_sdk, own_project):
    function = own_sdk.create_function(func_name=own_project.unique(), **GUIDE)
    tags = [{"key": "key", "value": "value"}, {"key": "testKey2", "value": "testValue2"}]
    assert own_sdk.create_resource_tags(function, tags=tags) is None
    assert tags_of(own_sdk, function) == {"key": ["value"], "testKey2": ["testValue2"]}
    assert own_sdk.delete_resource_tags(function, tags=tags[1:]) is None
    assert tags_of(own_sdk, function) == {"key": ["value"]}
    own_sdk.delete_function(function)


def test_a_function_is_pinned(sdk, create):
    function = create()
    urn = function.func_urn
    sdk.update_pin_status(function)
    assert function.func_urn == urn


# Quotas


def test_quotas_are_one_object_that_holds_them_all(sdk):
    (quota,) = sdk.quotas()
    resources = {resource["type"]: resource for resource in quota.quotas["resources"]}
    assert resources["fgs_func_num"]["quota"] == 400
    assert resources["fgs_func_num"]["used"] >= 0


# Dependencies


@pytest.fixture
def depend(sdk, project):
    """Creates dependencies by the SDK and deletes them at the end."""
    made = []

    def depend(**attributes):
        body = {
            "name": project.unique("dep"),
            "runtime": "Python3.10",
            "depend_type": "zip",
            "depend_file": encoded(project.archive(helper="value = 'helped'"))["file"],
            **attributes,
        }
        made.append(sdk.create_dependency_version(**body))
        return made[-1]

    yield depend
    for dependency in made:
        try:
            sdk.delete_dependency_version(dependency)
        except exceptions.NotFoundException:
            pass


def test_the_guide_s_dependency_is_created_though_its_link_leads_nowhere(sdk, depend):
    link = "https://fg-test-files.obs.eu-de.otc.t-systems.com/dependency.zip"
    dependency = depend(depend_type="obs", depend_link=link, depend_file=None)
    assert dependency.version == 1 and dependency.dep_id
    assert sdk.get_dependency_version(dependency).link == link


def test_dependencies_and_their_versions_are_listed_inside_one_object(sdk, depend):
    first = depend()
    second = depend(name=first.name)
    assert second.version == 2 and second.dep_id == first.dep_id
    (listed,) = sdk.dependencies(name=first.name, dependency_type="private")
    assert [item["id"] for item in listed.dependencies] == [second.id]
    (versions,) = sdk.dependency_versions(first)
    assert sorted(item["version"] for item in versions.dependencies) == [1, 2]
    assert sdk.get_dependency_version(second).version == 2
    assert sdk.delete_dependency_version(first) is None
    with pytest.raises(exceptions.NotFoundException) as raised:
        sdk.get_dependency_version(first)
    assert "FSS.1056" in str(raised.value)


def test_a_function_runs_with_its_dependency(sdk, depend, create):
    source = "import helper\ndef handler(event, context): return {'got': helper.value}\n"
    function = create(func_code=encoded(source), depend_version_list=[depend().id])
    assert run(sdk, function, {"a": "b"}).err_code == "0"


def test_a_dependency_in_use_raises_when_it_is_deleted(sdk, depend, create):
    dependency = depend()
    create(depend_version_list=[dependency.id])
    with pytest.raises(exceptions.HttpException) as raised:
        sdk.delete_dependency_version(dependency)
    assert "FSS.1033" in str(raised.value)


# Test events


def test_the_guide_s_event_is_created_read_changed_and_deleted(sdk, create):
    function = create()
    event = sdk.create_event(function, name="event-xx", content="eyJrIjoidiJ9")
    assert event.id and event.name == "event-xx"
    assert [item.id for item in sdk.events(func_urn=function.func_urn)] == [event.id]
    assert sdk.get_event(function, event).content == "eyJrIjoidiJ9"
    truncated = "ewogICAgImJvZHkiOiAiIiwKICAgICJy"
    assert sdk.update_event(function, event, content=truncated).content == truncated
    assert sdk.get_event(function, event).content == truncated
    sdk.delete_event(function, event)
    assert list(sdk.events(func_urn=function.func_urn)) == []
    sdk.delete_event(function, event)
    with pytest.raises(exceptions.NotFoundException) as raised:
        sdk.delete_event(function, event, ignore_missing=False)
    assert "FSS.1070" in str(raised.value)


# Versions and aliases


@pytest.fixture
def published(sdk, create):
    """A function and a version of it, as the guide makes them."""
    function = create()
    return function, sdk.publish_version(function, version="new-version", description="otce")


def test_a_version_is_published_and_listed_after_latest(sdk, published):
    function, made = published
    assert made.func_urn == f"{function.func_urn.rpartition(':')[0]}:new-version"
    assert made.version == "new-version" and made.version_description == "otce"
    names = [item.version for item in sdk.versions(func_urn=function.func_urn)]
    assert names == ["latest", "new-version"]


def test_the_guide_s_alias_is_created_read_changed_and_deleted(sdk, published):
    function, made = published
    alias = sdk.create_alias(made.func_urn, name="a1", version="new-version")
    assert alias.name == alias.id == "a1"
    assert alias.alias_urn == f"{function.func_urn.rpartition(':')[0]}:!a1"
    (listed,) = sdk.aliases(func_urn=function.func_urn)
    assert listed.name == "a1"
    assert sdk.get_alias(function, alias).version == "new-version"
    updated = sdk.update_alias(function, alias, version="new-version", description="new")
    assert updated.description == "new"
    sdk.delete_alias(function, alias)
    assert list(sdk.aliases(func_urn=function.func_urn)) == []


def test_an_alias_can_be_created_with_a_function_that_was_just_created(sdk, create):
    """It reads `id`, which answers have for this only."""
    function = create()
    assert sdk.create_alias(function, name="tip", version="latest").version == "latest"


def test_an_alias_shares_its_calls(sdk, published):
    function, made = published
    sdk.update_function_metadata(function, timeout=31)
    sdk.publish_version(function, version="second")
    weights = {"second": 20}
    alias = sdk.create_alias(
        made.func_urn, name="a1", version="new-version", additional_version_weights=weights
    )
    assert alias.additional_version_weights == weights


# Statistics


def test_statistics_of_the_project_are_read(sdk):
    (monitored,) = sdk.metrics(filter="monitor_data")
    assert isinstance(monitored.duration, list)
    (report,) = sdk.metrics(filter="monthly_report", option="0")
    assert isinstance(report.count, list)


@pytest.mark.parametrize("kind", [None, "monitor_data", "monthly_report"])
@pytest.mark.parametrize("form", ["{begin},{end}", "{later},{sooner}"])
def test_statistics_of_a_function_are_read_whatever_was_asked_before(sdk, create, form, kind):
    """A call of metrics() changes where the SDK looks in the answers of all calls after it."""
    if kind:
        list(sdk.metrics(filter=kind))
    now = time.time()
    period = form.format(
        begin=int(now - 3600) * 1000, end=int(now) * 1000, later=now, sooner=now - 3600
    )
    (metrics,) = sdk.function_metrics(create(), period=period)
    assert isinstance(metrics.count, list) and isinstance(metrics.duration, list)


def test_the_guide_s_period_of_three_years_is_answered(sdk, create):
    (metrics,) = sdk.function_metrics(create(), period="1596679200000,1696679200000")
    assert metrics.count


# Logs and templates


def test_logging_is_switched_on_again_and_again_and_its_place_read(sdk, create):
    for _ in range(2):
        sdk.enable_lts_log()
    log = sdk.get_lts_log_settings(create())
    assert log.group_name and log.group_id and log.stream_name and log.stream_id


def test_the_guide_s_template_is_read(sdk):
    template = sdk.get_template(template_id="41d5d9ca-cea3-4ba9-b866-e30c46f45f1f")
    assert template.template_name == "access-mysql-js-12.13"
    assert template.type == 1 and template.memory_size == 256


# Reserved instances


def test_lists_of_reserved_instances_are_read(own_sdk, own_project):
    """Reserved without the SDK, some releases of which cannot."""
    function = own_project.create()
    body = {"count": 2}
    assert function.api.put(f"{function.path}/reservedinstances", json=body).ok
    (policy,) = own_sdk.reserved_instances_config()
    assert policy.function_urn == function.created["func_urn"]
    assert policy.min_count == 2 and policy.idle_mode is False
    assert (policy.qualifier_type, policy.qualifier_name) == ("version", "latest")
    (count,) = own_sdk.reserved_instances()
    assert count.func_urn == function.created["func_urn"] and count.count == 2
    assert len(list(own_sdk.reserved_instances_config(urn=function.urn))) == 1
    assert len(list(own_sdk.reserved_instances(urn=f"{function.urn}-not"))) == 0


@fails_inside_newer_clients
def test_instances_are_reserved(sdk, create):
    function = create()
    assert sdk.update_instances_number(function, count=1).count == 1
    assert sdk.update_instances_number(function, count=0).count == 0


# Import and export


@pytest.mark.parametrize("query", [{"type": "code"}, {"code": "true"}, {"config": "true"}])
def test_a_function_is_exported_to_where_it_can_be_had(sdk, create, query):
    exported = sdk.export_function(create(), **query)
    assert exported.file_name.endswith(".zip")
    assert requests.get(exported.code_url, timeout=10).content.startswith(b"PK")


def test_the_guide_s_archive_is_imported_and_runs(own_sdk, own_project, fixtures):
    """The SDK leaves out `func_name`; the file's name is what arrives."""
    imported = own_sdk.import_function(
        func_name="ignored", file_type="zip", file_name="test.zip",
        file_code=(fixtures.HERE / "seed_import.b64").read_text().strip(),
    )  # fmt: skip
    assert imported.file_name == "test.zip" and imported.code_url is not None
    assert imported.func_urn.endswith(":function:default:test:latest")
    (function,) = own_sdk.functions()
    assert function.func_name == "test"
    assert run(own_sdk, function, {"a": "b"}).err_code == "0"
    own_sdk.delete_function(function)


# Triggers


def test_the_guide_s_timer_is_created_read_and_deleted(sdk, create):
    function = create()
    made = sdk.create_trigger(
        function, trigger_type_code="TIMER", trigger_status="ACTIVE", event_data=timer("Timer-l8v2")
    )
    assert made.trigger_id and made.trigger_status == "ACTIVE"
    (listed,) = sdk.triggers(function_urn=function.func_urn)
    assert listed.trigger_id == made.trigger_id
    assert listed.event_data.schedule == "3m"
    place = (function.func_urn, "TIMER", made.trigger_id)
    assert sdk.get_trigger(*place).trigger_id == made.trigger_id
    assert sdk.delete_trigger(*place) is None
    assert list(sdk.triggers(function_urn=function.func_urn)) == []
    with pytest.raises(exceptions.NotFoundException):
        sdk.get_trigger(*place)


@pytest.mark.parametrize("kind", KINDS.values(), ids=str)
def test_triggers_of_every_type_are_created(sdk, create, project, kind):
    function = create()
    data = dict(kind.data)
    if "func_info" in data:
        urn = function.func_urn.rpartition(":")[0]
        data["func_info"] = {**data["func_info"], "function_urn": urn}
    made = sdk.create_trigger(function, trigger_type_code=kind.code, event_data=data)
    assert made.trigger_type_code == kind.code
    assert made.trigger_status == kind.starts
    assert WITH_OFFSET.fullmatch(made.created_at)


@fails_inside_newer_clients
def test_a_timer_is_switched_off(sdk, create):
    function = create()
    made = sdk.create_trigger(function, trigger_type_code="TIMER", event_data=timer())
    place = (function.func_urn, "TIMER", made.trigger_id)
    assert sdk.update_trigger(*place, trigger_status="DISABLED").trigger_status == "DISABLED"


def test_all_triggers_are_deleted(sdk, create):
    function = create()
    for name in ["one", "two"]:
        sdk.create_trigger(function, trigger_type_code="TIMER", event_data=timer(name))
    assert sdk.delete_all_triggers(function.func_urn) is None
    assert list(sdk.triggers(function_urn=function.func_urn)) == []


# Asynchronous configuration


@pytest.mark.parametrize("by", ["object", "urn"])
def test_asynchronous_calls_are_configured(sdk, create, by):
    function = create()
    given = function if by == "object" else function.func_urn
    configured = sdk.configure_async_notification(
        given, max_async_event_age_in_seconds=1000, max_async_retry_attempts=2,
        enable_async_status_log=True,
        destination_config={"on_failure": {"destination": "SMN", "param": '{"topic_urn": "u"}'}},
    )  # fmt: skip
    assert configured.max_async_event_age_in_seconds == 1000
    (read,) = sdk.async_notifications(given)
    assert read.func_urn == function.func_urn
    assert read.max_async_retry_attempts == 2
    assert read.destination_config.on_failure.destination == "SMN"
    (everywhere,) = sdk.all_versions_async_notifications(given)
    assert everywhere.func_urn == function.func_urn


def test_what_was_never_configured_raises_not_found(sdk, create):
    with pytest.raises(exceptions.NotFoundException):
        list(sdk.async_notifications(create()))


@fails_inside_newer_clients
def test_a_configuration_is_deleted(sdk, create):
    function = create()
    sdk.configure_async_notification(function, max_async_retry_attempts=1)
    sdk.delete_async_notification(function)
    with pytest.raises(exceptions.NotFoundException):
        list(sdk.async_notifications(function))


# Asynchronous requests


def test_requests_are_listed_in_pages_that_end(sdk, create):
    """Given a limit the SDK asks for the page after the last item it knows, until one is empty."""
    function = create()
    made = {
        sdk.executing_function_asynchronously(function.func_urn, attrs={"n": n}).request_id
        for n in range(3)
    }

    def listed() -> list:
        return [item.request_id for item in sdk.async_invocation_requests(function, limit=1)]

    eventually(lambda: len(listed()) == 3, 10, "all requests to be listed")
    assert set(listed()) == made


def test_a_request_is_stopped(sdk, create):
    source = "import time\ndef handler(event, context): time.sleep(30)\n"
    function = create(func_code=encoded(source), timeout=60)
    taken = sdk.executing_function_asynchronously(function.func_urn, attrs={})

    def status() -> str:
        found = list(sdk.async_invocation_requests(function, request_id=taken.request_id))
        return found[0].status if found else ""

    eventually(lambda: status() == "RUNNING", 10, "the request to run")
    stop = sdk.stop_async_invocation_request
    assert stop(function, request_id=taken.request_id, type="force") is None
    eventually(lambda: status() == "FAIL", 10, "the request to be stopped")
    with pytest.raises(exceptions.BadRequestException) as raised:
        stop(function, request_id="00000000-0000-4000-8000-000000000000")
    assert "FSS.0400" in str(raised.value)
