"""OBS triggers that fire because files in a bucket's directory change."""

import hashlib
import os
import shutil
import threading
import time

import pytest

from deadlines import eventually
from rest import answered
from steering import Clock

QUIET = 0.3
"""Seconds in which nothing has to happen that must not."""


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "buckets"
    (root / "inbox" / "old").mkdir(parents=True)
    (root / "inbox" / "old" / "there.txt").write_text("before")
    return root


@pytest.fixture
def server(fresh_server, root):
    return fresh_server(options=["--obs-root", str(root)])


@pytest.fixture
def listen(server, project_of, mailbox):
    """Makes a function that sends the events of a bucket's files to the mailbox."""
    project = project_of(server)

    def listen(*events: str, **data) -> dict:
        data = {"bucket": "inbox", "name": "files", "events": list(events or ["s3:ObjectCreated:*"]), **data}
        return mailbox.function(project).create_trigger("OBS", data, trigger_status="ACTIVE")

    return listen


def seen(mailbox) -> "tuple[str, str]":
    """What happened to which object."""
    record = mailbox.next()["event"]["Records"][0]
    return record["eventName"], record["s3"]["object"]["key"]


def nothing_comes(mailbox) -> None:
    time.sleep(QUIET)
    assert mailbox.is_empty()


def test_a_file_that_is_written_is_an_object_that_is_put(listen, mailbox, root):
    listen()
    (root / "inbox" / "a b.txt").write_bytes(b"hello")
    record = mailbox.next()["event"]["Records"][0]
    assert (record["eventSource"], record["eventName"]) == ("aws:s3", "ObjectCreated:Put")
    assert record["s3"]["bucket"]["name"] == "inbox"
    found = record["s3"]["object"]
    assert (found["key"], found["size"]) == ("a+b.txt", 5)
    assert found["eTag"] == hashlib.md5(b"hello").hexdigest()
    nothing_comes(mailbox)


def test_a_file_is_reported_when_it_is_complete(listen, mailbox, root):
    listen()
    with open(root / "inbox" / "slow.bin", "wb") as file:
        file.write(b"x" * 1000)
        file.flush()
        nothing_comes(mailbox)
        file.write(b"y" * 1000)
    assert mailbox.next()["event"]["Records"][0]["s3"]["object"]["size"] == 2000


def test_files_that_were_there_before_are_no_news(listen, mailbox):
    listen()
    nothing_comes(mailbox)


def test_a_change_is_a_put_and_a_removal_a_removal(listen, mailbox, root):
    listen("s3:ObjectCreated:*", "s3:ObjectRemoved:*")
    file = root / "inbox" / "old" / "there.txt"
    file.write_text("after")
    assert seen(mailbox) == ("ObjectCreated:Put", "old%2Fthere.txt")
    file.unlink()
    name, key = seen(mailbox)
    assert name.startswith("ObjectRemoved:Delete") and key == "old%2Fthere.txt"
    nothing_comes(mailbox)


def test_a_file_that_is_moved_in_is_put_and_one_that_is_moved_out_removed(listen, mailbox, root, tmp_path):
    listen("s3:ObjectCreated:*", "s3:ObjectRemoved:*")
    outside = tmp_path / "ready.txt"
    outside.write_text("x")
    os.rename(outside, root / "inbox" / "in.txt")
    assert seen(mailbox)[1] == "in.txt"
    os.rename(root / "inbox" / "in.txt", outside)
    name, key = seen(mailbox)
    assert name.startswith("ObjectRemoved:") and key == "in.txt"


def test_only_what_the_trigger_asks_for_is_reported(listen, mailbox, root):
    listen("s3:ObjectRemoved:*", prefix="logs/", suffix=".gz")
    for name in ["logs/a.gz", "logs/a.txt", "other/a.gz"]:
        (root / "inbox" / name).parent.mkdir(exist_ok=True)
        (root / "inbox" / name).write_text("x")
    nothing_comes(mailbox)
    for name in ["logs/a.txt", "other/a.gz", "logs/a.gz"]:
        (root / "inbox" / name).unlink()
    assert seen(mailbox)[1] == "logs%2Fa.gz"
    nothing_comes(mailbox)


def test_other_buckets_are_not_listened_to(listen, mailbox, root):
    listen()
    (root / "outbox").mkdir()
    (root / "outbox" / "a.txt").write_text("x")
    nothing_comes(mailbox)


def test_a_bucket_may_appear_later(listen, mailbox, root):
    listen(bucket="later")
    (root / "later" / "deep").mkdir(parents=True)
    (root / "later" / "deep" / "a.txt").write_text("x")
    assert seen(mailbox)[1] == "deep%2Fa.txt"


def test_a_deleted_trigger_does_not_fire(listen, mailbox, root, server, project_of):
    trigger = listen()
    api = project_of(server).api
    (item,) = answered(api.get("/fgs/functions"))["functions"]
    path = f"/fgs/triggers/{item['func_urn']}/OBS/{trigger['trigger_id']}"
    (root / "inbox" / "one.txt").write_text("x")
    assert seen(mailbox)[1] == "one.txt"
    assert api.delete(path).status_code == 204
    (root / "inbox" / "two.txt").write_text("x")
    nothing_comes(mailbox)


def test_a_burst_of_files_in_new_directories_loses_none(listen, server, root):
    """Directories are made while files are written into them; each file counts once."""
    listen()
    expected = set()

    def write(part: int) -> None:
        for number in range(250):
            directory = root / "inbox" / f"d{part}" / f"e{number % 25}"
            directory.mkdir(parents=True, exist_ok=True)
            (directory / f"{number}.txt").write_text("x")

    for part in range(4):
        expected |= {f"d{part}/e{number % 25}/{number}.txt" for number in range(250)}
    threads = [threading.Thread(target=write, args=[part]) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    clock = Clock(server.url)
    eventually(lambda: len(clock.fires(type="OBS", limit=1000)) >= len(expected), 30, "a fire for each file")
    time.sleep(QUIET)
    assert len(clock.fires(type="OBS", limit=1000)) == len(expected)


def test_a_directory_that_is_copied_in_is_all_its_files(listen, mailbox, root, tmp_path):
    listen()
    source = tmp_path / "tree"
    for name in ["a.txt", "b/c.txt", "b/d/e.txt"]:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(name)
    shutil.move(source, root / "inbox" / "tree")
    assert {seen(mailbox)[1] for _ in range(3)} == {"tree%2Fa.txt", "tree%2Fb%2Fc.txt", "tree%2Fb%2Fd%2Fe.txt"}
    nothing_comes(mailbox)


def test_links_out_of_the_bucket_are_not_followed(listen, mailbox, root, tmp_path):
    listen()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (root / "inbox" / "link").symlink_to(elsewhere)
    (elsewhere / "secret.txt").write_text("x")
    nothing_comes(mailbox)
