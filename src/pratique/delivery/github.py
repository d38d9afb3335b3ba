"""Pull requests of GitHub (https://docs.github.com/rest/pulls/pulls), its own and enterprises'."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import quote

from pratique.delivery.api import Api
from pratique.delivery.model import MARK, WITHDRAWN, Kind, Opened, Place, Wanted
from pratique.errors import UsageError


class GitHub:
    """A repository; satisfies Forge."""

    def __init__(self, place: Place, token: str, insecure: bool, cacert: str) -> None:  # noqa: FBT001 - what Kind has
        host, path = place
        path = os.environ.get("GITHUB_REPOSITORY") or path
        self._owner, self._path = path.partition("/")[0], path
        self._repo = f"/repos/{quote(path)}"
        url = os.environ.get("GITHUB_API_URL") or _api_of(host)
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json",
                   "X-GitHub-Api-Version": "2022-11-28"}  # fmt: skip
        self._api = Api(url, headers, insecure=insecure, cacert=cacert)
        self._token = token

    def requests(self, branch: str) -> list[Opened]:
        head = quote(f"{self._owner}:{branch}", safe="")
        found = self._api.pages(f"{self._repo}/pulls?state=all&head={head}", most=1)
        return [_opened(one) for one in found]

    def open(self, wanted: Wanted, base: str) -> Opened:
        body = {"title": wanted.title, "body": wanted.body, "head": wanted.branch, "base": base,
                "draft": wanted.draft}  # fmt: skip
        opened = _opened(self._api.ask("POST", f"{self._repo}/pulls", body))
        if wanted.labels:
            path = f"{self._repo}/issues/{opened.number}/labels"
            self._api.ask("POST", path, {"labels": wanted.labels})
        return opened

    def update(self, opened: Opened, wanted: Wanted) -> None:
        body = {"title": wanted.title, "body": wanted.body}
        self._api.ask("PATCH", f"{self._repo}/pulls/{opened.number}", body)

    def all_open(self) -> list[Opened]:
        found = self._api.pages(f"{self._repo}/pulls?state=open")
        return [_opened(one, self._path) for one in found]

    def withdraw(self, opened: Opened, why: str) -> None:
        path = f"{self._repo}/issues/{opened.number}/comments"
        self._api.ask("POST", path, {"body": why})
        body = {"state": "closed", "body": opened.body.replace(MARK, WITHDRAWN)}
        self._api.ask("PATCH", f"{self._repo}/pulls/{opened.number}", body)

    def close(self) -> None:
        self._api.close()

    def credentials(self) -> tuple[str, str]:
        return "x-access-token", self._token


def _api_of(host: str) -> str:
    """Return the API of github.com, of an enterprise's own tenant there, or of its own server."""
    if not host:
        raise UsageError("the remote is on no host: GITHUB_API_URL names the API")
    is_cloud = host == "github.com" or host.endswith(".ghe.com")
    return f"https://api.{host}" if is_cloud else f"https://{host}/api/v3"


def _opened(document: dict[str, Any], path: str = "") -> Opened:
    """`path` is the repository's, whose own branches alone have names here."""
    head = document.get("head")
    head = head if isinstance(head, dict) else {}
    held = head.get("repo")
    is_own = isinstance(held, dict) and str(held.get("full_name")).lower() == path.lower()
    return Opened(
        int(document.get("number") or 0), str(document.get("html_url") or ""),
        document.get("state") == "open", bool(document.get("merged_at")),
        str(document.get("body") or ""), str(document.get("title") or ""),
        str(head.get("ref") or "") if is_own else "",
    )  # fmt: skip


github = Kind("github", "github.com", ("GITHUB_TOKEN", "GH_TOKEN"), GitHub)
