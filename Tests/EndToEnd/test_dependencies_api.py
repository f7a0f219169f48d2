"""Dependencies, their versions, and functions that use them (D-1 to D-5)."""

import hashlib
import random
import time
import uuid

import pytest
import requests

from rest import answered, assert_error, encoded

MEBIBYTE = 1 << 20
OBS_LINK = "https://bucket.obs.eu-de.otc.t-systems.com/dir/dependency.zip"
UNKNOWN = "00000000-0000-4000-8000-000000000000"

# A function that tells what its dependencies brought along.
READS_HELPER = "import helper\ndef handler(event, context):\n    return helper.value\n"


def body(project, **fields) -> dict:
    content = encoded(project.archive(helper="value = 1"))["file"]
    made = {"name": project.unique("dep"), "runtime": "Python3.10", "depend_type": "zip",
            "depend_file": content, **fields}  # fmt: skip
    return {name: value for name, value in made.items() if value is not None}


def listed(project, **query) -> dict:
    return answered(project.api.get("/fgs/dependencies", params=query))


def path_of(version: dict) -> str:
    return f"/fgs/dependencies/{version['dep_id']}/version/{version['version']}"


def versions(project, dependency: dict, **query) -> dict:
    path = f"/fgs/dependencies/{dependency['dep_id']}/version"
    return answered(project.api.get(path, params=query))


def delete(project, version: dict):
    return project.api.delete(path_of(version))


def helper(project, value) -> bytes:
    return project.archive(helper=f"value = {value!r}")


# Creating: what is refused


@pytest.mark.parametrize(
    "fields, status, codes",
    [
        ({"depend_type": None}, 400, ["FSS.1032"]),
        ({"depend_type": ""}, 400, ["FSS.1032"]),
        ({"depend_type": "jar"}, 400, ["FSS.1032"]),
        ({"depend_type": 7}, 400, ["FSS.1032", "FSS.0400"]),
        ({"runtime": None}, 400, ["FSS.1005"]),
        ({"runtime": "Python3.99"}, 400, ["FSS.1005"]),
        *[
            ({"name": name}, 400, ["FSS.0400", "FSS.1024"])
            for name in [None, "", "1d", "-d", "d-", "d.", "d_", "a b", "a:b", "ü", "d" * 97, 7]
        ],
        ({"description": "d" * 513}, 400, ["FSS.1019"]),
        ({"depend_file": None}, 400, ["FSS.1011", "FSS.1012", "FSS.1024", "FSS.0400"]),
        ({"depend_file": ""}, 400, ["FSS.1011", "FSS.1012", "FSS.1024", "FSS.0400"]),
        ({"depend_file": "no base64!"}, 400, ["FSS.1011", "FSS.1024"]),
        ({"depend_file": encoded("no archive")["file"]}, 400, ["FSS.1011", "FSS.1024"]),
        ({"depend_file": 7}, 400, ["FSS.1011", "FSS.1012", "FSS.1024", "FSS.0400"]),
        ({"depend_type": "obs"}, 400, ["FSS.1010"]),
        ({"depend_type": "obs", "depend_link": ""}, 400, ["FSS.1010"]),
        ({"depend_type": "obs", "depend_link": "no url"}, 400, ["FSS.1010"]),
        ({"depend_type": "obs", "depend_link": "ftp://host/key"}, 400, ["FSS.1010"]),
    ],
    ids=str,
)
def test_a_bad_member_is_refused_and_nothing_is_created(own_project, fields, status, codes):
    answer = own_project.try_to_create_dependency(body(own_project, **fields))
    assert_error(answer, status, *codes)
    assert listed(own_project, dependency_type="private")["count"] == 0


def test_an_archive_with_a_backup_file_of_an_editor_is_refused(project, fixtures):
    content = fixtures.archive({"helper.py": b"", "helper.py~": b""})
    answer = project.try_to_create_dependency(
        body(project, depend_file=encoded(content)["file"])
    )
    assert_error(answer, 400, "FSS.1011", "FSS.1024", "FSS.0400")


def test_an_archive_above_40_mb_is_refused(project):
    content = encoded(bytes(40 * MEBIBYTE + 1))["file"]
    answer = project.try_to_create_dependency(body(project, depend_file=content))
    assert answer.status_code in (400, 413), answer.text
    codes = ["FSS.0413", "FSS.1011", "FSS.1024", "FSS.1071", "FSS.1201"]
    assert_error(answer, answer.status_code, *codes)


def test_another_runtime_under_the_same_name_answers_409(project):
    first = project.create_dependency(runtime="Python3.10")
    fields = body(project, name=first["name"], runtime="Python3.9")
    answer = project.try_to_create_dependency(fields)
    assert answer.status_code in (400, 409), answer.text
    assert_error(answer, answer.status_code, "FSS.1065", "FSS.1031")
    assert versions(project, first)["count"] == 1


# Creating: what is accepted


def test_a_new_dependency_has_its_documented_form(project):
    content = helper(project, 1)
    name = project.unique("dep")
    made = project.create_dependency(content, name=name, description="für alle")
    assert uuid.UUID(made["id"]) and uuid.UUID(made["dep_id"]) and made["id"] != made["dep_id"]
    assert made["version"] == 1
    assert made["name"] == name
    assert made["runtime"] == "Python3.10"
    assert made["description"] == "für alle"
    assert made["size"] == len(content)
    assert made["etag"] == hashlib.md5(content).hexdigest()
    assert isinstance(made["owner"], str) and made["owner"] not in ("", "public")
    assert isinstance(made["link"], str)
    assert made["file_name"].endswith(".zip")
    assert type(made["last_modified"]) is int
    assert abs(time.time() - made["last_modified"]) < 60


@pytest.mark.parametrize("name", ["d", "D9", "a-b_c.d", "d" * 96])
def test_a_name_at_the_edge_is_accepted(own_project, name):
    assert own_project.create_dependency(name=name)["name"] == name


def test_the_same_name_again_is_a_new_version(project):
    first = project.create_dependency(helper(project, 1))
    second = project.create_dependency(helper(project, 2), name=first["name"])
    third = project.create_dependency(helper(project, 2), name=first["name"])
    assert [made["version"] for made in [first, second, third]] == [1, 2, 3]
    assert {made["dep_id"] for made in [first, second, third]} == {first["dep_id"]}
    assert len({made["id"] for made in [first, second, third]}) == 3
    assert second["etag"] == third["etag"] != first["etag"]


def test_a_link_is_accepted_though_nothing_is_there(project):
    made = project.create_dependency(depend_type="obs", depend_file=None, depend_link=OBS_LINK)
    assert made["version"] == 1
    assert made["link"] == OBS_LINK
    assert made["size"] == 0
    read = answered(project.api.get(path_of(made)))
    assert read["link"] == OBS_LINK


# Listing


def test_a_list_shows_each_dependency_once_with_its_newest_version(own_project):
    first = own_project.create_dependency()
    newest = own_project.create_dependency(helper(own_project, 2), name=first["name"])
    other = own_project.create_dependency()
    answer = listed(own_project, dependency_type="private")
    assert answer["count"] == 2 and answer["next_marker"] == 2
    rows = answer["dependencies"]
    assert [row["id"] for row in rows] == [newest["id"], other["id"]]
    assert [row["version"] for row in rows] == [2, 1]
    for name in ["id", "dep_id", "owner", "link", "runtime", "etag", "size", "name", "description",
                 "file_name", "version", "last_modified"]:  # fmt: skip
        assert rows[0][name] == newest[name], name


@pytest.mark.parametrize("size", ["maxitems", "limit"])
def test_dependencies_come_in_pages(own_project, size):
    made = [own_project.create_dependency()["id"] for _ in range(5)]
    found, marker = [], 0
    for expected in [2, 2, 1, 0]:
        page = listed(own_project, dependency_type="private", marker=marker, **{size: 2})
        assert len(page["dependencies"]) == expected
        assert page["count"] == 5
        assert page["next_marker"] == marker + expected
        found += [row["id"] for row in page["dependencies"]]
        marker = page["next_marker"]
    assert found == made


def test_limit_counts_where_both_sizes_are_given(own_project):
    for _ in range(3):
        own_project.create_dependency()
    page = listed(own_project, dependency_type="private", limit=1, maxitems=2)
    assert len(page["dependencies"]) == 1


def test_a_list_is_filtered_by_who_owns_a_dependency(own_project):
    made = own_project.create_dependency()

    def found(**query) -> bool:
        return made["id"] in [row["id"] for row in listed(own_project, **query)["dependencies"]]

    assert found() and found(dependency_type="all") and found(dependency_type="private")
    assert found(ispublic="false")
    assert not found(dependency_type="public")
    assert not found(ispublic="true")
    for row in listed(own_project, dependency_type="public")["dependencies"]:
        assert row["owner"] == "public"


def test_a_list_is_filtered_by_runtime_however_it_is_spelled(own_project):
    node = own_project.create_dependency(runtime="Node.js12.13")
    python = own_project.create_dependency(runtime="Python3.10")
    private = {"dependency_type": "private"}
    for spelling in ["Node.js12.13", "Node.js 12.13", "node.js 12.13"]:
        rows = listed(own_project, runtime=spelling, **private)["dependencies"]
        assert [row["id"] for row in rows] == [node["id"]]
    answer = listed(own_project, runtime="Python3.10", **private)
    assert [row["id"] for row in answer["dependencies"]] == [python["id"]]
    assert answer["count"] == 1
    assert listed(own_project, runtime="PHP7.3", **private)["count"] == 0


def test_a_list_is_filtered_by_name(own_project):
    wanted = own_project.create_dependency(name="alpha-tools")
    own_project.create_dependency(name="beta-tools")
    answer = listed(own_project, name="alpha-tools")
    assert [row["id"] for row in answer["dependencies"]] == [wanted["id"]]
    assert answer["count"] == 1
    assert listed(own_project, name="nobody-made-this")["count"] == 0


# Versions


def test_the_versions_of_a_dependency_are_listed(own_project):
    first = own_project.create_dependency()
    made = [first] + [
        own_project.create_dependency(helper(own_project, n), name=first["name"]) for n in [2, 3]
    ]
    answer = versions(own_project, first)
    assert answer["count"] == 3 and answer["next_marker"] == 3
    rows = {row["version"]: row for row in answer["dependencies"]}
    assert rows.keys() == {1, 2, 3}
    for version in made:
        row = rows[version["version"]]
        assert version.items() <= row.items()
        assert row["is_shared"] is False


def test_versions_come_in_pages(own_project):
    first = own_project.create_dependency()
    for number in [2, 3]:
        own_project.create_dependency(helper(own_project, number), name=first["name"])
    found, marker = [], 0
    for expected in [2, 1, 0]:
        page = versions(own_project, first, marker=marker, maxitems=2)
        assert page["count"] == 3 and page["next_marker"] == marker + expected
        found += [row["version"] for row in page["dependencies"]]
        marker = page["next_marker"]
    assert sorted(found) == [1, 2, 3]


@pytest.mark.parametrize("query", [{"maxitems": "-1"}, {"maxitems": "x"}, {"marker": "x"}])
def test_bad_bounds_of_a_version_list_are_refused(project, query):
    made = project.create_dependency()
    path = f"/fgs/dependencies/{made['dep_id']}/version"
    assert_error(project.api.get(path, params=query), 400, "FSS.1001", "FSS.0400")


def test_a_version_can_be_downloaded(project):
    content = helper(project, 1)
    made = project.create_dependency(content)
    version = answered(project.api.get(path_of(made)))
    assert made.items() <= version.items()
    assert version["is_shared"] is False
    download = requests.get(version["download_link"], timeout=30)
    assert download.status_code == 200 and download.content == content


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("number", ["2", "0", "-1", "x", "latest", "99999999999999999999"])
def test_an_unknown_version_answers_404(project, method, number):
    made = project.create_dependency()
    path = f"/fgs/dependencies/{made['dep_id']}/version/{number}"
    answer = project.api.request(method, path)
    if number in ("x", "-1", "latest", "99999999999999999999") and answer.status_code == 400:
        assert_error(answer, 400, "FSS.0400", "FSS.1024")
    else:
        assert_error(answer, 404, "FSS.1056")
    assert versions(project, made)["count"] == 1


@pytest.mark.parametrize("identifier", [UNKNOWN, "nonsense", "%20"])
def test_an_unknown_dependency_answers_404(project, identifier):
    for method, path in [("GET", "version"), ("GET", "version/1"), ("DELETE", "version/1")]:
        answer = project.api.request(method, f"/fgs/dependencies/{identifier}/{path}")
        assert_error(answer, 404, "FSS.1056")


# Deleting


def test_a_deleted_version_is_gone_and_the_others_stay(project):
    first = project.create_dependency()
    second = project.create_dependency(helper(project, 2), name=first["name"])
    answer = delete(project, first)
    assert answer.status_code == 204 and answer.content == b""
    assert_error(project.api.get(path_of(first)), 404, "FSS.1056")
    assert [row["id"] for row in versions(project, first)["dependencies"]] == [second["id"]]


def test_the_last_version_takes_the_dependency_along(own_project):
    made = own_project.create_dependency()
    answered(delete(own_project, made), 204)
    assert listed(own_project, dependency_type="private")["count"] == 0
    answer = own_project.api.get(f"/fgs/dependencies/{made['dep_id']}/version")
    assert_error(answer, 404, "FSS.1056")
    again = own_project.create_dependency(name=made["name"], runtime="Python3.9")
    assert again["version"] == 1 and again["dep_id"] != made["dep_id"]


# Functions that use dependencies


def uses(project, *made: dict, source: str = READS_HELPER, **fields):
    ids = [version["id"] for version in made]
    return project.create(project.archive(index=source), depend_version_list=ids, **fields)


def test_a_function_imports_from_its_dependency(project):
    made = project.create_dependency(helper(project, "from the dependency"))
    assert uses(project, made).invoke({}).text == "from the dependency"


def test_a_function_uses_the_version_it_names(project):
    first = project.create_dependency(helper(project, "one"))
    second = project.create_dependency(helper(project, "two"), name=first["name"])
    assert uses(project, first).invoke({}).text == "one"
    assert uses(project, second).invoke({}).text == "two"


def test_packages_and_data_files_of_a_dependency_are_found(project, fixtures):
    content = fixtures.archive(
        {"shop/__init__.py": b"from .prices import price", "shop/prices.py": b"price = 7",
         "data/names.txt": b"you"}
    )  # fmt: skip
    source = (
        "import os, shop\n"
        "def handler(event, context):\n"
        "    root = os.environ['RUNTIME_CODE_ROOT']\n"
        "    return [shop.price, open(os.path.join(root, 'data/names.txt')).read()]\n"
    )
    made = project.create_dependency(content)
    assert uses(project, made, source=source).call({}) == [7, "you"]


def test_a_file_of_a_dependency_replaces_one_of_the_function(project):
    made = project.create_dependency(helper(project, "dependency"))
    code = project.archive(index=READS_HELPER, helper="value = 'function'")
    function = project.create(code, depend_version_list=[made["id"]])
    assert function.invoke({}).text == "dependency"


def test_of_two_dependencies_the_later_one_wins(project):
    one = project.create_dependency(helper(project, "one"))
    two = project.create_dependency(helper(project, "two"))
    assert uses(project, one, two).invoke({}).text == "two"
    assert uses(project, two, one).invoke({}).text == "one"


def test_a_dependency_of_ten_megabytes_is_used(project, fixtures):
    ballast = random.Random(1).randbytes(10 * MEBIBYTE)
    content = fixtures.archive({"helper.py": b"value = 'large'", "ballast": ballast})
    made = project.create_dependency(content)
    assert made["size"] == len(content)
    assert uses(project, made).invoke({}).text == "large"


def test_an_inline_function_has_dependencies_too(project):
    made = project.create_dependency(helper(project, 7))
    function = project.create_inline(READS_HELPER, depend_version_list=[made["id"]])
    assert function.call({}) == 7


def test_a_function_shows_its_dependencies(project):
    made = project.create_dependency(helper(project, 1), description="shown")
    function = uses(project, made)
    for shown in [function.created, function.config(), function.code()]:
        assert shown["depend_version_list"] == [made["id"]]
        (dependency,) = shown["dependencies"]
        for name in ["id", "dep_id", "owner", "link", "runtime", "etag", "size", "name",
                     "description", "file_name", "version"]:  # fmt: skip
            assert dependency[name] == made[name], name
        # The Go SDK cannot decode a number there.
        assert "last_modified" not in dependency


def test_new_code_may_change_the_dependencies(project):
    one = project.create_dependency(helper(project, "one"))
    two = project.create_dependency(helper(project, "two"))
    function = uses(project, one)
    assert function.invoke({}).text == "one"
    code = {"code_type": "zip", "code_filename": "index.zip",
            "func_code": encoded(project.archive(index=READS_HELPER))}  # fmt: skip
    body = {**code, "depend_version_list": [two["id"]]}
    updated = answered(function.api.put(f"{function.path}/code", json=body))
    assert updated["depend_version_list"] == [two["id"]]
    assert function.invoke({}).text == "two"
    answered(function.api.put(f"{function.path}/code", json={**code, "depend_version_list": []}))
    assert function.config()["depend_version_list"] == []
    assert function.invoke({}).code == "4001"
    answered(delete(project, one), 204)


def test_unknown_dependencies_are_refused_by_an_update_that_then_changes_nothing(project):
    made = project.create_dependency()
    function = uses(project, made)
    body = {"code_type": "inline", "func_code": encoded("x = 1"),
            "depend_version_list": [UNKNOWN]}  # fmt: skip
    assert_error(function.api.put(f"{function.path}/code", json=body), 404, "FSS.1056")
    assert function.code()["code_type"] == "zip"
    assert function.call({}) == 1


def test_a_function_may_have_20_dependencies_and_no_more(project):
    made = [
        project.create_dependency(project.archive(**{f"helper{number}": f"value = {number}"}))
        for number in range(21)
    ]
    source = (
        "values = [__import__(f'helper{number}').value for number in range(20)]\n"
        "def handler(event, context):\n    return values\n"
    )
    assert uses(project, *made[:20], source=source).call({}) == list(range(20))
    ids = [version["id"] for version in made]
    answer = project.try_to_create(project.body(depend_version_list=ids))
    assert_error(answer, 400, "FSS.1024", "FSS.0400")


def test_a_dependency_in_use_cannot_be_deleted(project):
    made = project.create_dependency()
    function = uses(project, made)
    assert_error(delete(project, made), 412, "FSS.1033")
    assert function.call({}) == 1
    function.delete()
    answered(delete(project, made), 204)


def test_a_dependency_that_a_published_version_uses_cannot_be_deleted(project):
    made = project.create_dependency()
    function = uses(project, made)
    function.publish("v1")
    code = {"code_type": "inline", "func_code": encoded("x = 1"), "depend_version_list": []}
    answered(function.api.put(f"{function.path}/code", json=code))
    assert_error(delete(project, made), 412, "FSS.1033")
    assert function.at("v1").call({}) == 1
    answered(function.api.delete(f"{function.path}:v1"), 204)
    answered(delete(project, made), 204)


def test_another_version_of_a_dependency_in_use_can_be_deleted(project):
    first = project.create_dependency(helper(project, 1))
    second = project.create_dependency(helper(project, 2), name=first["name"])
    function = uses(project, first)
    answered(delete(project, second), 204)
    assert function.call({}) == 1


def test_a_dependency_that_is_nowhere_fails_the_call_and_says_which(project):
    made = project.create_dependency(depend_type="obs", depend_file=None, depend_link=OBS_LINK)
    invocation = uses(project, made).invoke({})
    assert not invocation.succeeded
    assert OBS_LINK in invocation.text
