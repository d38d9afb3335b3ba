"""Run the steps of a pipeline as its CI system would, in a folder, with stand-ins for the rest.

`docker` builds small images (build_stub.py), `python -m pip install pratique==…` is checked and
then answered by this checkout, `gh` keeps comments in a folder, caches are folders.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

import pratique
from pratique import __version__

_GH = """#!{python}
import json, os, pathlib, re, sys
store = pathlib.Path(os.environ["STUB_STORE"], "comments.json")
comments = json.loads(store.read_text()) if store.exists() else []
words = sys.argv[1:]
body = next((w[6:] for w in words if w.startswith("body=@")), "")
url = next(w for w in words if w.startswith("repos/"))
assert words[0] == "api" and os.environ["GH_TOKEN"]
if not body:
    assert url == "repos/team/shop/issues/7/comments", url
    print("\\n".join(str(n) for n, c in enumerate(comments) if c.startswith("### Pratique: ")))
elif "PATCH" in words:
    comments[int(url.rpartition("/")[2])] = pathlib.Path(body).read_text()
else:
    comments.append(pathlib.Path(body).read_text())
store.write_text(json.dumps(comments))
"""
_PYTHON = """#!/bin/sh
if [ "$1 $2 $3" = "-m pip install" ]; then
  for word in "$@"; do last=$word; done
  [ "$last" = "pratique=={version}" ] || {{ echo "pip: unknown: $*" >&2; exit 1; }}
  exit 0
fi
exec "{python}" "$@"
"""


class Outcome:
    """What a run of a pipeline said and left."""

    def __init__(self) -> None:
        self.failed: list[str] = []
        self.log = ""
        self.summary = ""
        self.outputs: dict[str, str] = {}
        self.sarif: list[str] = []

    @property
    def annotations(self) -> list[str]:
        return re.findall(r"^::(?:error|warning|notice) .*$", self.log, re.MULTILINE)


class Sandbox:
    """A runner: stand-ins on PATH, a home, a store of caches that outlives runs."""

    def __init__(self, folder: Path, project: Path, **environment: str) -> None:
        self.project = project
        self.store = folder / "store"
        self._bin = folder / "bin"
        home = folder / "home"
        for one in (self.store, self._bin, home):
            one.mkdir()
        python = sys.executable
        self._program(
            "docker", f'#!/bin/sh\nexec "{python}" "{Path(__file__).parent}/build_stub.py" "$@"\n'
        )
        self._program("pratique", f'#!/bin/sh\nexec "{python}" -m pratique "$@"\n')
        self._program("python", _PYTHON.format(version=__version__, python=python))
        self._program("gh", _GH.replace("{python}", python))
        self.environment = {
            "PATH": f"{self._bin}:/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8",
            "STUB_STORE": str(self.store), "CI": "true",
            "PYTHONPATH": str(Path(pratique.__file__).parents[1]),
        } | environment  # fmt: skip

    def _program(self, name: str, text: str) -> None:
        path = self._bin / name
        path.write_text(text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def shell(self, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a script as CI systems run theirs; stderr is part of the log."""
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.project, env=self.environment | environment, check=False, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def saved(self, key: str) -> Path:
        return self.store / "caches" / re.sub(r"\W", "_", key)

    def restore(self, key: str, prefix: str, path: str) -> None:
        """Restore a cache as GitHub does: the key's own, else the newest with the prefix."""
        found = [self.saved(key)] if self.saved(key).exists() else []
        if not found and prefix:
            start = re.sub(r"\W", "_", prefix)
            found = sorted(self.saved("x").parent.glob(f"{start}*"), key=os.path.getmtime)
        if found:
            shutil.copytree(found[-1], self.project / path, dirs_exist_ok=True)

    def save(self, key: str, path: str) -> None:
        if (self.project / path).exists():
            shutil.copytree(self.project / path, self.saved(key), dirs_exist_ok=True)


class GitHub:
    """A runner of GitHub Actions for one job; knows the actions that the workflow uses."""

    def __init__(self, sandbox: Sandbox, event: str, commit: str, token: str = "t") -> None:
        self._sandbox = sandbox
        self._context = {
            "github.event_name": event, "github.sha": commit, "runner.os": "Linux",
            "github.run_id": "1",
            "github.base_ref": "main" if event == "pull_request" else "",
            "github.ref_name": "main" if event == "push" else "7/merge",
            "github.token": token, "github.event.pull_request.number": "7",
        }  # fmt: skip
        self._event = event

    def run(self, workflow: Path) -> Outcome:
        outcome = Outcome()
        [job] = yaml.safe_load(workflow.read_text())["jobs"].values()
        for number, step in enumerate(job["steps"]):
            condition = str(step.get("if", ""))
            if outcome.failed and "cancelled()" not in condition:
                continue
            if condition and not self._value(condition.removeprefix("${{").removesuffix("}}")):
                continue
            name = step.get("name") or step.get("uses", str(number))
            passed = self._use(step, outcome) if "uses" in step else self._run(step, outcome)
            if not passed and not step.get("continue-on-error"):
                outcome.failed.append(name)
        return outcome

    def _run(self, step: dict[str, Any], outcome: Outcome) -> bool:
        files = {
            name: self._sandbox.store / name for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")
        }
        for path in files.values():
            path.write_text("")
        given = {key: self._text(value) for key, value in step.get("env", {}).items()}
        done = self._sandbox.shell(
            self._text(step["run"]), **given, GITHUB_ACTIONS="true", GITHUB_EVENT_NAME=self._event,
            GITHUB_REPOSITORY="team/shop", **{name: str(path) for name, path in files.items()},
        )  # fmt: skip
        outcome.log += done.stdout
        outcome.summary += files["GITHUB_STEP_SUMMARY"].read_text()
        lines = files["GITHUB_OUTPUT"].read_text().splitlines()
        outcome.outputs |= dict(line.split("=", 1) for line in lines)
        return done.returncode == 0

    def _use(self, step: dict[str, Any], outcome: Outcome) -> bool:
        action, _, commit = step["uses"].partition("@")
        assert re.fullmatch("[0-9a-f]{40}", commit), f"{action} is not pinned"
        given = {key: self._text(value) for key, value in step.get("with", {}).items()}
        match action:
            case "actions/cache/restore":
                self._sandbox.restore(given["key"], given.get("restore-keys", ""), given["path"])
            case "actions/cache/save":
                self._sandbox.save(given["key"], given["path"])
            case "github/codeql-action/upload-sarif":
                outcome.sarif.append((self._sandbox.project / given["sarif_file"]).read_text())
            case "actions/checkout" | "actions/setup-python" | "actions/cache":
                pass
            case _:
                raise AssertionError(f"the workflow uses an action that is not known: {action}")
        return True

    def _text(self, value: Any) -> str:
        return re.sub(r"\$\{\{(.*?)\}\}", lambda m: str(self._value(m[1])), str(value))

    def _value(self, expression: str) -> Any:
        """Give the value of an expression, by the few things that ours are made of."""
        code = re.sub(
            r"\b(?:github|runner)(?:\.\w+)+", lambda m: repr(self._context[m[0]]), expression
        )
        code = code.replace("&&", " and ").replace("||", " or ")
        code = re.sub(r"!(?!=)", " not ", code)
        exists = self._sandbox.project.joinpath
        known = {
            "hashFiles": lambda path: "digest" if exists(path).exists() else "",
            "cancelled": lambda: False,
        }
        return eval(code.strip(), {"__builtins__": {}}, known)


def gitlab(sandbox: Sandbox, pipeline: Path, **variables: str) -> Outcome:
    """Run all jobs of a pipeline in the order of its stages, with caches and predefined variables."""
    outcome = Outcome()
    document = yaml.safe_load(pipeline.read_text())
    given = {"GITLAB_CI": "true", "CI_PROJECT_DIR": str(sandbox.project)} | variables
    chosen = next(rule for rule in document["workflow"]["rules"] if _rule(rule["if"], given))
    given |= chosen.get("variables", {})
    jobs = {
        name: job for name, job in document.items() if isinstance(job, dict) and "script" in job
    }
    for name, job in sorted(
        jobs.items(), key=lambda item: document["stages"].index(item[1]["stage"])
    ):
        own = given | {key: _expanded(str(v), given) for key, v in job.get("variables", {}).items()}
        caches = job.get("cache", [])
        for cache in caches:
            if _expanded(cache.get("policy", "pull-push"), own) != "push":
                for path in cache["paths"]:
                    sandbox.restore(f"{cache['key']}-{path}", "", path)
        done = sandbox.shell("\n".join(job["script"]), **own)
        after = sandbox.shell("\n".join(job.get("after_script", [])), **own)
        outcome.log += done.stdout + after.stdout
        for cache in caches:
            if _expanded(cache.get("policy", "pull-push"), own) != "pull":
                for path in cache["paths"]:
                    sandbox.save(f"{cache['key']}-{path}", path)
        if done.returncode:
            outcome.failed.append(name)
            break
    return outcome


def _rule(condition: str, variables: dict[str, str]) -> bool:
    left, right = condition.split(" == ")
    return _expanded(left, variables) == _expanded(right.strip('"'), variables)


def _expanded(text: str, variables: dict[str, str]) -> str:
    return re.sub(r"\$(\w+)", lambda m: variables.get(m[1], ""), text)
