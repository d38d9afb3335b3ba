"""The user's git repository: commits are made beside the work tree, which stays as it is."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from pratique.delivery.api import is_safe
from pratique.delivery.model import TRAILER, Place, Wanted
from pratique.errors import PratiqueError, UsageError
from pratique.net.route import shown

_SCP = re.compile(r"(?:[^@/]+@)?([\w.-]+):(?!//)(.+)")
_SECONDS = 300


class Repository:
    """The repository that a folder is in, and one of its remotes."""

    def __init__(self, folder: str, remote: str = "origin") -> None:
        """Raise UsageError where there is no repository, commit or remote."""
        self._folder = folder
        if self._git("rev-parse", "--is-inside-work-tree", fails=True) != "true":
            raise UsageError(f"{folder}: is in no git repository")
        self.remote = remote
        self._prefix = self._git("rev-parse", "--show-prefix")
        self._head = self._git("rev-parse", "HEAD")
        self.url = self._git("remote", "get-url", "--push", remote, fails=True)
        if not self.url:
            raise UsageError(f"{folder}: its repository has no remote {remote!r}")

    @property
    def place(self) -> Place:
        """The host of the remote, and the project's path there."""
        if found := _SCP.fullmatch(self.url):
            host, path = found[1], found[2]
        else:
            parts = urlsplit(self.url)
            host, path = parts.netloc.rpartition("@")[2], parts.path
            host = host if parts.scheme.startswith("http") else host.partition(":")[0]
        return host, path.strip("/").removesuffix(".git")

    @property
    def branch(self) -> str:
        """The branch that is checked out, or that a pipeline runs for; empty if none is known."""
        named = (os.environ.get("GITHUB_REF_NAME") if os.environ.get("GITHUB_REF_TYPE") == "branch"
                 else os.environ.get("CI_COMMIT_BRANCH"))  # fmt: skip
        return self._git("symbolic-ref", "--short", "-q", "HEAD", fails=True) or named or ""

    def commit(self, wanted: Wanted) -> str:
        """Return the commit of the changes upon HEAD; nothing refers to it yet.

        Raises UsageError where files have changes of the user's own.
        """
        paths = [one.path for one in wanted.altered]
        if self._git("status", "--porcelain", "--", *paths):
            raise UsageError("files that would be changed have changes that are not committed")
        with tempfile.TemporaryDirectory(prefix="pratique-") as scratch:
            index = {"GIT_INDEX_FILE": os.path.join(scratch, "index")}
            self._git("read-tree", "HEAD", more=index)
            for one in wanted.altered:
                path = self._prefix + one.path.replace(os.sep, "/")
                blob = self._git("hash-object", "-w", "--stdin", "--path", path, data=one.after)
                mode = self._git("ls-files", "-s", "--full-name", "--", one.path)[:6] or "100644"
                self._git(
                    "update-index", "--add", "--cacheinfo", f"{mode},{blob},{path}", more=index
                )
            tree = self._git("write-tree", more=index)
        message = f"{wanted.message}\n\n{TRAILER}: {wanted.plan}\n"
        return self._git("commit-tree", tree, "-p", self._head, data=message.encode(),
                         more=self._identity())  # fmt: skip

    def there(self, branch: str, auth: Mapping[str, str]) -> tuple[str, str]:
        """Return the commit that a branch of the remote has, and its plan; empty where none is."""
        listed = self._git("ls-remote", self.remote, f"refs/heads/{branch}", more=auth).split()
        if not listed:
            return "", ""
        self._git("fetch", "--quiet", "--no-tags", self.remote, f"refs/heads/{branch}", more=auth)
        words = self._git("log", "-1", "--format=%B", listed[0])
        found = re.search(rf"(?m)^{TRAILER}: (\S+)$", words)
        return listed[0], found[1] if found else ""

    def name(self, commit: str, branch: str) -> None:
        """Make a new branch here; raises PratiqueError where there is one of that name."""
        self._git("branch", branch, commit)

    def push(self, commit: str, branch: str, before: str, auth: Mapping[str, str]) -> None:
        """Make a branch of the remote that commit, if it still has the one of before."""
        ref = f"refs/heads/{branch}"
        self._git("push", "--quiet", f"--force-with-lease={ref}:{before}", self.remote,
                  f"{commit}:{ref}", more=auth)  # fmt: skip

    @property
    def folder(self) -> str:
        """Where in the repository the folder is; empty for its root."""
        return self._prefix.strip("/")

    def remove(self, branch: str, commit: str, auth: Mapping[str, str]) -> None:
        """Remove a branch of the remote, if it still has that commit."""
        ref = f"refs/heads/{branch}"
        self._git("push", "--quiet", f"--force-with-lease={ref}:{commit}", self.remote, f":{ref}",
                  more=auth)  # fmt: skip

    def authorized(
        self, credentials: tuple[str, str], *, insecure: bool = False, cacert: str = ""
    ) -> dict[str, str]:
        """Return an environment in which git has a token, which is written nowhere.

        A header that a pipeline has set up for the host is put aside, for there may be but one.
        Raises UsageError where the token would go over the network as it is.
        """
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https"):
            return {}
        if not insecure and not is_safe(self.url):
            raise UsageError(
                f"{shown(self.url)}: no token is sent without TLS; --insecure allows it"
            )
        word = base64.b64encode(":".join(credentials).encode()).decode()
        host = parts.netloc.rpartition("@")[2]
        key = f"http.{parts.scheme}://{host}/.extraheader"
        tls = {"GIT_SSL_NO_VERIFY": "1"} if insecure else {}
        tls |= {"GIT_SSL_CAINFO": os.path.abspath(cacert)} if cacert else {}
        return {
            **_configured((key, ""), (key, f"Authorization: Basic {word}")),
            "GIT_TERMINAL_PROMPT": "0", **tls,
        }  # fmt: skip

    def _identity(self) -> dict[str, str]:
        if self._git("config", "user.email", fails=True):
            return {}
        names = {"NAME": "pratique", "EMAIL": "pratique@localhost"}
        return {f"GIT_{who}_{what}": os.environ.get(f"GIT_{who}_{what}", value)
                for who in ("AUTHOR", "COMMITTER") for what, value in names.items()}  # fmt: skip

    def _git(
        self, *words: str, fails: bool = False, data: bytes | None = None,
        more: Mapping[str, str] | None = None,
    ) -> str:  # fmt: skip
        try:
            done = subprocess.run(
                ["git", "-C", self._folder, *words], capture_output=True, check=False,
                env=os.environ | dict(more or {}), timeout=_SECONDS, input=data or b"",
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise PratiqueError(f"git {words[0]} took more than {_SECONDS} seconds") from None
        except OSError as error:
            raise UsageError(f"git cannot be run: {error.strerror}") from error
        if done.returncode and not fails:
            raise PratiqueError(f"git {words[0]}: {_complaint(done)}")
        return done.stdout.decode("utf-8", "replace").strip()


def _configured(*settings: tuple[str, str]) -> dict[str, str]:
    """Return variables that set git's configuration, after those that are there already."""
    there = os.environ.get("GIT_CONFIG_COUNT", "")
    first = int(there) if there.isdecimal() else 0
    found = {"GIT_CONFIG_COUNT": str(first + len(settings))}
    for number, (key, value) in enumerate(settings, first):
        found |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return found


def _complaint(done: subprocess.CompletedProcess[bytes]) -> str:
    said: Sequence[str] = (done.stderr or done.stdout).decode("utf-8", "replace").split("\n")
    lines = [line.strip() for line in said if line.strip() and not line.startswith("hint:")]
    return lines[-1] if lines else str(done.returncode)
