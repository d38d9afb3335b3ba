from __future__ import annotations

import io
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loopback import Answer, Asked, free_port, serve, serve_unix
from pratique.errors import LimitExceeded, MalformedError, NotFound, Unavailable, UsageError
from pratique.sources.engine import fetch, find_sockets, inspect, save

ARCHIVE = b"a tar" * 500_000
KNOWN: dict[str, Any] = {
    "Id": "sha256:" + "a" * 64,
    "RepoTags": ["debian:12"],
    "RepoDigests": None,
    "Size": 7,
    "More": {},
}


def engine(*names: str) -> Callable[[Asked], Answer]:
    """Answer as an engine does that has these images."""

    def answer(asked: Asked) -> Answer:
        name, _, what = asked.path.removeprefix("/images/").rpartition("/")
        if name not in names:
            return Answer(404, b'{"message": "No such image: x"}')
        return Answer(body=ARCHIVE if what == "get" else json.dumps(KNOWN).encode())

    return answer


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path / "home"), "XDG_RUNTIME_DIR": str(tmp_path)}


def test_an_archive_is_saved_from_a_socket(tmp_path: Path) -> None:
    path, target = tmp_path / "e.sock", io.BytesIO()
    with serve_unix(engine("ghcr.io/a/b:1"), path) as asked:
        save("ghcr.io/a/b:1", str(path), target)
    assert target.getvalue() == ARCHIVE
    assert asked[0].path == "/images/ghcr.io/a/b:1/get"
    assert asked[0].headers["host"] == "localhost"


def test_an_archive_is_saved_over_tcp() -> None:
    target = io.BytesIO()
    with serve(engine("debian")) as stub:
        save("debian", f"tcp://{stub.host}", target)
    assert target.getvalue() == ARCHIVE


def test_an_image_is_inspected(tmp_path: Path) -> None:
    path = tmp_path / "a%2F b:c@d.sock"
    with serve_unix(engine("debian"), path):
        found = inspect("debian", f"unix://{path}")
    assert (found.id, found.repo_tags, found.repo_digests) == (KNOWN["Id"], ("debian:12",), None)
    assert found.size == 7


def test_the_first_engine_that_has_an_image_gives_it(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    (tmp_path / "podman").mkdir()
    target = io.BytesIO()
    with (
        serve_unix(engine(), tmp_path / "docker.sock"),
        serve_unix(engine("debian"), tmp_path / "podman" / "podman.sock"),
    ):
        assert fetch("debian", target, environ).repo_tags == ("debian:12",)
    assert target.getvalue() == ARCHIVE


def test_an_image_that_no_engine_has_is_not_found(tmp_path: Path, environ: dict[str, str]) -> None:
    environ["DOCKER_HOST"] = "ssh://far"
    (tmp_path / "podman").mkdir()
    (tmp_path / "podman" / "podman.sock").touch()
    with (
        serve_unix(engine(), tmp_path / "docker.sock"),
        pytest.raises(NotFound, match="no engine on this machine") as caught,
    ):
        fetch("debian", io.BytesIO(), environ)
    for part in (
        "DOCKER_HOST (ssh://far): 'ssh' is not spoken here",
        f"Docker without root (unix://{tmp_path}/docker.sock): it has no such image",
        f"Podman without root (unix://{tmp_path}/podman/podman.sock): unix://",
        "Connection refused",
        "/home/.docker/run/docker.sock): unix://",
        "No such file",
    ):
        assert part.lower() in str(caught.value).lower()


def test_without_any_engine_it_is_unavailable(environ: dict[str, str]) -> None:
    for socket_ in find_sockets(environ):
        if Path(socket_.address.removeprefix("unix://")).exists():
            pytest.skip("there is an engine on this machine")
    with pytest.raises(Unavailable, match="Tried Docker"):
        fetch("debian", io.BytesIO(), environ)


def test_what_is_named_in_the_environment_comes_first(environ: dict[str, str]) -> None:
    environ |= {"DOCKER_HOST": "unix:///my.sock", "CONTAINER_HOST": "tcp://localhost:2375/"}
    addresses = [found.address for found in find_sockets(environ)]
    assert addresses[:3] == [
        "unix:///my.sock",
        "tcp://localhost:2375",
        "unix:///var/run/docker.sock",
    ]
    assert addresses[-1] == "unix:///run/podman/podman.sock"


def test_a_socket_is_asked_once(environ: dict[str, str]) -> None:
    environ["DOCKER_HOST"] = "unix:///run/podman/podman.sock"
    found = find_sockets(environ)
    assert [one.origin for one in found if "/run/podman" in one.address] == ["DOCKER_HOST"]


@pytest.mark.parametrize(
    "address", ["tcp://10.0.0.1:2375", "ssh://me@far", "tcp://127.0.0.1.evil.test", "x", "unix://"]
)
def test_other_machines_are_not_asked(environ: dict[str, str], address: str) -> None:
    environ["DOCKER_HOST"] = address
    assert find_sockets(environ)[0].problem


def test_what_is_no_engine_is_passed_over(tmp_path: Path, environ: dict[str, str]) -> None:
    with serve_unix(lambda _: Answer(body=b"<html>"), tmp_path / "docker.sock"):
        with pytest.raises(MalformedError):
            inspect("debian", str(tmp_path / "docker.sock"))
        with pytest.raises(Unavailable, match="not the answer of an engine"):
            fetch("debian", io.BytesIO(), environ)


def test_an_archive_that_breaks_off_is_not_patched_together(tmp_path: Path) -> None:
    path = tmp_path / "e.sock"
    with (
        serve_unix(lambda _: Answer(body=ARCHIVE, cut=100), path) as asked,
        pytest.raises(Unavailable, match="the connection broke"),
    ):
        save("debian", str(path), io.BytesIO())
    assert len(asked) == 1


def test_an_archive_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "e.sock"
    with serve_unix(engine("debian"), path), pytest.raises(LimitExceeded):
        save("debian", str(path), io.BytesIO(), limit=1000)


def test_a_full_disk_is_a_limit() -> None:
    with (
        serve(engine("debian")) as stub,
        open("/dev/full", "wb", buffering=0) as full,
        pytest.raises(LimitExceeded, match="cannot be kept"),
    ):
        save("debian", f"tcp://{stub.host}", full)


@pytest.mark.parametrize(
    "name", ["", "../containers/json", "a?b", "a b", "/x", "a\n", "a%2fb", "#"]
)
def test_a_name_leads_nowhere_else(name: str) -> None:
    with pytest.raises(UsageError):
        save(name, f"tcp://127.0.0.1:{free_port()}", io.BytesIO())


def test_a_socket_that_says_nothing_of_http_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "e.sock"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        with pytest.raises(Unavailable, match=f"unix://{path} cannot be reached"):
            inspect("debian", str(path))
