"""`fix --pr`: a real repository and remote, and a forge that is strict about what it is asked."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from images import advisory, feed_mirror
from loopback import Answer, Asked, serve
from pratique.cli import main
from pratique.delivery.repository import Repository

TOKEN = "not-a-token"


def git(root: Path, *words: str) -> str:
    identity = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"]
    done = subprocess.run(["git", "-C", str(root), *identity, *words], check=True,
                          capture_output=True, text=True)  # fmt: skip
    return done.stdout.strip()


class Hosted:
    """A forge with one project, by GitHub's and GitLab's interface."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.labels: list[str] = []

    def answer(self, asked: Asked) -> Answer:
        path, _, query = asked.path.partition("?")
        is_lab = path.startswith("/projects/acme%2Fshop/merge_requests")
        if is_lab:
            assert asked.headers["private-token"] == TOKEN
        else:
            assert asked.headers["authorization"] == f"Bearer {TOKEN}"
            assert asked.headers["accept"] == "application/vnd.github+json"
        if path.endswith("/labels"):
            self.labels += json.loads(asked.body)["labels"]
            return Answer(body=b"[]")
        if asked.method == "GET":
            key = "source_branch=" if is_lab else "head=acme%3A"
            wanted = query.partition(key)[2].partition("&")[0].replace("%2F", "/")
            found = [one for one in self.requests if one["head"] == wanted]
            return Answer(body=json.dumps(found).encode())
        body = json.loads(asked.body)
        if asked.method == "POST":
            number = len(self.requests) + 1
            self.requests.append({
                "number": number, "iid": number, "html_url": f"https://x/{number}",
                "web_url": f"https://x/{number}", "state": "opened" if is_lab else "open",
                "title": body["title"], "body": body.get("body"), "merged_at": None,
                "description": body.get("description"),
                "head": body.get("head") or body.get("source_branch"),
                "into": body.get("base") or body.get("target_branch"),
            })  # fmt: skip
            return Answer(201, json.dumps(self.requests[-1]).encode())
        assert asked.method == ("PUT" if is_lab else "PATCH")
        number = int(path.rpartition("/")[2])
        self.requests[number - 1] |= body
        return Answer(body=json.dumps(self.requests[number - 1]).encode())


class Shop:
    """A project with two flawed packages, its remote and its forge."""

    def __init__(self, folder: Path, hosted: Hosted, kind: str) -> None:
        self.root, self.remote, self.hosted = folder / "shop", folder / "acme" / "shop.git", hosted
        self.folder, self.kind = folder, kind
        self.root.mkdir()
        subprocess.run(["git", "init", "-q", "--bare", str(self.remote)], check=True)
        git(self.root, "init", "-q", "-b", "main")
        (self.root / "app").mkdir()
        (self.root / "app/requirements.txt").write_text("flask==2.0.1\nrequests==2.25.1  # web\n")
        git(self.root, "add", ".")
        git(self.root, "commit", "-q", "-m", "first")
        git(self.root, "remote", "add", "origin", str(self.remote))
        git(self.root, "push", "-q", "origin", "main")
        self.advise("2.0.3")

    def advise(self, flask: str) -> None:
        feed_mirror(self.folder / "mirror", {
            "PyPI": [advisory("CVE-2024-1", "PyPI", "flask", flask),
                     advisory("CVE-2024-2", "PyPI", "requests", "2.25.2")],
        })  # fmt: skip

    def fix(self, *words: str) -> int:
        return main(["fix", "fs", str(self.root / "app"), "--pr", self.kind, *words, "-q",
                     "--feed-mirror", str(self.folder / "mirror"),
                     "--cache-dir", str(self.folder / "cache")])  # fmt: skip

    def branches(self) -> list[str]:
        return git(self.remote, "branch", "--format=%(refname:short)").split()

    def file(self, branch: str) -> str:
        return git(self.remote, "show", f"{branch}:app/requirements.txt")


@pytest.fixture(params=["github", "gitlab"])
def shop(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shop]:
    for name in ("GH_TOKEN", "GITHUB_TOKEN", "CI_PROJECT_ID", "GITLAB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(f"{request.param.upper()}_TOKEN", TOKEN)
    monkeypatch.setenv("GITHUB_REPOSITORY", "acme/shop")
    monkeypatch.setenv("CI_PROJECT_ID", "acme%2Fshop")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setenv("HOME", str(tmp_path))
    hosted = Hosted()
    with serve(hosted.answer) as stub:
        monkeypatch.setenv("GITHUB_API_URL", stub.url)
        monkeypatch.setenv("CI_API_V4_URL", stub.url)
        yield Shop(tmp_path, hosted, request.param)


def words_of(request: dict[str, Any]) -> str:
    return str(request.get("description") or request["body"])


def test_a_request_is_opened_once(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    assert shop.fix("--label", "security") == 0
    assert "https://x/1: opened" in capsys.readouterr().err
    [request] = shop.hosted.requests
    assert (request["head"], request["into"]) == ("pratique/fix", "main")
    assert request["title"] == "Update 2 dependencies: 2 known vulnerabilities removed"
    assert "| flask | 2.0.1 | 2.0.3" in words_of(request)
    assert "[CVE-2024-1](https://" in words_of(request)
    assert "### Proof" in words_of(request)
    assert shop.file("pratique/fix") == "flask==2.0.3\nrequests==2.25.2  # web"
    assert git(shop.remote, "log", "--format=%s", "-1", "pratique/fix^") == "first"
    assert git(shop.root, "status", "--porcelain") == ""
    assert git(shop.root, "branch", "--show-current") == "main"
    assert shop.fix() == 0
    assert "https://x/1: is as it should be" in capsys.readouterr().err
    assert len(shop.hosted.requests) == 1
    assert TOKEN not in (shop.root / ".git/config").read_text()


def test_a_newer_plan_renews_it(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.fix()
    shop.advise("2.0.5")
    main(["db", "update", "--feed-mirror", str(shop.folder / "mirror"), "--ecosystem", "PyPI", "-q",
          "--cache-dir", str(shop.folder / "cache")])  # fmt: skip
    assert shop.fix() == 0
    assert "https://x/1: updated" in capsys.readouterr().err
    assert shop.file("pratique/fix").startswith("flask==2.0.5")
    assert "2.0.5" in words_of(shop.hosted.requests[0])


def test_a_request_that_somebody_closed_stays_closed(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.fix()
    shop.hosted.requests[0]["state"] = "closed"
    assert shop.fix() == 0
    assert "is not opened again" in capsys.readouterr().err
    assert len(shop.hosted.requests) == 1


def test_a_branch_with_the_work_of_others_is_left(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    git(shop.root, "switch", "-q", "-c", "pratique/fix")
    (shop.root / "x").write_text("mine")
    git(shop.root, "add", "x")
    git(shop.root, "commit", "-q", "-m", "mine")
    git(shop.root, "push", "-q", "origin", "pratique/fix")
    git(shop.root, "switch", "-q", "main")
    assert shop.fix() == 0
    assert "has commits of others" in capsys.readouterr().err
    assert git(shop.remote, "log", "-1", "--format=%s", "pratique/fix") == "mine"


def test_each_package_by_itself(shop: Shop) -> None:
    assert shop.fix("--group", "package", "--test", "test -f requirements.txt") == 0
    assert shop.branches() == ["main", "pratique/fix-flask", "pratique/fix-requests"]
    assert shop.file("pratique/fix-flask") == "flask==2.0.3\nrequests==2.25.1  # web"
    assert "test -f requirements.txt" in words_of(shop.hosted.requests[0])
    assert shop.fix("--group", "package", "--test", "grep -q flask==2.0.1 requirements.txt") == 1


def test_without_a_token_nothing_is_pushed(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(f"{shop.kind.upper()}_TOKEN")
    assert shop.fix() == 0
    printed = capsys.readouterr().err
    assert "# Update 2 dependencies" in printed
    assert "nothing was pushed" in printed
    assert shop.branches() == ["main"]
    assert shop.hosted.requests == []


def test_what_is_not_committed_is_not_touched(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop.root / "app/requirements.txt").write_text("flask==2.0.1\n")
    assert shop.fix() == 2
    assert "changes that are not committed" in capsys.readouterr().err
    assert shop.branches() == ["main"]


@pytest.mark.parametrize(("url", "place"), [
    ("git@github.com:acme/shop.git", ("github.com", "acme/shop")),
    ("ssh://git@git.example.com:2222/group/sub/shop.git", ("git.example.com", "group/sub/shop")),
    ("https://user:word@git.example.com:8443/acme/shop", ("git.example.com:8443", "acme/shop")),
])  # fmt: skip
def test_where_a_remote_is(shop: Shop, url: str, place: tuple[str, str]) -> None:
    git(shop.root, "remote", "set-url", "origin", url)
    assert Repository(str(shop.root)).place == place


def test_the_token_is_in_the_environment_alone(shop: Shop) -> None:
    git(shop.root, "remote", "set-url", "origin", "https://git.example.com/acme/shop")
    found = Repository(str(shop.root)).authorized(("oauth2", TOKEN))
    assert found["GIT_CONFIG_KEY_1"] == "http.https://git.example.com/.extraheader"
    word = found["GIT_CONFIG_VALUE_1"].rpartition(" ")[2]
    assert base64.b64decode(word).decode() == f"oauth2:{TOKEN}"
    git(shop.root, "remote", "set-url", "origin", "git@git.example.com:acme/shop")
    assert Repository(str(shop.root)).authorized(("oauth2", TOKEN)) == {}
