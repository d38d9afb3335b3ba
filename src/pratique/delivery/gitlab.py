"""Merge requests of GitLab (https://docs.gitlab.com/api/merge_requests/).

A job's own token (CI_JOB_TOKEN) may not open any, so that one of a project or a person is needed.
"""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import quote

from pratique.delivery.api import Api
from pratique.delivery.model import MARK, WITHDRAWN, Kind, Opened, Place, Wanted
from pratique.errors import UsageError


class GitLab:
    """A project; satisfies Forge."""

    def __init__(self, place: Place, token: str, insecure: bool, cacert: str) -> None:  # noqa: FBT001 - what Kind has
        host, path = place
        id = os.environ.get("CI_PROJECT_ID") or quote(path, safe="")
        self._requests = f"/projects/{id}/merge_requests"
        url = os.environ.get("CI_API_V4_URL") or _api_of(host)
        self._api = Api(url, {"PRIVATE-TOKEN": token}, insecure=insecure, cacert=cacert)
        self._token = token

    def requests(self, branch: str) -> list[Opened]:
        asked = f"?state=all&source_branch={quote(branch, safe='')}"
        return [_opened(one) for one in self._api.pages(self._requests + asked, most=1)]

    def open(self, wanted: Wanted, base: str) -> Opened:
        draft = "Draft: " if wanted.draft else ""
        body = {"source_branch": wanted.branch, "target_branch": base,
                "title": draft + wanted.title, "description": wanted.body,
                "labels": ",".join(wanted.labels), "remove_source_branch": True}  # fmt: skip
        return _opened(self._api.ask("POST", self._requests, body))

    def update(self, opened: Opened, wanted: Wanted) -> None:
        draft = "Draft: " if opened.title.startswith("Draft: ") else ""
        body = {"title": draft + wanted.title, "description": wanted.body}
        self._api.ask("PUT", f"{self._requests}/{opened.number}", body)

    def all_open(self) -> list[Opened]:
        return [_opened(one) for one in self._api.pages(f"{self._requests}?state=opened")]

    def withdraw(self, opened: Opened, why: str) -> None:
        self._api.ask("POST", f"{self._requests}/{opened.number}/notes", {"body": why})
        body = {"state_event": "close", "description": opened.body.replace(MARK, WITHDRAWN)}
        self._api.ask("PUT", f"{self._requests}/{opened.number}", body)

    def close(self) -> None:
        self._api.close()

    def credentials(self) -> tuple[str, str]:
        return "oauth2", self._token


def _api_of(host: str) -> str:
    if not host:
        raise UsageError("the remote is on no host: CI_API_V4_URL names the API")
    return f"https://{host}/api/v4"


def _opened(document: dict[str, Any]) -> Opened:
    is_own = document.get("source_project_id") == document.get("target_project_id")
    return Opened(
        int(document.get("iid") or 0), str(document.get("web_url") or ""),
        document.get("state") == "opened", document.get("state") == "merged",
        str(document.get("description") or ""), str(document.get("title") or ""),
        str(document.get("source_branch") or "") if is_own else "",
    )  # fmt: skip


gitlab = Kind("gitlab", "gitlab.com", ("GITLAB_TOKEN",), GitLab)
