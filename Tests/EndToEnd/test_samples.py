"""Sample functions that need packages from PyPI: one that works on pictures, one that calls another function."""

import base64
import functools
import io
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

import distributions
from rest import assert_failed, user_data

AGENCIES = """
agencies:
  caller: {access_key: CALLERACCESS, secret_key: caller-secret, security_token: caller-security-token}
"""
USERS = """
users: [{name: e2e, password: e2e}]
access_keys: [{access: CALLERACCESS, secret: caller-secret, security_token: caller-security-token}]
"""
SDK = "huaweicloudsdkfunctiongraph"


@pytest.fixture(scope="module")
def packed(fixtures):
    """Archives of distributions installed beside this suite; packing takes its time."""
    return functools.cache(lambda *names: fixtures.archive(distributions.files(*names)))


def attached(project, archive: bytes) -> dict:
    """The member of a function that has one dependency."""
    return {"depend_version_list": [project.create_dependency(archive)["id"]]}


@pytest.fixture
def same_python(control):
    """For compiled packages, which only run on the Python they were compiled for."""
    if control.python != sys.version_info[:2]:
        pytest.skip(f"functions run on Python {control.python}, this suite does not")


def picture(width: int, height: int, kind: str) -> bytes:
    """One that is red on the left and blue on the right."""
    made = Image.new("RGB", (width, height), "red")
    made.paste("blue", (width // 2, 0, width, height))
    output = io.BytesIO()
    made.save(output, kind)
    return output.getvalue()


# Pictures


@pytest.fixture
def thumbnail(project, packed, same_python):
    return project.create("thumbnail", memory_size=256, **attached(project, packed("pillow")))


def test_pictures_are_made_smaller_by_a_package_with_libraries_of_its_own(thumbnail):
    for kind, size, expected in [("PNG", (640, 480), (64, 48)), ("JPEG", (300, 600), (32, 64))]:
        sent = base64.b64encode(picture(*size, kind)).decode()
        answer = thumbnail.call({"picture": sent, "size": 64})
        assert answer["size"] == list(expected)
        with Image.open(io.BytesIO(base64.b64decode(answer["picture"]))) as made:
            assert (made.format, made.size) == ("PNG", expected)
            left, right = made.getpixel((2, 2)), made.getpixel((expected[0] - 3, 2))
        assert left[0] > 200 > 100 > left[2] and right[2] > 200 > 100 > right[0]


def test_a_picture_that_is_none_fails_its_call_only(thumbnail):
    nothing = base64.b64encode(b"no picture").decode()
    error = assert_failed(thumbnail.invoke({"picture": nothing, "size": 64}), 4002)
    assert error["errorType"] == "UnidentifiedImageError"
    sent = base64.b64encode(picture(10, 10, "PNG")).decode()
    assert thumbnail.call({"picture": sent, "size": 64})["size"] == [10, 10]


# A function that calls another


@pytest.fixture(scope="module", params=["lenient", "strict"])
def calling_server(request, start_server, tmp_path_factory):
    """A server that gives functions an agency, and asks for it if it is strict."""
    directory = tmp_path_factory.mktemp("calling")
    options = ["--auth", request.param]
    for option, text in [("--agency-file", AGENCIES), ("--auth-file", USERS)]:
        path = directory / f"{option.strip('-')}.yaml"
        path.write_text(text)
        options += [option, str(path)]
    return start_server(options=options)


@pytest.fixture
def calling(calling_server, project_of, packed, same_python):
    """A project, and a function in it that calls others."""
    project = project_of(calling_server)
    function = project.create(
        "caller",
        user_data=user_data(ENDPOINT=project.api.url),
        memory_size=256,
        xrole="caller",
        **attached(project, packed(*distributions.closure(SDK))),
    )
    return project, function


def test_a_handler_calls_another_function_by_the_sdk(calling):
    project, function = calling
    other = project.create("echo")
    answer = function.call({"urn": other.urn, "event": {"a": ["ü", 1]}})
    assert (answer["status"], answer["result"]) == (200, {"a": ["ü", 1]})
    assert answer["request_id"]


def test_a_handler_learns_that_the_function_it_calls_has_failed(calling):
    project, function = calling
    answer = function.call({"urn": project.create("raising").urn, "event": {}})
    assert answer["status"] == 500 and answer["result"]["errorType"] == "ZeroDivisionError"


def test_a_handler_is_refused_a_function_that_does_not_exist(calling):
    project, function = calling
    error = assert_failed(function.invoke({"urn": "nobody-made-this", "event": {}}), 4002)
    assert error["errorType"] == "ClientRequestException"


def test_functions_call_each_other_side_by_side_and_as_deep_as_they_like(calling):
    """One calls itself four times, and several do so at once."""
    project, function = calling
    event = {"urn": project.create("echo").urn, "event": {"the": "innermost"}}
    for _ in range(4):
        event = {"urn": function.urn, "event": event}
    with ThreadPoolExecutor(max_workers=4) as pool:
        answers = list(pool.map(function.call, [event] * 4))
    for answer in answers:
        for _ in range(4):
            assert answer["status"] == 200
            answer = answer["result"]
        assert answer["result"] == {"the": "innermost"}
