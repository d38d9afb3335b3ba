"""A name and a password that were given go to the registry they were given for, and nowhere else."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from images import DEBIAN, dpkg_status, feed_mirror
from loopback import Answer, Asked, Stub, serve
from oci_layout import Layout
from pratique.cli import main
from pratique.errors import Unauthorized
from pratique.net import Client
from pratique.sources.registry import Registry
from test_fix_base import Family

SECRETS = ("correct horse", base64.b64encode(b"me:correct horse").decode(), "token-of-mine")
GIVEN = ("--username", "me", "--password", "correct horse")


def refusing(challenge: str = 'Basic realm="other"') -> Callable[[Asked], Answer]:
    """Return a registry that lets nobody in and asks everybody who they are."""

    def answer(_: Asked) -> Answer:
        return Answer(401, headers={"WWW-Authenticate": challenge})

    return answer


def told(stub: Stub) -> list[Asked]:
    """Return the requests that say who we are."""
    return [one for one in stub.asked
            if "authorization" in one.headers or any(s.encode() in one.body for s in SECRETS)]  # fmt: skip


@pytest.fixture(autouse=True)
def _nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "DOCKER_CONFIG", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.delenv("REGISTRY_AUTH_FILE", raising=False)


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    mirror = feed_mirror(tmp_path / "mirror", {"Debian": []})
    return ["--feed-mirror", str(mirror), "--cache-dir", str(tmp_path / "cache"), "-q"]


@pytest.fixture
def other() -> Iterator[Stub]:
    with serve(refusing()) as stub:
        yield stub


@pytest.mark.parametrize("name", ["compose.yaml", "values.yaml", "Dockerfile"])
def test_registries_that_a_project_names_get_none(
    tmp_path: Path, words: list[str], other: Stub, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """Who changes a file of the project must not be sent the password of whoever scans it."""
    texts = {
        "compose.yaml": f"services:\n  web:\n    image: {other.host}/base:1.2.3\n",
        "values.yaml": f"image:\n  repository: {other.host}/base\n  tag: 1.2.3\n",
        "Dockerfile": f"FROM {other.host}/base:1.2.3\n",
    }
    root = tmp_path / "project"
    root.mkdir()
    (root / name).write_text(texts[name])
    assert main(["fix", "fs", str(root), "--images", "--json", *GIVEN, *words]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert other.asked
    assert told(other) == []
    assert any("docker login" in one for one in plan["Remarks"])


def test_neither_do_those_of_a_compose_file_that_is_scanned(
    tmp_path: Path, words: list[str], other: Stub, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "p").mkdir()
    text = f"services:\n  web:\n    image: {other.host}/base:1.2.3\n"
    (tmp_path / "p" / "compose.yaml").write_text(text)
    main(
        ["fs", str(tmp_path / "p"), "--scan-images", "--scanners", "vuln,misconfig", *GIVEN, *words]
    )
    assert other.asked
    assert told(other) == []
    assert "docker login" in capsys.readouterr().out


@pytest.mark.parametrize("flags", [(), ("--candidates",), ("--base", "{host}/base:1.2.3")])
def test_another_registry_of_the_base_gets_none(
    tmp_path: Path, words: list[str], other: Stub, flags: tuple[str, ...]
) -> None:
    family = Family(Layout(tmp_path / "layout"))
    (tmp_path / "Dockerfile").write_text(f"FROM {other.host}/base:1.2.3\nRUN true\n")
    with serve(family.answer) as own:
        main(["fix", "image", f"{own.host}/base:own", "--dockerfile", str(tmp_path / "Dockerfile"),
              *(flag.format(host=other.host) for flag in flags), *GIVEN, *words])  # fmt: skip
    assert other.asked
    assert told(other) == []


def test_what_a_label_says_of_a_base_gets_none(
    tmp_path: Path, words: list[str], other: Stub
) -> None:
    family = Family(Layout(tmp_path / "layout"))
    manifest = json.loads(family.layout.read(family.images["own"]["digest"]))
    manifest["annotations"] = {"org.opencontainers.image.base.name": f"{other.host}/base:1.2.3"}
    family.images["own"] = family.layout.document(manifest, manifest["mediaType"])
    with serve(family.answer) as own:
        main(["fix", "image", f"{own.host}/base:own", *GIVEN, *words])
    assert other.asked
    assert told(other) == []


def test_a_patched_image_is_pushed_with_them_and_its_source_read_without(
    tmp_path: Path, words: list[str], other: Stub
) -> None:
    with serve(refusing()) as target:
        main(["patch", f"{other.host}/base:1", "-t", f"{target.host}/base:2", *GIVEN, *words])
    assert other.asked
    assert told(other) == []


def test_a_baseline_elsewhere_gets_none(tmp_path: Path, words: list[str], other: Stub) -> None:
    """It may be named by a file of the project."""
    family = Family(Layout(tmp_path / "layout"))
    with serve(family.answer) as own:
        main(["image", f"{own.host}/base:own", "--baseline", f"{other.host}/base:1", *GIVEN,
              *words])  # fmt: skip
    assert other.asked
    assert told(other) == []


def test_a_registry_of_the_image_gets_them(tmp_path: Path, words: list[str], other: Stub) -> None:
    """The tests above would pass without any registry that is told."""
    main(["image", f"{other.host}/base:1", *GIVEN, *words])
    assert {one.headers["authorization"] for one in told(other)} == {f"Basic {SECRETS[1]}"}
    main(["image", f"{other.host}/base:1", "--registry-token", "token-of-mine", *words])
    assert told(other)[-1].headers["authorization"] == "Bearer token-of-mine"


@pytest.mark.parametrize("given", [
    {"username": "me", "password": "correct horse"}, {"token": "token-of-mine"},
])  # fmt: skip
def test_a_host_that_is_redirected_to_asks_in_vain(given: dict[str, Any]) -> None:
    """Neither is it told, nor may it name the server that a token is asked of."""
    with serve(lambda _: Answer(body=b'{"token": "abc"}')) as realm:
        challenge = f'Bearer realm="{realm.url}/token",service="x"'
        with serve(refusing(challenge)) as far:

            def answer(asked: Asked) -> Answer:
                if asked.path == "/v2/":
                    return Answer()
                return Answer(307, headers={"Location": f"{far.url}{asked.path}"})

            with serve(answer) as near:
                source = Registry(
                    f"{near.host}/base:1", client=Client(wait=lambda _: None), **given
                )
                with pytest.raises(Unauthorized):
                    source.images()
                source.close()
    assert far.asked
    assert realm.asked == []
    assert told(far) == told(near) == []


def test_a_token_server_that_redirects_takes_nothing_along() -> None:
    with serve(lambda _: Answer(body=b'{"token": "abc"}')) as far:

        def forward(asked: Asked) -> Answer:
            return Answer(307, headers={"Location": f"{far.url}{asked.path}"})

        with (
            serve(forward) as realm,
            serve(refusing(f'Bearer realm="{realm.url}/token",service="x"')) as near,
        ):
            source = Registry(f"{near.host}/base:1", username="me", password="correct horse",
                              client=Client(wait=lambda _: None))  # fmt: skip
            with pytest.raises(Unauthorized):
                source.images()
            source.close()
    assert [one.headers["authorization"] for one in told(realm)] == [f"Basic {SECRETS[1]}"]
    assert told(far) == []


def test_the_base_of_the_images_own_registry_is_had_with_them(
    tmp_path: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    family = Family(Layout(tmp_path / "layout"))

    def answer(asked: Asked) -> Answer:
        if asked.headers.get("authorization") != f"Basic {SECRETS[1]}":
            return Answer(401, headers={"WWW-Authenticate": 'Basic realm="own"'})
        return family.answer(asked)

    family.images["own"] = family.layout.image(
        {"etc/os-release": DEBIAN, "var/lib/dpkg/status": dpkg_status([("bash", "5.2-1")])}
    )
    with serve(answer) as own:
        (tmp_path / "Dockerfile").write_text(f"FROM {own.host}/base:1.2.3\nRUN true\n")
        assert main(["fix", "image", f"{own.host}/base:own", "--candidates", "--json",
                     "--dockerfile", str(tmp_path / "Dockerfile"), *GIVEN, *words]) == 0  # fmt: skip
    assert json.loads(capsys.readouterr().out)["NotWeighed"] == []
