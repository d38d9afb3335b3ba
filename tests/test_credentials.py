from __future__ import annotations

import json
import stat
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique import credentials
from pratique.credentials import Credentials, files, find

Environment = dict[str, str]


def auth(username: str, password: str) -> dict[str, str]:
    return {"auth": b64encode(f"{username}:{password}".encode()).decode()}


@pytest.fixture
def environ(tmp_path: Path) -> Environment:
    return {
        "HOME": str(tmp_path / "home"),
        "DOCKER_CONFIG": str(tmp_path / "docker"),
        "XDG_RUNTIME_DIR": str(tmp_path / "run"),
    }


def write(path: Path, document: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def docker(environ: Environment, **document: Any) -> Path:
    return write(Path(environ["DOCKER_CONFIG"]) / "config.json", document)


def helper(
    folder: Path, monkeypatch: pytest.MonkeyPatch, script: str, suffix: str = "test"
) -> None:
    """Install a credential helper; $server is what it is asked for."""
    path = write(folder / f"docker-credential-{suffix}", f"#!/bin/sh\nread -r server\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(folder), prepend=":")


def pair(found: Credentials) -> tuple[str, str]:
    return found.username, found.password


def test_a_name_and_a_password_are_read_from_their_base64(environ: Environment) -> None:
    path = docker(environ, auths={"r.example": auth("me", "a:b"), "s.example": auth("x", "y")})
    found = find("r.example", "app", environ)
    assert pair(found) == ("me", "a:b")
    assert found.origin == str(path)


def test_a_name_and_a_password_may_stand_there_plainly(environ: Environment) -> None:
    docker(environ, auths={"r.example": {"username": "me", "password": "pw", "auth": None}})
    assert pair(find("r.example", "", environ)) == ("me", "pw")


def test_padding_of_docker_for_windows_is_no_part_of_a_password(environ: Environment) -> None:
    docker(environ, auths={"r.example": auth("me", "pw\0\0")})
    assert pair(find("r.example", "", environ)) == ("me", "pw")


@pytest.mark.parametrize(
    "key",
    ["https://index.docker.io/v1/", "index.docker.io", "docker.io", "https://registry-1.docker.io"],
)
def test_docker_hub_has_several_names(environ: Environment, key: str) -> None:
    docker(environ, auths={key: auth("me", "pw")})
    assert pair(find("docker.io", "library/debian", environ)) == ("me", "pw")
    assert not find("docker.example", "library/debian", environ)


@pytest.mark.parametrize(
    "key", ["https://r.example:5000", "http://r.example:5000/v2/", "R.example:5000"]
)
def test_keys_may_be_urls(environ: Environment, key: str) -> None:
    docker(environ, auths={key: auth("me", "pw")})
    assert pair(find("r.example:5000", "a", environ)) == ("me", "pw")
    assert not find("r.example", "a", environ)


def test_the_longest_path_wins(environ: Environment) -> None:
    keys = {"r.example": "host", "r.example/a": "a", "r.example/a/b": "ab", "r.example/ab": "x"}
    docker(environ, auths={key: auth(name, "pw") for key, name in keys.items()})
    found = [find("r.example", name, environ).username for name in ("a/b/c", "a/b", "a/x", "abc")]
    assert found == ["ab", "ab", "a", "host"]


def test_tokens_are_kept_apart(environ: Environment) -> None:
    tokens = {"a.example": {"identitytoken": "i"}, "b.example": {"registrytoken": "r"}}
    docker(environ, auths=tokens)
    assert find("a.example", "", environ).identity_token == "i"
    assert find("b.example", "", environ).registry_token == "r"


def test_files_are_asked_in_order(environ: Environment, tmp_path: Path) -> None:
    environ["REGISTRY_AUTH_FILE"] = str(tmp_path / "named.json")
    paths = files(environ)
    assert [Path(path).relative_to(tmp_path).parts[0] for path in paths] == [
        "docker", "named.json", "run", "home",
    ]  # fmt: skip
    for number, path in reversed(list(enumerate(paths))):
        write(Path(path), {"auths": {"r.example": auth(f"user{number}", "pw")}})
        assert find("r.example", "", environ).username == f"user{number}"


def test_without_docker_config_it_is_the_file_at_home() -> None:
    found = files({"HOME": "/h"})
    assert found == ["/h/.docker/config.json", "/h/.config/containers/auth.json"]


def test_a_helper_of_a_host_wins_over_the_store_and_that_over_auths(
    environ: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for suffix in ("one", "two"):
        script = f'echo "{{\\"Username\\": \\"{suffix} $1 $server\\", \\"Secret\\": \\"pw\\"}}"'
        helper(tmp_path / "bin", monkeypatch, script, suffix)
    docker(
        environ,
        credHelpers={"r.example": "one"},
        credsStore="two",
        auths={name: auth("auths", "pw") for name in ("r.example", "s.example")},
    )
    assert find("r.example", "a", environ).username == "one get r.example"
    assert find("s.example", "a", environ).username == "two get s.example"
    hub = find("docker.io", "library/debian", environ)
    assert hub.username == "two get https://index.docker.io/v1/"
    assert hub.origin == "docker-credential-two"


def test_a_helper_may_give_an_identity_token(
    environ: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper(tmp_path, monkeypatch, 'echo \'{"Username": "<token>", "Secret": "refresh"}\'')
    docker(environ, credsStore="test")
    found = find("r.example", "", environ)
    assert (found.identity_token, found.username) == ("refresh", "")


def test_a_helper_without_an_entry_leaves_it_to_auths(
    environ: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper(tmp_path, monkeypatch, "echo credentials not found in native keychain; exit 1")
    docker(environ, credsStore="test", auths={"r.example": auth("me", "pw")})
    assert pair(find("r.example", "", environ)) == ("me", "pw")
    nobody = find("s.example", "", environ)
    assert not nobody
    assert nobody.problem == ""


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ("echo the keychain is locked; exit 1", "docker-credential-test: the keychain is locked"),
        ("exit 3", "docker-credential-test: it failed"),
        ("exec sleep 30", "no answer within 0.2 s"),
        ("echo secret", "an answer that cannot be read"),
    ],
)
def test_a_helper_that_fails_is_a_problem(
    environ: Environment,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    script: str,
    problem: str,
) -> None:
    helper(tmp_path, monkeypatch, script)
    docker(environ, credsStore="test")
    found = find("r.example", "", environ, timeout=0.2)
    assert not found
    assert problem in found.problem
    assert "secret" not in found.problem


@pytest.mark.parametrize("suffix", ["../x", "nowhere-to-be-found", "", "a b"])
def test_a_helper_that_is_not_there_is_a_problem(environ: Environment, suffix: str) -> None:
    docker(environ, credHelpers={"r.example": suffix})
    assert find("r.example", "", environ).problem


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"auths": []}', '{"auths": {"r.example": {"auth": 1}}}', "[" * 100_000]
)
def test_a_file_that_cannot_be_read_is_a_problem(environ: Environment, text: str) -> None:
    write(Path(environ["DOCKER_CONFIG"]) / "config.json", text)
    assert "config.json" in find("r.example", "", environ).problem
    write(
        Path(environ["XDG_RUNTIME_DIR"]) / "containers/auth.json",
        {"auths": {"r.example": auth("me", "pw")}},
    )
    assert pair(find("r.example", "", environ)) == ("me", "pw")


@pytest.mark.parametrize("encoded", ["%%%", "bm9jb2xvbg==", "/w=="])
def test_an_entry_that_cannot_be_decoded_is_a_problem(environ: Environment, encoded: str) -> None:
    docker(environ, auths={"r.example": {"auth": encoded}})
    found = find("r.example", "", environ)
    assert "cannot be decoded" in found.problem
    assert encoded not in found.problem


def test_null_is_the_same_as_absent(environ: Environment) -> None:
    docker(environ, auths={"r.example": None}, credHelpers=None, credsStore=None, other=1)
    found = find("r.example", "", environ)
    assert not found
    assert found.problem == ""


def test_no_file_is_no_problem(environ: Environment) -> None:
    assert find("r.example", "", environ) == Credentials()


def test_secrets_are_never_shown() -> None:
    secret = Credentials("me", "hunter2", "hunter2", "hunter2", "file")
    for text in (repr(secret), str(secret), f"{secret}", f"{[secret]}"):
        assert "hunter2" not in text


@given(st.text(max_size=40))
def test_any_key_has_a_host(key: str) -> None:
    host = credentials._host(key)
    assert not host.endswith("/")
