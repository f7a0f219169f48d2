"""Creating, listing, reading, changing and deleting functions over plain HTTP."""

import base64
import hashlib
import io
import json
import random
import re
import stat
import uuid
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from rest import REQUEST_ID, WITH_OFFSET, answered, assert_error, encoded

KIBIBYTE = 1024
MEMORY_SIZES = [128, 256, 512, 768, 1024, 1280, 1536, 1792, 2048, 2560, 3072, 3584, 4096, 8192, 10240]
RUNTIMES = [
    "Python2.7", "Python3.6", "Python3.9", "Python3.10", "Python3.12",
    "Node.js6.10", "Node.js8.10", "Node.js10.16", "Node.js12.13", "Node.js14.18",
    "Node.js16.17", "Node.js18.15", "Node.js20.15",
    "Java8", "Java11", "Java17", "Java21", "Go1.x", "PHP7.3", "PHP8.3",
    "C#(.NET Core 2.1)", "C#(.NET Core 3.1)", "C#(.NET Core 6.0)",
]  # fmt: skip
NOBODY = "nobody-made-this"
VPC = {"vpc_id": "vpc-1", "subnet_id": "subnet-1"}
MOUNT = {"mount_type": "sfs", "mount_resource": "share-1", "local_mount_path": "/mnt/data"}


def user_data(**entries: str) -> str:
    return json.dumps(entries)


def mounts(*func_mounts, user=-1, group=-1) -> dict:
    mount_user = {"user_id": user, "user_group_id": group}
    return {"mount_user": mount_user, "func_mounts": list(func_mounts)}


def archive_of(*entries: "tuple[str | zipfile.ZipInfo, bytes]") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as output:
        for name, content in entries:
            output.writestr(name, content)
    return buffer.getvalue()


def link_out_of_the_archive() -> bytes:
    entry = zipfile.ZipInfo("passwords")
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return archive_of((entry, b"../../../../etc/passwd"))


def marked_as_encrypted() -> bytes:
    content = bytearray(archive_of(("index.py", b"x = 1")))
    for signature, flags in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)]:
        content[content.index(signature) + flags] |= 1
    return bytes(content)


def with_a_wrong_checksum() -> bytes:
    content = archive_of(("index.py", b"x = 1" * 100))
    checksum = zipfile.ZipFile(io.BytesIO(content)).infolist()[0].CRC.to_bytes(4, "little")
    return content.replace(checksum, b"\0\0\0\0")


# Authentication and routes


def test_any_token_is_good_enough_unless_the_server_is_told_to_be_strict(api):
    answer = api.get("/fgs/functions", headers={"X-Auth-Token": "made-up"})
    assert answer.status_code == 200


def test_a_signed_request_needs_no_token(api):
    headers = {
        "X-Sdk-Date": "20260102T030405Z",
        "Authorization": "SDK-HMAC-SHA256 Access=ak, SignedHeaders=host;x-sdk-date, "
        f"Signature={'0' * 64}",
    }
    answer = api.anonymous("GET", f"/v2/{api.project_id}/fgs/functions", headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "target",
    ["/nothing", "/v1/{project}/fgs/functions", "/v2/{project}", "/v2/{project}/fgs",
     "/v2/{project}/fgs/nothing", "/v2/{project}/fgs/functions/hello/nothing",
     "/v2/{project}/fgs/functions/hello/config/more"],
)  # fmt: skip
def test_an_unknown_route_answers_404_in_json(api, target):
    headers = {"X-Auth-Token": api.token}
    answer = api.anonymous("GET", target.format(project=api.project_id), headers=headers)
    assert_error(answer, 404, "FSS.0404")


@pytest.mark.parametrize(
    "method, target",
    [("GET", "/v2/{project}/fgs/functions"), ("PATCH", "/v2/{project}/fgs/functions"),
     ("GET", "/v2/{project}/fgs/functions/nobody-made-this/config"), ("GET", "/nothing"),
     ("GET", "/v3"), ("GET", "/_emulator/health")],
)  # fmt: skip
def test_every_answer_has_a_request_id(api, method, target):
    def answer():
        headers = {"X-Auth-Token": api.token}
        return api.anonymous(method, target.format(project=api.project_id), headers=headers)

    first, second = answer(), answer()
    assert REQUEST_ID.fullmatch(first.headers["X-Request-Id"])
    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]


# Creating: what is refused

PLATFORM_VARIABLES = [
    f"RUNTIME_{name}"
    for name in [
        "PROJECT_ID", "FUNC_NAME", "FUNC_VERSION", "PACKAGE", "HANDLER", "TIMEOUT", "USERDATA", "CPU", "MEMORY",
        "MAX_RESP_BODY_SIZE", "INITIALIZER_HANDLER", "INITIALIZER_TIMEOUT", "ROOT", "CODE_ROOT", "LOG_DIR", "API_ADDR",
    ]
]  # fmt: skip

# Each row: the changed members (None = left out), the status and the code, or the codes where the
# interface leaves a choice.
REFUSED_BY_BOTH = [
    # handler
    ({"handler": ""}, 400, "FSS.1003"),
    ({"handler": "index"}, 400, "FSS.1003"),
    ({"handler": "i."}, 400, "FSS.1003"),
    ({"handler": "index."}, 400, "FSS.1003"),
    ({"handler": ".handler"}, 400, "FSS.1003"),
    ({"handler": "../index.handler"}, 400, "FSS.1003"),
    ({"handler": "i." + "h" * 127}, 400, "FSS.1003"),
    ({"handler": 7}, 400, "FSS.1003", "FSS.0400"),
    # runtime
    ({"runtime": ""}, 400, "FSS.1005"),
    ({"runtime": "python3.10"}, 400, "FSS.1005"),
    ({"runtime": "Python3.99"}, 400, "FSS.1005"),
    # memory
    ({"memory_size": 0}, 400, "FSS.1007"),
    ({"memory_size": 127}, 400, "FSS.1007"),
    ({"memory_size": 129}, 400, "FSS.1007"),
    ({"memory_size": -128}, 400, "FSS.1007"),
    ({"memory_size": 10241}, 400, "FSS.1007"),
    ({"memory_size": "128"}, 400, "FSS.1007", "FSS.0400"),
    # timeout
    ({"timeout": 2}, 400, "FSS.1008"),
    ({"timeout": 0}, 400, "FSS.1008"),
    ({"timeout": -1}, 400, "FSS.1008"),
    ({"timeout": 259_201}, 400, "FSS.1008"),
    ({"timeout": 3.5}, 400, "FSS.1008", "FSS.0400"),
    ({"timeout": 10**30}, 400, "FSS.1008", "FSS.0400"),
    # environment variables
    ({"user_data": "no JSON"}, 400, "FSS.1009"),
    ({"user_data": "[]"}, 400, "FSS.1009"),
    ({"user_data": '"text"'}, 400, "FSS.1009"),
    ({"user_data": '{"1st": "x"}'}, 400, "FSS.1009"),
    ({"user_data": '{"a-b": "x"}'}, 400, "FSS.1009"),
    ({"user_data": '{"": "x"}'}, 400, "FSS.1009"),
    ({"user_data": user_data(k="a\0b")}, 400, "FSS.1009"),
    *[({"user_data": user_data(**{name: "x"})}, 400, "FSS.1009") for name in PLATFORM_VARIABLES],
    ({"user_data": user_data(**{f"k{n}": "" for n in range(21)})}, 400, "FSS.1017"),
    ({"user_data": user_data(k="v" * 4096)}, 400, "FSS.1018"),
    ({"encrypted_user_data": "no JSON"}, 400, "FSS.1009"),
    ({"encrypted_user_data": user_data(RUNTIME_ROOT="x")}, 400, "FSS.1009"),
    ({"encrypted_user_data": user_data(**{f"k{n}": "" for n in range(21)})}, 400, "FSS.1017"),
    ({"encrypted_user_data": user_data(k="v" * 4096)}, 400, "FSS.1018"),
    # description
    ({"description": "d" * 513}, 400, "FSS.1019"),
    # initializer
    ({"initializer_handler": "start", "initializer_timeout": 3}, 400, "FSS.1404"),
    ({"initializer_handler": "index.start", "initializer_timeout": 0}, 400, "FSS.1405"),
    ({"initializer_handler": "index.start", "initializer_timeout": 301}, 400, "FSS.1405"),
    # pre-stop
    ({"pre_stop_handler": "stop", "pre_stop_timeout": 3}, 400, "FSS.0400", "FSS.1003"),
    ({"pre_stop_handler": "i." + "h" * 127, "pre_stop_timeout": 3}, 400, "FSS.0400", "FSS.1003"),
    ({"pre_stop_handler": "index.stop", "pre_stop_timeout": 0}, 400, "FSS.0400"),
    ({"pre_stop_handler": "index.stop", "pre_stop_timeout": 91}, 400, "FSS.0400"),
    # network
    ({"func_vpc": {"subnet_id": "subnet-1"}}, 400, "FSS.1036"),
    ({"func_vpc": {"vpc_id": "vpc-1"}}, 400, "FSS.1037"),
    # mounts
    *[
        ({"mount_config": mounts(user=number)}, 400, "FSS.1075")
        for number in [-2, 0, 1000, 1002, 65_535, "1000"]
    ],
    ({"mount_config": mounts(group=1000)}, 400, "FSS.1075"),
    ({"mount_config": mounts({**MOUNT, "local_mount_path": "/etc"})}, 400, "FSS.1039"),
    ({"mount_config": mounts({**MOUNT, "local_mount_path": "mnt/data"})}, 400, "FSS.1039"),
    (
        {"mount_config": mounts(*[{**MOUNT, "local_mount_path": f"/mnt/{n}"} for n in range(6)])},
        403,
        "FSS.1049",
    ),
    # log tags
    ({"lts_custom_tag": {f"k{n}": "v" for n in range(11)}}, 400, "FSS.0400"),
    ({"lts_custom_tag": {"k" * 65: "v"}}, 400, "FSS.0400"),
    ({"lts_custom_tag": {"k": "v" * 65}}, 400, "FSS.0400"),
    ({"lts_custom_tag": {"k k": "v"}}, 400, "FSS.0400"),
]

REFUSED_BY_CREATE = [
    # name
    ({"func_name": None}, 400, "FSS.1002"),
    ({"func_name": ""}, 400, "FSS.1002"),
    ({"func_name": "1st"}, 400, "FSS.1002"),
    ({"func_name": "-x"}, 400, "FSS.1002"),
    ({"func_name": "x-"}, 400, "FSS.1002"),
    ({"func_name": "x_"}, 400, "FSS.1002"),
    ({"func_name": "a b"}, 400, "FSS.1002"),
    ({"func_name": "a:b"}, 400, "FSS.1002"),
    ({"func_name": "a/b"}, 400, "FSS.1002"),
    ({"func_name": "é"}, 400, "FSS.1002"),
    ({"func_name": "x" * 61}, 400, "FSS.1002"),
    ({"func_name": 7}, 400, "FSS.1002", "FSS.0400"),
    # package
    ({"package": None}, 400, "FSS.1004"),
    ({"package": ""}, 400, "FSS.1004"),
    ({"package": "a b"}, 400, "FSS.1004", "FSS.1027"),
    ({"package": "a:b"}, 400, "FSS.1004", "FSS.1027"),
    ({"package": "-p"}, 400, "FSS.1004", "FSS.1027"),
    ({"package": "p" * 61}, 400, "FSS.1004", "FSS.1027"),
    # required members
    ({"handler": None}, 400, "FSS.1003"),
    ({"runtime": None}, 400, "FSS.1005"),
    ({"memory_size": None}, 400, "FSS.1007"),
    ({"timeout": None}, 400, "FSS.1008"),
    ({"initializer_handler": "index.start"}, 400, "FSS.1405"),
    # code
    ({"code_type": None}, 400, "FSS.1006"),
    ({"code_type": ""}, 400, "FSS.1006"),
    ({"code_type": "tar"}, 400, "FSS.1006"),
    ({"code_type": "Custom-Image-Swr"}, 400, "FSS.1006"),
    ({"code_filename": 5}, 400, "FSS.0400"),
    ({"code_filename": ["a"]}, 400, "FSS.0400"),
    ({"code_url": 5}, 400, "FSS.1010"),
    ({"func_code": {"link": 5}}, 400, "FSS.1010"),
    ({"code_type": "obs"}, 400, "FSS.1010"),
    ({"code_type": "obs", "code_url": ""}, 400, "FSS.1010"),
    ({"code_type": "obs", "code_url": "no url"}, 400, "FSS.1010"),
    ({"code_type": "zip", "code_filename": "index.zip"}, 400, "FSS.1012"),
    ({"code_type": "zip", "func_code": {"file": ""}}, 400, "FSS.1012"),
    ({"code_type": "zip", "func_code": {"file": "no base64!"}}, 400, "FSS.1011"),
    ({"code_type": "zip", "func_code": encoded("no archive")}, 400, "FSS.1011"),
    ({"code_type": "inline", "func_code": {"file": "no base64!"}}, 400, "FSS.1011"),
    ({"func_code": encoded("#" * (10 * KIBIBYTE + 1))}, 413, "FSS.1072"),
    ({"func_code": 7}, 400, "FSS.1011", "FSS.0400"),
    # images
    (
        {"runtime": "Custom Image", "handler": "-", "code_type": "Custom-Image-Swr"},
        400, "FSS.1034", "FSS.1035", "FSS.0400",
    ),
    # dependencies
    ({"depend_version_list": "no list"}, 400, "FSS.1024", "FSS.0400"),
    ({"depend_version_list": [str(uuid.UUID(int=7))]}, 404, "FSS.1056"),
    # generation
    ({"type": "v3"}, 400, "FSS.0400"),
]  # fmt: skip


def describe(value) -> str:
    """A short parameter id for a table's row."""
    return json.dumps(value)[:60] if isinstance(value, dict) else str(value)


def rows(table):
    """Rows as parameters; the codes become one tuple."""
    return [
        pytest.param(fields, status, codes, id=f"{describe(fields)}-{codes[0]}")
        for fields, status, *codes in table
    ]


@pytest.mark.parametrize("fields, status, codes", rows(REFUSED_BY_CREATE + REFUSED_BY_BOTH))
def test_create_refuses_a_bad_member_and_creates_nothing(api, project, fields, status, codes):
    package = project.unique("p")
    answer = project.try_to_create(project.body(**{"package": package, **fields}))
    assert_error(answer, status, *codes)
    assert api.get("/fgs/functions", params={"package_name": package}).json()["count"] == 0


@pytest.mark.parametrize("fields, status, codes", rows(REFUSED_BY_BOTH))
def test_update_refuses_a_bad_member_and_changes_nothing(project, fields, status, codes):
    function = project.create()
    before = function.config()
    answer = function.api.put(f"{function.path}/config", json=fields)
    assert_error(answer, status, *codes)
    assert function.config() == before


@pytest.mark.parametrize(
    "body", [b"", b"{", b"no JSON", b"[]", b"7", b"null", b"\xff\xfe", b'{"func_name": "x"} more']
)
def test_create_refuses_a_body_that_is_no_json_object(api, body):
    answer = api.post("/fgs/functions", data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 406), answer.text
    assert_error(answer, answer.status_code, "FSS.0400", "FSS.0406", "FSS.1002")


@pytest.mark.parametrize(
    "archive",
    [
        pytest.param(b"PK\x03\x04 and then nothing", id="no archive behind the signature"),
        pytest.param(archive_of(("index.py", b"x = 1"))[:-30], id="truncated"),
        pytest.param(archive_of(("../evil.py", b"x = 1")), id="dot dot"),
        pytest.param(archive_of(("a/../../evil.py", b"x = 1")), id="dot dot inside"),
        pytest.param(archive_of(("/etc/evil.py", b"x = 1")), id="absolute"),
        pytest.param(archive_of(("C:/evil.py", b"x = 1")), id="drive letter"),
        pytest.param(link_out_of_the_archive(), id="link that leaves the archive"),
        pytest.param(marked_as_encrypted(), id="encrypted"),
        pytest.param(with_a_wrong_checksum(), id="wrong checksum"),
    ],
)
def test_an_archive_that_is_broken_or_dangerous_is_refused(project, archive):
    assert_error(project.try_to_create(project.body(archive)), 400, "FSS.1011")


def test_an_archive_with_more_than_30000_files_is_refused(project):
    archive = archive_of(*((f"f{number}", b"") for number in range(30_001)))
    assert_error(project.try_to_create(project.body(archive)), 400, "FSS.1011")


def test_a_second_function_of_the_same_name_answers_409(project):
    first = project.create()
    answer = project.try_to_create(project.body(func_name=first.name))
    assert_error(answer, 409, "FSS.1061")


def test_a_package_is_a_name_space_of_its_own(project):
    first = project.create()
    second = project.create(func_name=first.name, package=project.unique("p"))
    assert second.urn != first.urn


def test_a_name_is_free_again_after_delete(project):
    first = project.create()
    first.delete()
    second = project.create(func_name=first.name)
    assert second.created["func_id"] != first.created["func_id"]


@pytest.mark.timeout(180)
def test_the_401st_function_is_refused(fresh_server, project_of):
    project = project_of(fresh_server())
    for number in range(400):
        project.create(func_name=f"fn{number}")
    assert_error(project.try_to_create(project.body()), 403, "FSS.1041")


# Creating: what is accepted

ACCEPTED_BY_BOTH = [
    *[{"runtime": runtime} for runtime in RUNTIMES],
    *[{"memory_size": size} for size in MEMORY_SIZES],
    {"timeout": 3},
    {"timeout": 259_200},
    {"handler": "a.b"},
    {"handler": "i." + "h" * 126},
    {"handler": "src/index.handler"},
    {"handler": "com.demo.TriggerTests.apigTest", "runtime": "Java11"},
    {"handler": "Assembly::Namespace.Class::Method", "runtime": "C#(.NET Core 3.1)"},
    {"handler": "main", "runtime": "Go1.x"},
    {"handler": "bootstrap", "runtime": "Custom"},
    {"handler": "bootstrap", "runtime": "http"},
    {"description": ""},
    {"description": "ü" * 512},
    {"user_data": ""},
    {"user_data": "{}"},
    {"user_data": user_data(**{f"k{n}": "" for n in range(20)})},
    {"user_data": user_data(k="v" * 4095)},
    {"user_data": '{"k": {"a": "\\u0000"}}'},
    {"user_data": user_data(RUNTIME_LOG_LEVEL="DEBUG")},
    {"encrypted_user_data": user_data(k="v" * 4095)},
    {"initializer_handler": "index.start", "initializer_timeout": 1},
    {"initializer_handler": "index.start", "initializer_timeout": 300},
    {"pre_stop_handler": "index.stop", "pre_stop_timeout": 1},
    {"pre_stop_handler": "i." + "h" * 126, "pre_stop_timeout": 90},
    {"func_vpc": VPC, "xrole": "agency"},
    {"mount_config": {"mount_user": {"user_id": -1, "user_group_id": -1}}},
    {"mount_config": mounts(user="1", group="65534")},
    {"mount_config": mounts(*[{**MOUNT, "local_mount_path": f"/mnt/{n}"} for n in range(5)])},
    {"lts_custom_tag": {f"k{n}": "v" for n in range(10)}},
    {"lts_custom_tag": {"k" * 64: "v" * 64}},
]


def accepted(table):
    return [pytest.param(fields, id=describe(fields)) for fields in table]


def assert_given_back(answer: dict, fields: dict) -> None:
    """Each field is in the answer: of objects each member that was sent, of secrets the names."""
    for name, value in fields.items():
        if name in ("mount_config", "func_vpc"):
            assert_given_back(answer[name], value)
        elif name == "encrypted_user_data":
            assert json.loads(answer[name]).keys() == json.loads(value).keys()
        else:
            assert answer[name] == value, name


@pytest.mark.parametrize("fields", accepted(ACCEPTED_BY_BOTH))
def test_create_accepts_a_value_at_the_edge_and_gives_it_back(project, fields):
    function = project.create(**fields)
    assert_given_back(function.created, fields)
    assert_given_back(function.config(), fields)


@pytest.mark.parametrize("fields", accepted(ACCEPTED_BY_BOTH))
def test_update_accepts_a_value_at_the_edge_and_gives_it_back(project, fields):
    function = project.create()
    assert_given_back(function.update_config(**fields), fields)
    assert_given_back(function.config(), fields)


@pytest.mark.parametrize("name", ["f", "F9", "a-b_c", "x" * 60])
def test_create_accepts_a_name_at_the_edge(project, name):
    function = project.create(func_name=name, package=project.unique("p"))
    assert function.created["func_name"] == name


def test_inline_code_may_have_exactly_10_kib(project):
    source = "#" * (10 * KIBIBYTE)
    function = project.create_inline(source)
    assert base64.b64decode(function.code()["func_code"]["file"]).decode() == source


def test_an_archive_of_20_megabytes_is_accepted(project):
    ballast = random.Random(1).randbytes(20 * KIBIBYTE * KIBIBYTE)
    archive = archive_of(("index.py", b"def handler(e, c): return 'big'"), ("ballast", ballast))
    function = project.create(archive)
    assert function.created["code_size"] == len(archive)
    assert function.invoke({}).text == "big"


def test_every_member_of_the_largest_body_is_kept_and_given_back(project, fixtures):
    archive = fixtures.sample("nested")
    sent = project.body(
        archive,
        package=project.unique("p"),
        handler="src/index.handler",
        timeout=45,
        memory_size=512,
        description="all members – größtmöglich",
        user_data=user_data(COLOUR="green", empty=""),
        xrole="configuration-agency",
        app_xrole="execution-agency",
        initializer_handler="src/index.initializer",
        initializer_timeout=17,
        pre_stop_handler="src/index.stop",
        pre_stop_timeout=9,
        func_vpc={**VPC, "vpc_name": "v", "subnet_name": "s", "cidr": "10.0.0.0/24",
                  "gateway": "10.0.0.1", "security_groups": ["sg-1", "sg-2"]},
        mount_config=mounts(
            {**MOUNT, "mount_type": "ecs", "mount_share_path": "10.0.0.9:/data"}, user=1001, group=-1
        ),
        enterprise_project_id="3b0c1d2e-0000-4000-8000-000000000001",
        type="v2",
        network_controller={"disable_public_network": True,
                            "trigger_access_vpcs": [{"vpc_name": "v", "vpc_id": "vpc-1"}]},
        is_stateful_function=True,
        enable_dynamic_memory=True,
        lts_custom_tag={"team": "blue"},
        enable_lts_log=True,
        domain_names="a.internal",
        depend_version_list=[],
    )  # fmt: skip
    secrets = user_data(SECRET="hush")
    log_config = {"group_name": "g", "group_id": "g-1", "stream_name": "s", "stream_id": "s-1"}
    answer = project.try_to_create(
        {**sent, "log_config": log_config, "encrypted_user_data": secrets}
    )
    assert answer.status_code == 200, answer.text
    created = answer.json()
    given_back = {name: value for name, value in sent.items() if name != "func_code"}
    given_back["encrypted_user_data"] = secrets
    assert_given_back(created, given_back)
    assert created["log_group_id"] == "g-1" and created["log_stream_id"] == "s-1"

    config = project.api.get(f"/fgs/functions/{created['func_urn']}/config").json()
    assert_given_back(config, given_back)
    assert config["log_group_id"] == "g-1" and config["log_stream_id"] == "s-1"


def test_unknown_members_and_parameters_are_ignored(api, project):
    function = project.create(no_such_member={"a": 1})
    assert api.get(f"{function.path}/config", params={"no_such": "parameter"}).status_code == 200


def test_a_body_may_end_with_a_newline_and_have_no_content_type(api, project):
    body = project.body()
    answer = api.post("/fgs/functions", data=json.dumps(body).encode() + b"\n")
    assert answer.status_code == 200, answer.text
    assert api.delete(f"/fgs/functions/{answer.json()['func_urn'].rpartition(':')[0]}").ok


def test_a_new_function_has_the_documented_defaults(api, project):
    created = project.create(memory_size=256).created
    assert created["func_urn"] == (
        f"urn:fss:eu-de:{api.project_id}:function:default:{created['func_name']}:latest"
    )
    assert created["namespace"] == api.project_id
    assert created["project_name"] == "eu-de"
    assert created["package"] == "default"
    assert created["version"] == "latest"
    assert uuid.UUID(created["func_id"])
    assert created["resource_id"] == f"{created['func_id']}:{created['func_name']}"
    assert created["cpu"] == 400
    assert created["code_type"] == "inline"
    assert created["code_url"] == ""
    assert created["code_filename"] == "index.py"
    assert created["strategy_config"] == {"concurrency": 400, "concurrent_num": 1}
    assert created["enterprise_project_id"] == "0"
    assert created["type"] == "v2"
    assert created["long_time"] is False
    assert created["ephemeral_storage"] == 512
    assert created["is_stateful_function"] is False
    assert created["enable_dynamic_memory"] is False
    assert created["depend_version_list"] == []
    assert isinstance(created["domain_id"], str)
    assert "pre_stop_timeout" not in created
    assert WITH_OFFSET.fullmatch(created["last_modified"])
    moment = datetime.fromisoformat(created["last_modified"].replace("Z", "+00:00"))
    assert abs(datetime.now(moment.tzinfo) - moment).total_seconds() < 60
    assert re.fullmatch(r"latest-\d{12}@[a-z0-9]{5}", created["image_name"])


def test_an_answer_names_the_function_under_id_as_well(project):
    """Without it the Python SDK's create_alias cannot take a function object."""
    created = project.create().created
    assert created["id"] == created["func_urn"]


def test_digest_and_size_are_those_of_the_archive(project, fixtures):
    archive = fixtures.sample("hello")
    created = project.create(archive).created
    assert created["digest"] == hashlib.sha512(archive).hexdigest()
    assert created["code_size"] == len(archive)


@pytest.mark.parametrize("memory, cpu", [(128, 300), (512, 600), (768, 800), (4096, 3400)])
def test_processor_share_follows_memory(project, memory, cpu):
    assert project.create(memory_size=memory).created["cpu"] == cpu


def test_an_inline_function_without_code_answers_its_event(project):
    result = project.create().call({"a": "b"})
    assert result["statusCode"] == 200
    assert json.loads(result["body"]) == {"a": "b"}


def test_code_in_object_storage_keeps_its_address(project):
    url = "https://bucket.obs.eu-de.otc.t-systems.com/dir/code.zip"
    function = project.create(code_type="obs", code_url=url)
    assert function.created["code_url"] == url
    assert function.created["code_filename"] == "code.zip"
    assert function.code()["code_url"] == url


def test_an_archive_type_with_only_an_address_is_accepted(project):
    """What Terraform's acceptance test sends; its handler has no function part."""
    url = "https://bucket.obs.eu-de.otc.t-systems.com/index.py"
    function = project.create(code_type="zip", code_url=url, handler="index.py")
    assert function.code()["code_url"] == url


# Listing


def test_a_list_refuses_bad_bounds(api):
    for parameters in [{"maxitems": "-1"}, {"maxitems": "x"}, {"marker": "x"}, {"marker": "-1"}]:
        assert_error(api.get("/fgs/functions", params=parameters), 400, "FSS.1001")


def test_an_empty_list_is_an_empty_array(api, project):
    answer = api.get("/fgs/functions", params={"package_name": project.unique("p")})
    assert answer.json() == {"functions": [], "count": 0, "next_marker": 0}


@pytest.mark.parametrize("name", ["a b", "ä", "p" * 100, "-"])
def test_in_a_package_of_a_name_that_cannot_be_there_are_no_functions(api, name):
    answer = answered(api.get("/fgs/functions", params={"package_name": name}))
    assert answer == {"functions": [], "count": 0, "next_marker": 0}


def test_an_empty_package_name_asks_for_all_functions(own_project):
    made = own_project.create(package="a"), own_project.create(package="b")
    found = answered(own_project.api.get("/fgs/functions?package_name="))["functions"]
    assert {function["func_name"] for function in found} == {function.name for function in made}


def test_a_list_has_the_newest_function_first_and_every_one_once(api, project):
    package = project.unique("p")
    made = [project.create(package=package).name for _ in range(5)]
    answer = api.get("/fgs/functions", params={"package_name": package}).json()
    assert [function["func_name"] for function in answer["functions"]] == made[::-1]
    assert answer["count"] == 5 and answer["next_marker"] == 5
    assert api.get("/fgs/functions").json()["functions"][0]["func_name"] == made[-1]


@pytest.mark.parametrize("size", ["maxitems", "max_items"])
def test_a_list_comes_in_pages(api, project, size):
    package = project.unique("p")
    made = [project.create(package=package).name for _ in range(5)]
    found, marker = [], 0
    for expected in [2, 2, 1, 0]:
        page = api.get(
            "/fgs/functions",
            params={"package_name": package, "marker": marker, size: "2"},
        ).json()
        assert len(page["functions"]) == expected
        assert page["count"] == 5
        assert page["next_marker"] == marker + expected
        found += [function["func_name"] for function in page["functions"]]
        marker = page["next_marker"]
    assert found == made[::-1]


@pytest.mark.parametrize("size", ["0", "401", "100000"])
def test_a_page_size_without_sense_means_400(api, project, size):
    package = project.unique("p")
    project.create(package=package)
    answer = api.get("/fgs/functions", params={"package_name": package, "maxitems": size})
    assert len(answer.json()["functions"]) == 1


def test_a_list_gives_no_hint_that_openstacksdk_would_follow(api, project):
    project.create()
    answer = api.get("/fgs/functions", params={"maxitems": "1"})
    assert "Link" not in answer.headers
    forbidden = {"next", "links", "functions_links"}
    assert not forbidden & answer.json().keys()
    assert not forbidden & answer.json()["functions"][0].keys()


def test_an_item_of_a_list_agrees_with_the_function(api, project):
    function = project.create("hello", package=project.unique("p"), description="listed")
    package = function.created["package"]
    item = api.get("/fgs/functions", params={"package_name": package}).json()["functions"][0]
    for name in [
        "func_urn", "func_name", "domain_id", "namespace", "project_name", "package", "runtime",
        "timeout", "handler", "memory_size", "cpu", "code_type", "code_url", "code_filename",
        "code_size", "digest", "version", "image_name", "description", "last_modified",
        "strategy_config", "enterprise_project_id", "long_time", "type", "resource_id",
    ]:  # fmt: skip
        assert item[name] == function.created[name], name


# Addressing


URN_FORMS = {
    "1 field": "{name}",
    "2 fields": "default:{name}",
    "3 fields": "{project}:default:{name}",
    "4 fields": "{project}:default:{name}:latest",
    "7 fields": "urn:fss:eu-de:{project}:function:default:{name}",
    "8 fields": "urn:fss:eu-de:{project}:function:default:{name}:latest",
    "another region": "urn:fss:eu-nl:{project}:function:default:{name}",
}


@pytest.mark.parametrize("encoding", ["raw", "encoded"])
@pytest.mark.parametrize("form", URN_FORMS)
def test_a_function_is_found_by_every_form_of_its_urn(api, project, form, encoding):
    function = project.create("echo")
    urn = URN_FORMS[form].format(name=function.name, project=api.project_id)
    urn = quote(urn, safe="") if encoding == "encoded" else urn
    for path in ["config", "code"]:
        answer = api.get(f"/fgs/functions/{urn}/{path}")
        assert answer.status_code == 200, answer.text
        assert answer.json()["func_urn"] == function.created["func_urn"]
    answer = api.post(f"/fgs/functions/{urn}/invocations", data=b'{"a": 1}')
    assert answer.status_code == 200 and answer.json() == {"a": 1}


@pytest.mark.parametrize(
    "urn, status, codes",
    [
        (NOBODY, 404, ["FSS.1051"]),
        ("urn:fss:eu-de:{project}:function:default:" + NOBODY, 404, ["FSS.1051"]),
        ("urn:fss:eu-de:{project}:function:other:{name}", 404, ["FSS.1051"]),
        ("urn:fss:eu-de:" + "0" * 32 + ":function:default:{name}", 404, ["FSS.1051"]),
        ("0" * 32 + ":default:{name}", 404, ["FSS.1051"]),
        ("{urn}:v9", 404, ["FSS.1052"]),
        ("{project}:default:{name}:v9", 404, ["FSS.1052"]),
        ("{urn}:!nobody", 404, ["FSS.1053"]),
        ("{urn}:%21nobody", 404, ["FSS.1053"]),
        ("a:b:c:d:e", 400, ["FSS.1309"]),
        ("urn:fss:eu-de:{project}:function:default", 400, ["FSS.1309"]),
        ("{urn}:latest:more", 400, ["FSS.1309"]),
        ("urn:sss:eu-de:{project}:function:default:{name}", 400, ["FSS.1309"]),
        ("urn:fss:eu-de:{project}:thing:default:{name}", 400, ["FSS.1309"]),
        ("{urn}:", 400, ["FSS.1309"]),
        ("%20", 400, ["FSS.1309"]),
        ("urn:fss:eu-de:{project}:function:default:" + "x" * 270, 400, ["FSS.1309"]),
    ],
)
@pytest.mark.parametrize(
    "method, path", [("GET", "/config"), ("GET", "/code"), ("POST", "/invocations")]
)
def test_a_urn_that_leads_nowhere_is_refused(api, project, urn, status, codes, method, path):
    function = project.create()
    urn = urn.format(project=api.project_id, name=function.name, urn=function.urn)
    assert_error(api.request(method, f"/fgs/functions/{urn}{path}"), status, *codes)


# Code


def test_get_code_has_the_documented_members(project, fixtures):
    function = project.create("hello")
    code = function.code()
    for name in ["func_urn", "func_name", "domain_id", "runtime", "code_type", "code_url",
                 "code_filename", "code_size", "digest", "last_modified", "strategy_config",
                 "depend_version_list"]:  # fmt: skip
        assert code[name] == function.created[name], name
    assert isinstance(code["func_code"]["file"], str)
    assert isinstance(code["func_code"]["link"], str)


@pytest.mark.parametrize(
    "body, status, codes",
    rows(
        [
            ({}, 400, "FSS.1006"),
            ({"code_type": "tar", "func_code": encoded("x = 1")}, 400, "FSS.1006"),
            ({"code_type": "Custom-Image-Swr"}, 400, "FSS.1006"),
            ({"code_type": "inline", "code_filename": 5}, 400, "FSS.0400"),
            ({"code_type": "inline", "func_code": {"file": "no base64!"}}, 400, "FSS.1011"),
            ({"code_type": "zip", "func_code": encoded("no archive")}, 400, "FSS.1011"),
            ({"code_type": "zip"}, 400, "FSS.1012"),
            ({"code_type": "obs"}, 400, "FSS.1010"),
            (
                {"code_type": "inline", "func_code": encoded("#" * (10 * KIBIBYTE + 1))},
                413,
                "FSS.1072",
            ),
        ]
    ),
)
def test_update_code_refuses_bad_code_and_keeps_the_old(project, body, status, codes):
    function = project.create("echo")
    before = function.code()
    assert_error(function.api.put(f"{function.path}/code", json=body), status, *codes)
    assert function.code() == before
    assert function.call({"still": "there"}) == {"still": "there"}


ARCHIVE_LIMIT = 50 << 20


def archive_of_length(length: int) -> bytes:
    """An archive of so many bytes."""
    def archive(content: bytes) -> bytes:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as members:
            members.writestr("index.py", "def handler(event, context): return event")
            members.writestr("data", content)
        return file.getvalue()

    return archive(bytes(length - len(archive(b""))))


def test_an_archive_of_50_mib_is_accepted_and_a_larger_one_is_refused(project):
    function = project.create()
    largest = archive_of_length(ARCHIVE_LIMIT)
    assert function.update_code(largest)["code_size"] == ARCHIVE_LIMIT
    assert function.call({"a": 1}) == {"a": 1}
    for size in [1, 1 << 20]:
        assert_error(project.try_to_create(project.body(archive_of_length(ARCHIVE_LIMIT + size))), 413, "FSS.1071")


def test_to_create_a_function_reads_nothing_of_the_archives_of_others(fresh_server, project_of, tmp_path):
    server = fresh_server(data_dir=tmp_path / "data")
    project = project_of(server)
    # Code is kept in the order of its digests; on the way to that of new functions stands a large one.
    usual = project.create().config()["digest"]
    length = 8 << 20
    archives = (archive_of_length(length + number) for number in range(100))
    project.create(next(each for each in archives if hashlib.sha512(each).hexdigest() < usual))
    for _ in range(5):
        project.create()

    def read() -> int:
        return int(re.search(r"rchar: (\d+)", Path(f"/proc/{server.pid}/io").read_text())[1])

    before = read()
    for _ in range(20):
        project.create()
    assert read() - before < length


def test_new_code_changes_digest_size_and_image_name(project, fixtures):
    function = project.create("echo")
    archive = fixtures.sample("hello")
    updated = function.update_code(archive)
    assert updated["digest"] == hashlib.sha512(archive).hexdigest()
    assert updated["code_size"] == len(archive)
    config = function.config()
    assert config["digest"] == updated["digest"]
    assert config["image_name"] != function.created["image_name"]
    assert config["func_urn"] == function.created["func_urn"]


def test_inline_code_may_be_an_archive_and_stays_inline(project, fixtures):
    function = project.create()
    body = {
        "code_type": "inline",
        "code_filename": "index.zip",
        "func_code": encoded(fixtures.sample("seed_update")),
    }
    answer = function.api.put(f"{function.path}/code", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["code_type"] == "inline"
    assert answer.json()["code_filename"] == "index.zip"
    assert json.loads(function.call({"key": "v"})["body"]) == {"key": "v"}


def test_an_inline_update_without_file_name_gets_the_runtime_s(project):
    function = project.create("echo")
    body = {"code_type": "inline", "func_code": encoded("def handler(event, context): return 7")}
    answer = function.api.put(f"{function.path}/code", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["code_type"] == "inline"
    assert answer.json()["code_filename"] == "index.py"
    assert function.call({}) == 7


# Metadata


def test_an_update_leaves_alone_what_it_does_not_name(project):
    function = project.create(
        description="kept", user_data=user_data(A="b"), xrole="kept", func_vpc=VPC
    )
    before = function.config()
    after = function.update_config(timeout=40)
    assert after["timeout"] == 40
    config = function.config()
    changing = {"timeout", "image_name", "last_modified"}
    assert {name for name in config if config[name] != before.get(name)} <= changing
    assert config["image_name"] != before["image_name"]


@pytest.mark.parametrize(
    "name, value, nothing",
    [
        ("description", "text", [""]),
        ("user_data", user_data(A="b"), ["", "{}", None]),
        ("xrole", "agency", ["", None]),
        ("app_xrole", "agency", ["", None]),
        ("lts_custom_tag", {"a": "b"}, [{}, None]),
        ("func_vpc", VPC, [None, {}]),
        ("mount_config", mounts(MOUNT), [None, {}]),
    ],
)
def test_an_update_clears_what_it_names_as_nothing(project, name, value, nothing):
    for empty in nothing:
        function = project.create(**{name: value})
        function.update_config(**{name: empty})
        assert function.config().get(name) in (None, "", "{}", {}), (empty, function.config()[name])


def test_the_python_sdk_s_own_sample_update_is_accepted(project):
    sent = {
        "memory_size": 768,
        "handler": "index.handler",
        "runtime": "Python3.9",
        "mount_config": {"mount_user": {"user_id": -1, "user_group_id": -1}},
        "timeout": 40,
    }
    function = project.create(runtime="Python3.10")
    updated = function.update_config(**sent)
    assert_given_back(updated, sent)
    assert updated["cpu"] == 800


def test_mount_ids_keep_the_json_type_they_were_sent_with(project):
    for identifier in [1001, "1001"]:
        created = project.create(mount_config=mounts(MOUNT, user=identifier)).created
        assert created["mount_config"]["mount_user"]["user_id"] == identifier


@pytest.mark.parametrize(
    "fields",
    accepted(
        [
            {"strategy_config": {"concurrency": -1, "concurrent_num": 1}},
            {"strategy_config": {"concurrency": 1000, "concurrent_num": 1000}},
            {"ephemeral_storage": 10_240},
            {"peering_cidr": "10.0.0.0/8;10.1.0.0/16;10.2.0.0/16;10.3.0.0/16;10.4.0.0/16"},
            {"extend_config": "text"},
            {"enable_auth_in_header": True},
            {"heartbeat_handler": "com.demo.Beat"},
            {"enable_class_isolation": True},
            {"gpu_memory": 1024, "gpu_type": "nvidia-t4"},
            {"enterprise_project_id": "e-1"},
            {"domain_names": "a.internal,b.internal"},
        ]
    ),
)
def test_update_keeps_the_members_that_create_does_not_take(project, fields):
    function = project.create()
    function.update_config(**fields)
    assert_given_back(function.config(), fields)


@pytest.mark.parametrize(
    "fields, status, codes",
    rows(
        [
            *[
                ({"strategy_config": {"concurrency": a, "concurrent_num": b}}, 400, "FSS.1026")
                for a, b in [(-2, 1), (1001, 1), (1, 0), (1, 1001), (1, -1)]
            ],
            ({"ephemeral_storage": 1024}, 400, "FSS.0400"),
            ({"peering_cidr": ";".join(["10.0.0.0/8"] * 6)}, 400, "FSS.0400"),
            ({"gpu_memory": 1025}, 400, "FSS.0400", "FSS.1007"),
            ({"restore_hook_handler": "i.h", "restore_hook_timeout": 301}, 400, "FSS.0400"),
        ]
    ),
)
def test_update_refuses_bad_values_of_its_own_members(project, fields, status, codes):
    function = project.create()
    before = function.config()
    assert_error(function.api.put(f"{function.path}/config", json=fields), status, *codes)
    assert function.config() == before


def test_a_function_cannot_be_renamed(project):
    function = project.create()
    before = function.config()
    answer = function.api.put(f"{function.path}/config", json={"func_name": "another", "timeout": 40})
    assert_error(answer, 400, "FSS.1002")
    assert function.config() == before
    assert function.update_config(func_name=function.name, timeout=40)["timeout"] == 40


# Instances


@pytest.mark.parametrize("number", [-2, 1001, "many", 1.5])
def test_a_bad_number_of_instances_is_refused(project, number):
    function = project.create()
    assert_error(function.set_max_instances(number), 400, "FSS.1026", "FSS.0400")
    assert function.config()["strategy_config"]["concurrency"] == 400


@pytest.mark.parametrize("number", [-1, 0, 1, 1000])
def test_the_number_of_instances_is_kept(project, number):
    function = project.create()
    answer = function.set_max_instances(number)
    assert answer.status_code == 200, answer.text
    expected = {"concurrency": number, "concurrent_num": 1}
    assert answer.json()["strategy_config"] == expected
    assert function.config()["strategy_config"] == expected


@pytest.mark.parametrize("body", [b"{}", b"{}\n", b""])
def test_no_number_of_instances_changes_nothing(project, body):
    function = project.create()
    function.set_max_instances(7)
    answer = function.api.put(f"{function.path}/config-max-instance", data=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["strategy_config"]["concurrency"] == 7


# Deleting


def test_the_latest_version_alone_cannot_be_deleted(project):
    function = project.create()
    assert_error(function.api.delete(f"{function.path}:latest"), 400, "FSS.1015")
    assert function.config()["func_name"] == function.name


def test_deleting_an_unknown_version_leaves_the_function(project):
    function = project.create()
    assert_error(function.api.delete(f"{function.path}:v9"), 404, "FSS.1052")
    assert function.config()["func_name"] == function.name


def test_a_deleted_function_is_gone_everywhere(api, project):
    package = project.unique("p")
    function = project.create("echo", package=package)
    function.call({})
    answer = function.delete()
    assert answer.status_code == 204 and answer.content == b""
    assert_error(function.delete(), 404, "FSS.1051")
    assert_error(api.get(f"{function.path}/config"), 404, "FSS.1051")
    assert_error(api.post(f"{function.path}/invocations", data=b"{}"), 404, "FSS.1051")
    assert api.get("/fgs/functions", params={"package_name": package}).json()["count"] == 0


# Many functions


def test_a_list_of_5000_functions_is_complete_and_without_repetition(fresh_server, project_of):
    project = project_of(fresh_server(options=["--function-quota", "5000", "--log-level", "warning"]))
    with ThreadPoolExecutor(8) as pool:
        names = {function.name for function in pool.map(lambda _: project.create_inline("x = 1\n"), range(5000))}
    assert len(names) == 5000
    seen, marker = [], 0
    while True:
        page = answered(project.api.get("/fgs/functions", params={"maxitems": 400, "marker": marker}))
        assert page["count"] == 5000
        if not page["functions"]:
            break
        seen += [function["func_name"] for function in page["functions"]]
        marker = page["next_marker"]
    assert len(seen) == 5000 and set(seen) == names
    (quota,) = [
        item for item in answered(project.api.get("/fgs/quotas"))["quotas"]["resources"]
        if item["type"] == "fgs_func_num"
    ]  # fmt: skip
    assert (quota["quota"], quota["used"]) == (5000, 5000)
    assert_error(project.try_to_create(project.body(func_code=encoded("x = 1\n"))), 403, "FSS.1041")
