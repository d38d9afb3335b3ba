"""`fix --pr`: a real repository and remote, and a forge that is strict about what it is asked."""

from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forges import TOKEN, Hosted, http_backend
from images import advisory, feed_mirror
from loopback import serve
from pratique.cli import main
from pratique.cli.fix import _parts
from pratique.cli.requested import _image, branches
from pratique.comparison import compare
from pratique.delivery.repository import Repository
from pratique.outcome import Key, Outcome
from pratique.workspace import Altered
from reports import with_findings

BRANCH = "pratique/app/fix"


def git(root: Path, *words: str) -> str:
    identity = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"]
    done = subprocess.run(["git", "-C", str(root), *identity, *words], check=True,
                          capture_output=True, text=True)  # fmt: skip
    return done.stdout.strip()


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
    assert (request["head"]["ref"], request["into"]) == (BRANCH, "main")
    assert request["title"] == "Update 2 dependencies: 2 known vulnerabilities removed"
    assert "| flask | 2.0.1 | 2.0.3" in words_of(request)
    assert "[CVE-2024-1](https://" in words_of(request)
    assert "### Proof" in words_of(request)
    assert shop.file(BRANCH) == "flask==2.0.3\nrequests==2.25.2  # web"
    assert git(shop.remote, "log", "--format=%s", "-1", f"{BRANCH}^") == "first"
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
    assert shop.file(BRANCH).startswith("flask==2.0.5")
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
    git(shop.root, "switch", "-q", "-c", BRANCH)
    (shop.root / "x").write_text("mine")
    git(shop.root, "add", "x")
    git(shop.root, "commit", "-q", "-m", "mine")
    git(shop.root, "push", "-q", "origin", BRANCH)
    git(shop.root, "switch", "-q", "main")
    assert shop.fix() == 0
    assert "has commits of others" in capsys.readouterr().err
    assert git(shop.remote, "log", "-1", "--format=%s", BRANCH) == "mine"


def test_each_package_by_itself(shop: Shop) -> None:
    assert shop.fix("--group", "package", "--test", "test -f requirements.txt") == 0
    assert shop.branches() == ["main", f"{BRANCH}-flask", f"{BRANCH}-requests"]
    assert shop.file(f"{BRANCH}-flask") == "flask==2.0.3\nrequests==2.25.1  # web"
    assert "test -f requirements.txt" in words_of(shop.hosted.requests[0])
    assert "another change is for it" in words_of(shop.hosted.requests[0])
    assert shop.fix("--group", "package", "--test", "grep -q flask==2.0.1 requirements.txt") == 1


def part(*, altered: bool) -> Outcome:
    report = with_findings(1)
    changes = (Altered("x", b"1", b"2"),) * altered
    return Outcome(compare(report, report), (), (), {}, (), changes, frozenset())


def test_what_goes_only_together_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    groups = {name: frozenset({("x", name)}) for name in ("a", "b", "c")}

    def tried(keys: frozenset[Key]) -> Outcome:
        return part(altered=len(keys) > 1 or ("x", "c") in keys)

    found = _parts(groups, tried)
    assert list(found) == ["c", "a-and-b"]
    assert found["c"].refused == dict.fromkeys([("x", "a"), ("x", "b")], "another change is for it")
    assert not capsys.readouterr().err
    assert list(_parts({"a": groups["a"]}, tried)) == ["a"]
    assert "a: cannot be changed by itself" in capsys.readouterr().err


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
    [command] = [line for line in printed.splitlines() if line.startswith("  git push ")]
    assert ("merge_request.create" in command) == (shop.kind == "gitlab")
    *_, remote, pushed = command.split()
    git(shop.root, "push", "-q", remote, pushed)
    assert shop.file(BRANCH).startswith("flask==2.0.3")
    # a later run with a token knows the branch as its own
    monkeypatch.setenv(f"{shop.kind.upper()}_TOKEN", TOKEN)
    assert shop.fix() == 0
    assert "https://x/1: opened" in capsys.readouterr().err


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


def test_the_token_is_in_the_environment_alone(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    git(shop.root, "remote", "set-url", "origin", "https://git.example.com/acme/shop")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")  # a pipeline's own settings stay
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "safe.directory")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "*")
    found = Repository(str(shop.root)).authorized(("oauth2", TOKEN), cacert="ca.pem")
    assert found["GIT_CONFIG_COUNT"] == "3"
    assert found["GIT_SSL_CAINFO"] == os.path.abspath("ca.pem")
    assert found["GIT_CONFIG_KEY_2"] == "http.https://git.example.com/.extraheader"
    word = found["GIT_CONFIG_VALUE_2"].rpartition(" ")[2]
    assert base64.b64decode(word).decode() == f"oauth2:{TOKEN}"
    git(shop.root, "remote", "set-url", "origin", "git@git.example.com:acme/shop")
    assert Repository(str(shop.root)).authorized(("oauth2", TOKEN)) == {}


def test_a_token_does_not_go_over_plain_http(
    shop: Shop, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    git(shop.root, "remote", "set-url", "origin", "http://git.example.com/acme/shop")
    assert shop.fix() == 2
    assert "no token is sent without TLS" in capsys.readouterr().err
    for name in ("GITHUB_API_URL", "CI_API_V4_URL"):
        monkeypatch.setenv(name, "http://git.example.com/api")
    assert shop.fix() == 2
    assert "no token is sent without TLS" in capsys.readouterr().err


def test_a_token_does_not_go_to_another_forge(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    other = {"github": "gitlab.com", "gitlab": "github.com"}[shop.kind]
    git(shop.root, "remote", "set-url", "origin", f"https://{other}/acme/shop")
    assert shop.fix() == 2
    assert f"the remote is on {other}" in capsys.readouterr().err


def test_what_is_done_by_hand_meanwhile_is_withdrawn(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.fix("--group", "package")
    (shop.root / "app/requirements.txt").write_text("flask==2.0.3\nrequests==2.25.1  # web\n")
    git(shop.root, "commit", "-q", "-am", "flask, by hand")
    capsys.readouterr()
    assert shop.fix("--group", "package") == 0
    said = capsys.readouterr().err
    assert "https://x/1: is outdated, and was closed with its branch" in said
    assert [one["state"] == "closed" for one in shop.hosted.requests] == [True, False]
    assert len(shop.hosted.comments) == 1
    assert shop.branches() == ["main", f"{BRANCH}-requests"]
    # what was closed by ourselves is opened again when it is needed again
    git(shop.root, "revert", "--no-edit", "HEAD")
    assert shop.fix("--group", "package") == 0
    assert "https://x/3: opened" in capsys.readouterr().err


def test_other_groups_take_the_place_of_one(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.fix()
    assert shop.fix("--group", "package") == 0
    assert "https://x/1: is outdated" in capsys.readouterr().err
    assert shop.branches() == ["main", f"{BRANCH}-flask", f"{BRANCH}-requests"]


def test_outdated_ones_that_others_work_on_stay(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.fix()
    git(shop.root, "fetch", "-q", "origin", BRANCH)
    git(shop.root, "switch", "-q", "--detach", "FETCH_HEAD")
    git(shop.root, "commit", "-q", "--allow-empty", "-m", "mine")
    git(shop.root, "push", "-q", "origin", f"HEAD:{BRANCH}")
    git(shop.root, "switch", "-q", "main")
    assert shop.fix("--group", "package") == 0
    assert "is outdated, but has commits of others" in capsys.readouterr().err
    assert BRANCH in shop.branches()


def test_a_failing_test_closes_nothing(shop: Shop, capfd: pytest.CaptureFixture[str]) -> None:
    shop.fix("--group", "package")
    capfd.readouterr()
    assert shop.fix("--group", "package", "--test", "false") == 1
    assert "outdated" not in capfd.readouterr().err
    assert all(one["state"] != "closed" for one in shop.hosted.requests)


def test_requests_of_other_folders_and_of_people_stay(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.fix()
    other = shop.root / "api"
    other.mkdir()
    (other / "requirements.txt").write_text("flask==2.0.1\n")
    git(shop.root, "add", ".")
    git(shop.root, "commit", "-q", "-m", "another")
    shop.hosted.requests.append(dict(shop.hosted.requests[0], number=2, iid=2, body="",
                                     description="", web_url="u", html_url="u"))  # fmt: skip
    assert main(["fix", "fs", str(other), "--pr", shop.kind, "-q", "--feed-mirror",
                 str(shop.folder / "mirror"), "--cache-dir", str(shop.folder / "cache")]) == 0  # fmt: skip
    assert "outdated" not in capsys.readouterr().err
    assert shop.branches() == ["main", "pratique/api/fix", BRANCH]


def test_a_lock_file_names_a_branch(shop: Shop) -> None:
    """A name that ends in .lock is none for git."""
    named = branches(["poetry.lock", "a/yarn.lock", "a-yarn.lock", "x..y", "@scope/x"], BRANCH)
    assert len({name.casefold() for name in named.values()}) == len(named)
    for name in named.values():
        git(shop.root, "check-ref-format", "--branch", name)


@given(st.lists(st.text(min_size=1), unique=True, max_size=4))
@settings(max_examples=40, deadline=None)
def test_every_label_names_a_branch_of_its_own(labels: list[str]) -> None:
    named = branches(labels, BRANCH)
    assert len(set(named.values())) == len(named)
    for name in named.values():
        subprocess.run(["git", "check-ref-format", f"refs/heads/{name}"], check=True)


@pytest.mark.parametrize("extra", ["", "http.{url}/.extraheader=Authorization: Basic eDp5"])
@pytest.mark.parametrize("user", ["", "gitlab-ci-token:job@"])
def test_git_pushes_over_http_with_the_token_alone(shop: Shop, extra: str, user: str) -> None:
    """Whatever a pipeline left in the configuration or in the remote's URL."""
    git(shop.remote, "config", "http.receivepack", "true")
    word = base64.b64encode(f"{NAMES[shop.kind]}:{TOKEN}".encode()).decode()
    with serve(http_backend(shop.folder, f"Basic {word}")) as stub:
        url = f"http://{user}{stub.host}/acme/shop.git"
        git(shop.root, "remote", "set-url", "origin", url)
        if extra:
            name, _, value = extra.format(url=stub.url).partition("=")
            git(shop.root, "config", name, value)
        assert shop.fix() == 0
        assert stub.asked
    assert BRANCH in shop.branches()
    assert TOKEN not in (shop.root / ".git/config").read_text()


NAMES = {"github": "x-access-token", "gitlab": "oauth2"}


def test_the_test_does_not_see_the_token(shop: Shop) -> None:
    assert shop.fix("--test", '! env | grep -q "_TOKEN="') == 0
    assert len(shop.hosted.requests) == 1


def test_the_words_go_to_a_file_without_a_repository(shop: Shop) -> None:
    file = shop.folder / "plan.md"
    assert main(["fix", "fs", str(shop.root / "app"), "--markdown", str(file), "--offline", "-q",
                 "--feed-mirror", str(shop.folder / "mirror"),
                 "--cache-dir", str(shop.folder / "cache"), "--skip-db-update"]) in (0, 5)  # fmt: skip
    assert file.read_text().startswith("### ")
    assert "### Proof" in file.read_text()


def test_each_dockerfile_has_a_branch_of_its_own() -> None:
    assert _image("app/Dockerfile", "app") == "image"
    assert _image("", ".") == "image"
    assert _image("build/web.Dockerfile", ".") == "image-build-web.Dockerfile"
