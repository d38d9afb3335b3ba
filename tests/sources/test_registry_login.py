from __future__ import annotations

import base64
import concurrent.futures
import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from msgspec import Struct

from loopback import Answer, Asked, certificate, serve
from pratique.cli import main
from pratique.errors import (
    Unauthorized,
)
from registries import PASSWORD, Connect, Running, content, only, running
from sharing import shard

pytest_plugins = ("registry_fixtures",)
pytestmark = pytest.mark.registry


def login(path: Path, host: str, **entry: str) -> None:
    path.write_text(json.dumps({"auths": {host: entry}}))


def encoded(name: str, password: str) -> str:
    return base64.b64encode(f"{name}:{password}".encode()).decode()


def test_a_name_and_a_password_open_a_registry(basic: str, connect: Connect) -> None:
    source = connect(f"{basic}/lab/two:1", username="me", password=PASSWORD)
    assert len(content(source, only(source))) == 2


def test_the_login_of_docker_opens_a_registry(basic: str, connect: Connect, nobody: Path) -> None:
    login(nobody, basic, auth=encoded("me", PASSWORD))
    assert only(connect(f"{basic}/lab/two:1"))


def test_nobody_is_told_how_to_log_in(basic: str, connect: Connect) -> None:
    with pytest.raises(Unauthorized, match=basic) as caught:
        connect(f"{basic}/lab/two:1").images("")
    assert f"docker login {basic}" in caught.value.hint


def test_a_wrong_password_is_not_shown(basic: str, connect: Connect, nobody: Path) -> None:
    login(nobody, basic, auth=encoded("me", "hunter2"))
    with pytest.raises(Unauthorized, match="401") as caught:
        connect(f"{basic}/lab/two:1").images("")
    assert str(nobody) in caught.value.hint
    for text in (str(caught.value), caught.value.hint, repr(caught.value.__cause__)):
        assert "hunter2" not in text
        assert encoded("me", "hunter2") not in text


def test_what_was_in_the_way_of_a_login_is_said(basic: str, connect: Connect, nobody: Path) -> None:
    nobody.write_text('{"credsStore": "of-nowhere"}')
    with pytest.raises(Unauthorized) as caught:
        connect(f"{basic}/lab/two:1").images("")
    assert "docker-credential-of-nowhere cannot be run" in caught.value.hint


class Tokens:
    """A token server, as https://distribution.github.io/distribution/spec/auth/jwt/ describes."""

    def __init__(self, cert: Path, key: Path) -> None:
        self._key = key
        lines = cert.read_text().splitlines()
        self._chain = "".join(lines[1:-1])
        self.lifetime = 300

    def answer(self, asked: Asked) -> Answer:
        query = urlsplit(asked.path).query if asked.method == "GET" else asked.body.decode()
        form = {name: values[0] for name, values in parse_qs(query).items()}
        by_name = asked.headers.get("authorization") == f"Basic {encoded('me', PASSWORD)}"
        if not by_name and form.get("refresh_token") != "identity":
            return Answer(401, b'{"details": "incorrect username or password"}')
        token = self._token(form["service"], form["scope"])
        return Answer(body=json.dumps({"token": token, "expires_in": self.lifetime}).encode())

    def _token(self, service: str, scope: str) -> str:
        kind, name, actions = scope.split(":")
        access = [{"type": kind, "name": name, "actions": actions.split(",")}]
        now = int(time.time())
        claims = {"iss": "lab", "sub": "me", "aud": service, "exp": now + 300, "nbf": now - 60,
                  "iat": now, "jti": "1", "access": access}  # fmt: skip
        head = {"typ": "JWT", "alg": "ES256", "x5c": [self._chain]}
        text = ".".join(_url64(json.dumps(part).encode()) for part in (head, claims))
        command = ["openssl", "dgst", "-sha256", "-sign", str(self._key)]
        done = subprocess.run(command, input=text.encode(), check=True, capture_output=True)
        return f"{text}.{_url64(_raw_signature(done.stdout))}"


def _url64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _raw_signature(der: bytes) -> bytes:
    """Two integers of ASN.1 as two of 32 bytes (RFC 7518, 3.4)."""
    first, rest = der[4 : 4 + der[3]], der[4 + der[3] :]
    second = rest[2 : 2 + rest[1]]
    return b"".join(part[-32:].rjust(32, b"\0") for part in (first, second))


class Guarded(Struct):
    host: str
    tokens: Tokens
    asked: list[Asked]


@pytest.fixture(scope="session")
def guarded(registry: Running, folder: Path) -> Iterator[Guarded]:
    """A registry of the same images that wants a token."""
    cert, key = certificate(folder)
    tokens = Tokens(cert, key)
    with serve(tokens.answer) as server:
        auth = (
            f"auth:\n  token: {{realm: '{server.url}/token', service: lab-service, issuer: lab,"
            f" rootcertbundle: {cert}}}\n"
        )
        with running(folder, registry.root, auth) as host:
            yield Guarded(host, tokens, server.asked)


def test_a_token_is_asked_for_once(guarded: Guarded, connect: Connect) -> None:
    guarded.asked.clear()
    source = connect(f"{guarded.host}/lab/two:1", username="me", password=PASSWORD)
    image = only(source)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: content(source, image), range(4)))
    (asked,) = guarded.asked
    assert parse_qs(urlsplit(asked.path).query) == {
        "service": ["lab-service"],
        "scope": ["repository:lab/two:pull"],
    }


def test_a_token_is_renewed_when_it_expires(guarded: Guarded, connect: Connect) -> None:
    guarded.asked.clear()
    guarded.tokens.lifetime = 1
    source = connect(f"{guarded.host}/lab/two:1", username="me", password=PASSWORD)
    image = only(source)
    time.sleep(0.85)
    guarded.tokens.lifetime = 300
    assert len(content(source, image)) == 2
    assert len(guarded.asked) == 2


def test_an_identity_token_is_exchanged(guarded: Guarded, connect: Connect, nobody: Path) -> None:
    guarded.asked.clear()
    login(nobody, guarded.host, identitytoken="identity")
    assert only(connect(f"{guarded.host}/lab/two:1"))
    (asked,) = guarded.asked
    assert (asked.method, asked.path) == ("POST", "/token")
    assert parse_qs(asked.body.decode())["grant_type"] == ["refresh_token"]


def test_a_registry_token_is_sent_as_it_is(guarded: Guarded, connect: Connect) -> None:
    token = guarded.tokens._token("lab-service", "repository:lab/two:pull")
    guarded.asked.clear()
    assert only(connect(f"{guarded.host}/lab/two:1", token=token))
    with pytest.raises(Unauthorized):
        connect(f"{guarded.host}/lab/two:1", token="hunter2").images("")
    assert guarded.asked == []


def test_the_token_servers_reason_is_told(guarded: Guarded, connect: Connect) -> None:
    with pytest.raises(Unauthorized, match="incorrect username or password") as caught:
        connect(f"{guarded.host}/lab/two:1", username="me", password="hunter2").images("")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "realm", ["http://auth.example/token", "", "ftp://x", "//[", "http://127.0.0.1.evil.test/"]
)
def test_no_password_goes_to_a_realm_in_the_clear(connect: Connect, realm: str) -> None:
    challenge = {"WWW-Authenticate": f'Bearer realm="{realm}",service="x"'}
    with (
        serve(lambda _: Answer(401, headers=challenge)) as stub,
        pytest.raises(Unauthorized, match="wants us to log in at"),
    ):
        connect(f"{stub.host}/a", username="me", password="pw").images("")


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"token": ""}', b'{"token": "a\\r\\nb"}', b'{"token": 1}']
)
def test_a_token_server_that_gives_none_lets_nobody_in(connect: Connect, body: bytes) -> None:
    with serve(lambda _: Answer(body=body)) as tokens:
        challenge = {"WWW-Authenticate": f'Bearer realm="{tokens.url}/t"'}
        with (
            serve(lambda _: Answer(401, headers=challenge)) as stub,
            pytest.raises(Unauthorized, match="gave no token"),
        ):
            connect(f"{stub.host}/a").images("")


def test_a_push_asks_for_a_token_that_may_push(
    guarded: Guarded, tmp_path: Path, nobody: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shard(tmp_path / "cache" / "db", "npm")
    login(nobody, guarded.host, auth=encoded("me", PASSWORD))
    guarded.asked.clear()
    words = ["db", "push", f"oci://{guarded.host}/lab/shared:1", "--cache-dir"]
    assert main([*words, str(tmp_path / "cache")]) == 0
    assert "1 of 1 shards sent" in capsys.readouterr().out
    scopes = [parse_qs(urlsplit(asked.path).query)["scope"][0] for asked in guarded.asked]
    assert [set(scope.rpartition(":")[2].split(",")) for scope in scopes] == [
        {"pull"}, {"pull", "push"}
    ]  # fmt: skip
    words = ["db", "pull", f"oci://{guarded.host}/lab/shared:1", "--all", "--cache-dir"]
    assert main([*words, str(tmp_path / "two")]) == 0
    assert (tmp_path / "two" / "db" / "npm.db").exists()
