"""The Python SDK, unmodified: openstacksdk with otcextensions.

These calls are made with the oldest and the newest pair of releases, see the requirements files.
"""

import base64
import json

import openstack
import pytest
from openstack import exceptions
from otcextensions import sdk as otc

from rest import WITH_OFFSET, encoded

GUIDE = {
    "package": "default",
    "runtime": "Python3.9",
    "handler": "index.handler",
    "timeout": 30,
    "memory_size": 128,
    "code_type": "inline",
}


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
