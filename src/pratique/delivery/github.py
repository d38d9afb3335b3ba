"""Pull requests of GitHub (https://docs.github.com/rest/pulls/pulls), its own and enterprises'."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import quote

from pratique.delivery.api import Api
from pratique.delivery.model import Kind, Opened, Place, Wanted
from pratique.errors import MalformedError


class GitHub:
    """A repository; satisfies Forge."""

    def __init__(self, place: Place, token: str, insecure: bool, cacert: str) -> None:  # noqa: FBT001 - what Kind has
        host, path = place
        path = os.environ.get("GITHUB_REPOSITORY") or path
        self._owner = path.partition("/")[0]
        self._repo = f"/repos/{quote(path)}"
        url = os.environ.get("GITHUB_API_URL") or (
            "https://api.github.com" if host == "github.com" else f"https://{host}/api/v3"
        )
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json",
                   "X-GitHub-Api-Version": "2022-11-28"}  # fmt: skip
        self._api = Api(url, headers, insecure=insecure, cacert=cacert)
        self._token = token

    def requests(self, branch: str) -> list[Opened]:
        head = quote(f"{self._owner}:{branch}", safe="")
        found = self._api.ask("GET", f"{self._repo}/pulls?state=all&head={head}&per_page=20")
        if not isinstance(found, list):
            raise MalformedError("no list of pull requests", f"{self._repo}/pulls")
        return [_opened(one) for one in found if isinstance(one, dict)]

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

    def close(self) -> None:
        self._api.close()

    def credentials(self) -> tuple[str, str]:
        return "x-access-token", self._token


def _opened(document: dict[str, Any]) -> Opened:
    return Opened(
        int(document.get("number") or 0), str(document.get("html_url") or ""),
        document.get("state") == "open", bool(document.get("merged_at")),
        str(document.get("body") or ""), str(document.get("title") or ""),
    )  # fmt: skip


github = Kind("github", ("GITHUB_TOKEN", "GH_TOKEN"), GitHub)
