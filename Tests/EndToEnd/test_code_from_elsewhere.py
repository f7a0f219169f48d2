"""Code that a request only names: in a bucket, in a file, behind a URL.

With `--obs-root DIR`, `https://BUCKET.obs.REGION.HOST/KEY` is the file DIR/BUCKET/KEY.
"""

import hashlib
import os

import pytest

from rest import Api, Project, answered, assert_error
from storage import HOST, MEBIBYTE, Buckets, WebServer

FETCH_LIMIT = 300 * MEBIBYTE


@pytest.fixture(scope="module")
def buckets(tmp_path_factory):
    """The buckets of this file's server, and beside them what must not be reached."""
    return Buckets(tmp_path_factory.mktemp("storage") / "obs")


@pytest.fixture(scope="module")
def elsewhere_server(buckets, start_server):
    """One server for this file, which knows the buckets."""
    return start_server(options=buckets.options)


@pytest.fixture
def project(elsewhere_server, fixtures):
    project = Project(Api(elsewhere_server.url), fixtures)
    yield project
    project.clean_up()


@pytest.fixture
def web():
    server = WebServer()
    yield server
    server.close()


def code(project, text: str) -> bytes:
    """An archive whose handler answers the text."""
    return project.archive(index=f"def handler(event, context):\n    return {text!r}\n")


def function_at(project, url: str, **fields):
    return project.create(code_type="obs", code_url=url, **fields)


def dependency_at(project, url: str) -> dict:
    return project.create_dependency(depend_type="obs", depend_file=None, depend_link=url)


def assert_says_what_is_missing(invocation, *parts: str) -> None:
    """The call failed, and its answer names what was looked for."""
    assert not invocation.succeeded
    assert invocation.status in (200, 404), invocation
    for part in parts:
        assert part in invocation.text, invocation


# Buckets


@pytest.mark.parametrize(
    "bucket, key, spelled",
    [
        ("photos", "code.zip", "code.zip"),
        ("photos", "a/b/c/code.zip", "a/b/c/code.zip"),
        ("photos", "a b/größe.zip", "a%20b/gr%C3%B6%C3%9Fe.zip"),
        ("photos", "a+b.zip", "a+b.zip"),
        ("my.photos-2", "code.zip", "code.zip"),
        ("photos", "signed.zip", "signed.zip?AWSAccessKeyId=a&Signature=b%2Fc"),
    ],
)
def test_code_in_a_bucket_runs(project, buckets, bucket, key, spelled):
    archive = code(project, key)
    buckets.put(bucket, key, archive)
    url = f"https://{bucket}.{HOST}/{spelled}"
    function = function_at(project, url)
    assert function.created["code_type"] == "obs"
    assert function.created["code_url"] == url
    assert function.created["code_size"] == len(archive)
    assert function.created["digest"] == hashlib.sha512(archive).hexdigest()
    assert function.invoke({}).text == key


@pytest.mark.parametrize("host", ["obs.eu-nl.otc.t-systems.com", "obs.cn-north-4.myhuaweicloud.com"])
def test_a_bucket_is_found_under_the_address_of_any_region(project, buckets, host):
    buckets.put("photos", "region.zip", code(project, host))
    assert function_at(project, f"https://photos.{host}/region.zip").invoke({}).text == host


def test_an_archive_type_with_only_an_address_fetches_it_too(project, buckets):
    url = buckets.put("photos", "zip.zip", code(project, "fetched"))
    function = project.create(code_type="zip", code_url=url)
    assert function.invoke({}).text == "fetched"


def test_an_update_fetches_the_code_anew(project, buckets):
    url = buckets.put("photos", "changing.zip", code(project, "old"))
    function = function_at(project, url)
    assert function.invoke({}).text == "old"
    buckets.put("photos", "changing.zip", code(project, "new"))
    body = {"code_type": "obs", "code_url": url}
    updated = answered(function.api.put(f"{function.path}/code", json=body))
    assert updated["code_url"] == url
    assert function.invoke({}).text == "new"


def test_fetched_code_is_kept_when_the_object_goes(project, buckets):
    url = buckets.put("photos", "going.zip", code(project, "kept"))
    function = function_at(project, url)
    (buckets.root / "photos" / "going.zip").unlink()
    assert function.invoke({}).text == "kept"
    function.publish("v1")
    assert function.at("v1").invoke({}).text == "kept"


def test_a_large_archive_in_a_bucket_runs(project, buckets, fixtures):
    """Larger than a request may carry."""
    files = {"index.py": b"def handler(event, context): return 'large'",
             "ballast": os.urandom(60 * MEBIBYTE)}  # fmt: skip
    url = buckets.put("photos", "large.zip", fixtures.archive(files))
    assert function_at(project, url).invoke({}).text == "large"


# What is not there


@pytest.mark.parametrize(
    "bucket, key", [("photos", "missing.zip"), ("photos", "no/such/dir.zip"), ("nobody", "code.zip")]
)
def test_a_missing_object_fails_no_create_but_the_call_which_says_so(project, buckets, bucket, key):
    buckets.put("photos", "there.zip", code(project, "there"))
    url = buckets.url(bucket, key)
    function = function_at(project, url)
    assert function.created["code_url"] == url
    assert function.code()["code_url"] == url
    for _ in range(2):
        assert_says_what_is_missing(function.invoke({}), url)


def test_an_object_that_came_later_is_fetched_by_an_update(project, buckets):
    url = buckets.url("photos", "later.zip")
    function = function_at(project, url)
    assert not function.invoke({}).succeeded
    buckets.put("photos", "later.zip", code(project, "here now"))
    body = {"code_type": "obs", "code_url": url}
    answered(function.api.put(f"{function.path}/code", json=body))
    assert function.invoke({}).text == "here now"


def test_an_object_that_is_no_archive_fails_the_call_which_says_so(project, buckets):
    url = buckets.put("photos", "text.zip", b"no archive")
    assert_says_what_is_missing(function_at(project, url).invoke({}), url)


def test_an_archive_type_whose_address_leads_nowhere_runs_the_default_code(project, buckets):
    """Terraform's acceptance tests create such functions and never call them."""
    function = project.create(code_type="zip", code_url=buckets.url("photos", "missing.zip"))
    assert function.call({"a": 1})["statusCode"] == 200


def test_a_server_without_buckets_says_how_to_have_some(fresh_server, project_of):
    project = project_of(fresh_server())
    url = Buckets.url("photos", "code.zip")
    assert_says_what_is_missing(function_at(project, url).invoke({}), url, "--obs-root")


# What must not be reached


@pytest.mark.parametrize(
    "key",
    ["../secret.zip", "a/../../secret.zip", "../../secret.zip", "%2e%2e/secret.zip",
     "%2e%2e%2fsecret.zip", "..%2Fsecret.zip", "a/%2e%2e/%2e%2e/secret.zip", "..%5Csecret.zip",
     "/../secret.zip", "./../secret.zip", "secret.zip%00", "link.zip", "linked/secret.zip"],
)  # fmt: skip
def test_a_key_does_not_lead_out_of_its_bucket(project, buckets, key):
    secret = code(project, "secret")
    for directory in [buckets.root, buckets.root.parent]:
        (directory / "secret.zip").write_bytes(secret)
    bucket = buckets.root / "closed"
    bucket.mkdir(exist_ok=True)
    for name, target in [("link.zip", "secret.zip"), ("linked", "")]:
        if not (bucket / name).is_symlink():
            (bucket / name).symlink_to(buckets.root.parent / target)
    body = project.body(code_type="obs", code_url=f"https://closed.{HOST}/{key}")
    answer = project.try_to_create(body)
    if answer.ok:
        urn = answer.json()["func_urn"]
        called = project.api.post(f"/fgs/functions/{urn}/invocations", data=b"{}")
        assert called.text != "secret"
        assert answer.json()["code_size"] != len(secret)
    else:
        assert_error(answer, 400, "FSS.1010")


@pytest.mark.parametrize("bucket", ["..", ".", "%2e%2e", "..%2fx"])
def test_a_bucket_is_no_way_out_either(project, buckets, bucket):
    (buckets.root.parent / "secret.zip").write_bytes(code(project, "secret"))
    url = f"https://{bucket}.{HOST}/secret.zip"
    answer = project.try_to_create(project.body(code_type="obs", code_url=url))
    if answer.ok:
        urn = answer.json()["func_urn"]
        called = project.api.post(f"/fgs/functions/{urn}/invocations", data=b"{}")
        assert called.text != "secret"
    else:
        assert_error(answer, 400, "FSS.1010")


# Files


def test_code_in_a_file_runs(project, tmp_path):
    archive = code(project, "from a file")
    (tmp_path / "code.zip").write_bytes(archive)
    function = function_at(project, f"file://{tmp_path}/code.zip")
    assert function.created["code_size"] == len(archive)
    assert function.invoke({}).text == "from a file"


@pytest.mark.parametrize("name", ["missing.zip", "", "pipe"])
def test_a_file_that_is_none_fails_the_call_which_says_so(project, tmp_path, name):
    os.mkfifo(tmp_path / "pipe")
    url = f"file://{tmp_path}/{name}"
    assert_says_what_is_missing(function_at(project, url).invoke({}), str(tmp_path))


# The web


def test_code_behind_a_url_runs(project, web):
    web.files["/code.zip"] = code(project, "from the web")
    assert function_at(project, web.url("/code.zip")).invoke({}).text == "from the web"
    assert function_at(project, web.url("/code.zip?a=b%20c")).invoke({}).text == "from the web"
    assert web.asked[-1] == "/code.zip?a=b%20c"


def test_a_redirect_is_followed(project, web):
    web.files["/code.zip"] = code(project, "redirected")
    web.redirects["/old.zip"] = web.url("/code.zip")
    assert function_at(project, web.url("/old.zip")).invoke({}).text == "redirected"


def test_a_redirect_to_a_file_is_not_followed(project, web, tmp_path):
    (tmp_path / "secret.zip").write_bytes(code(project, "secret"))
    web.redirects["/old.zip"] = f"file://{tmp_path}/secret.zip"
    url = web.url("/old.zip")
    assert_says_what_is_missing(function_at(project, url).invoke({}), url)


def test_redirects_in_a_circle_end(project, web):
    web.redirects["/a.zip"], web.redirects["/b.zip"] = web.url("/b.zip"), web.url("/a.zip")
    url = web.url("/a.zip")
    assert_says_what_is_missing(function_at(project, url).invoke({}), url)
    assert len(web.asked) < 200


def test_a_url_that_answers_404_fails_the_call_which_says_so(project, web):
    url = web.url("/missing.zip")
    assert_says_what_is_missing(function_at(project, url).invoke({}), url, "404")


def test_a_port_where_nobody_listens_fails_the_call_which_says_so(project):
    gone = WebServer()
    url = gone.url("/code.zip")
    gone.close()
    assert_says_what_is_missing(function_at(project, url).invoke({}), url)


@pytest.mark.timeout(120)
def test_what_never_ends_is_given_up_at_300_mb(project, web):
    url = web.url("/endless")
    answer = project.api.post(
        "/fgs/functions", json=project.body(code_type="obs", code_url=url), timeout=100
    )
    if answer.ok:
        function = project.adopt(answer)
        assert_says_what_is_missing(function.invoke({}), url)
    else:
        assert_error(answer, 413, "FSS.1071", "FSS.0413")
    assert FETCH_LIMIT // 2 < web.sent < FETCH_LIMIT + 64 * MEBIBYTE


# Dependencies


@pytest.mark.parametrize("place", ["bucket", "file", "web"])
def test_a_dependency_comes_from_each_place_too(project, buckets, web, tmp_path, place):
    archive = project.archive(helper=f"value = {place!r}")
    (tmp_path / "dep.zip").write_bytes(archive)
    web.files["/dep.zip"] = archive
    url = {
        "bucket": buckets.put("photos", "dep.zip", archive),
        "file": f"file://{tmp_path}/dep.zip",
        "web": web.url("/dep.zip"),
    }[place]
    made = dependency_at(project, url)
    assert made["link"] == url
    assert made["size"] == len(archive)
    assert made["etag"] == hashlib.md5(archive).hexdigest()
    source = "import helper\ndef handler(event, context): return helper.value\n"
    function = project.create_inline(source, depend_version_list=[made["id"]])
    assert function.invoke({}).text == place


def test_a_missing_dependency_fails_no_create_but_the_call_which_says_so(project, buckets):
    url = buckets.url("photos", "missing-dependency.zip")
    made = dependency_at(project, url)
    assert made["size"] == 0
    function = project.create(depend_version_list=[made["id"]])
    assert_says_what_is_missing(function.invoke({}), url)
