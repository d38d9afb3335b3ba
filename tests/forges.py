"""Stand-ins for forges: GitHub's and GitLab's interface, and a server of git repositories."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote

from loopback import Answer, Asked

TOKEN = "not-a-token"
HUB_FIELDS = {"title", "body", "head", "base", "draft"}
LAB_FIELDS = {"source_branch", "target_branch", "title", "description", "labels",
              "remove_source_branch"}  # fmt: skip


class Hosted:
    """A forge with one project, by GitHub's and GitLab's interface."""

    def __init__(self, path: str = "acme/shop") -> None:
        self.path = path
        self.requests: list[dict[str, Any]] = []
        self.labels: list[str] = []
        self.comments: list[str] = []

    def found(self, query: dict[str, list[str]], *, is_lab: bool) -> list[dict[str, Any]]:
        assert query["per_page"] == ["100"]
        assert query["page"] == ["1"]
        [state] = query["state"]
        [wanted] = query.get("source_branch" if is_lab else "head", [""])
        wanted = wanted if is_lab else wanted.removeprefix(f"{self.path.partition('/')[0]}:")
        return [one for one in reversed(self.requests)
                if state in ("all", one["state"]) and wanted in ("", one["head"]["ref"])]  # fmt: skip

    def answer(self, asked: Asked) -> Answer:
        path, _, query = asked.path.partition("?")
        is_lab = path.startswith(f"/projects/{quote(self.path, safe='')}/merge_requests")
        if is_lab:
            assert asked.headers["private-token"] == TOKEN
        else:
            assert asked.headers["authorization"] == f"Bearer {TOKEN}"
            assert asked.headers["accept"] == "application/vnd.github+json"
        assert is_lab or path.startswith(
            (f"/repos/{self.path}/pulls", f"/repos/{self.path}/issues/")
        )
        if path.endswith("/labels"):
            self.labels += json.loads(asked.body)["labels"]
            return Answer(body=b"[]")
        if path.endswith(("/comments", "/notes")):
            assert asked.method == "POST"
            self.comments.append(json.loads(asked.body)["body"])
            return Answer(201, b"{}")
        if asked.method == "GET":
            return Answer(body=json.dumps(self.found(parse_qs(query), is_lab=is_lab)).encode())
        assert asked.headers["content-type"] == "application/json"
        body = json.loads(asked.body)
        if asked.method == "POST":
            assert set(body) == (LAB_FIELDS if is_lab else HUB_FIELDS)
            number = len(self.requests) + 1
            self.requests.append({
                "number": number, "iid": number, "html_url": f"https://x/{number}",
                "web_url": f"https://x/{number}", "state": "opened" if is_lab else "open",
                "title": body["title"], "body": body.get("body"), "merged_at": None,
                "description": body.get("description"),
                "source_branch": body.get("source_branch"), "source_project_id": 7,
                "target_project_id": 7,
                "head": {"ref": body.get("head") or body.get("source_branch"),
                         "repo": {"full_name": self.path.upper()}},
                "into": body.get("base") or body.get("target_branch"),
            })  # fmt: skip
            return Answer(201, json.dumps(self.requests[-1]).encode())
        assert asked.method == ("PUT" if is_lab else "PATCH")
        number = int(path.rpartition("/")[2])
        if is_lab and body.pop("state_event", "") == "close":
            body["state"] = "closed"
        self.requests[number - 1] |= body
        return Answer(body=json.dumps(self.requests[number - 1]).encode())


def http_backend(root: Path, authorization: str) -> Callable[[Asked], Answer]:
    """Give what answers as git's own server does, to one who is let in (git-http-backend(1))."""

    def answer(asked: Asked) -> Answer:
        if asked.headers.get("authorization") != authorization:
            return Answer(401, headers={"WWW-Authenticate": "Basic realm=x"})
        path, _, query = asked.path.partition("?")
        given = {"GIT_PROJECT_ROOT": str(root), "GIT_HTTP_EXPORT_ALL": "1", "PATH_INFO": path,
                 "QUERY_STRING": query, "REQUEST_METHOD": asked.method, "REMOTE_USER": "x",
                 "CONTENT_TYPE": asked.headers.get("content-type", ""),
                 "CONTENT_LENGTH": str(len(asked.body)),
                 "HTTP_CONTENT_ENCODING": asked.headers.get("content-encoding", ""),
                 "GIT_PROTOCOL": asked.headers.get("git-protocol", "")}  # fmt: skip
        done = subprocess.run(["git", "http-backend"], input=asked.body, capture_output=True,
                              check=True, env=os.environ | given)  # fmt: skip
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().splitlines())
        status = int(headers.pop("Status", "200").split()[0])
        return Answer(status, body, headers)

    return answer
