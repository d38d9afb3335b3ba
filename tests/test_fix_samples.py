"""Old releases of real projects, mended: planned, written, installed by their own tools, rescanned.

These ask the indexes of their ecosystems, and are skipped where a tool or its index is not there.
"""

from __future__ import annotations

import difflib
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from msgspec import json

from pratique.upgrades import level

pytestmark = pytest.mark.network
FLASK = """\
# the web
Flask==2.0.1
Werkzeug==2.0.1  # served by it
Jinja2==3.0.1
itsdangerous==2.0.1
click==8.0.1
MarkupSafe==2.0.1
requests[socks]==2.25.1 ; python_version > "3"
urllib3==1.26.5
idna==2.10
certifi==2021.5.30
chardet==4.0.0
PySocks==1.7.1
gunicorn==20.1.0
"""
DJANGO = """\
[project]
name = "site"
version = "0.1.0"
requires-python = ">=3.10"
dependencies = [
    "Django==3.2.1", # LTS
    "djangorestframework>=3.12,<3.13",
    'sqlparse~=0.4.1',
]
"""
POETRY = """\
[tool.poetry]
name = "site"
version = "0.1.0"
description = ""
authors = []
package-mode = false

[tool.poetry.dependencies]
python = "^3.10"
# the web
Django = "3.2.5"   # LTS
sqlparse = { version = "~0.4.1" }
requests = "~2.27.0"

[[tool.poetry.source]]
name = "index"
url = "https://pypi.org/simple/"
priority = "primary"
"""
EXPRESS = """\
{
    "name": "shop",
    "version": "1.0.0",
    "private": true,
    "dependencies": {
        "express": "~4.16.0",
        "lodash": "4.17.4",
        "minimist": "^1.2.0"
    }
}
"""
BOOT = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <parent>
    <groupId>org.springframework.boot</groupId>
    <artifactId>spring-boot-starter-parent</artifactId>
    <version>2.5.0</version>
    <relativePath/>
  </parent>
  <groupId>org.example</groupId>
  <artifactId>shop</artifactId>
  <version>1.0</version>
  <properties>
    <log4j.version>2.14.1</log4j.version> <!-- the log -->
  </properties>
  <dependencies>
    <dependency>
      <groupId>org.springframework.boot</groupId>
      <artifactId>spring-boot-starter-web</artifactId>
    </dependency>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId>
      <artifactId>log4j-core</artifactId>
      <version>${log4j.version}</version>
    </dependency>
  </dependencies>
</project>
"""
GO_MOD = """\
module example.org/service

go 1.20

require (
\tgithub.com/gin-gonic/gin v1.7.0 // the router
\tgolang.org/x/text v0.3.5
)
"""
GO = """\
package main

import (
\t"github.com/gin-gonic/gin"
\t"golang.org/x/text/language"
)

func main() {
\t_ = language.English
\tgin.New()
}
"""
MAVEN_TREE = "org.apache.maven.plugins:maven-dependency-plugin:3.7.0:tree"
UV = ["uv", "lock", "--quiet"]
PIP = ["uv", "pip", "compile", "--quiet", "--only-binary", ":all:", "--python-version", "3.11",
       "requirements.txt", "-o", "/dev/null"]  # fmt: skip


class Sample:
    """A project, where its packages come from, how it is locked at first and installed at last."""

    def __init__(
        self, host: str, files: dict[str, str], lock: list[list[str]], install: list[str]
    ) -> None:
        self.host, self.files, self.lock, self.install = host, files, lock, install


SAMPLES = {
    "flask": Sample("pypi.org", {"requirements.txt": FLASK}, [], PIP),
    "django": Sample("pypi.org", {"pyproject.toml": DJANGO}, [UV], [*UV, "--check"]),
    "poetry": Sample(
        "pypi.org", {"pyproject.toml": POETRY}, [["poetry", "lock", "--no-interaction"]],
        ["poetry", "check", "--lock"],
    ),
    "express": Sample(
        "registry.npmjs.org", {"package.json": EXPRESS},
        [["npm", "install", "--package-lock-only", "--ignore-scripts", "--no-audit"]],
        ["npm", "ci", "--ignore-scripts", "--no-audit"],
    ),
    "boot": Sample(
        "repo1.maven.org", {"pom.xml": BOOT}, [["mvn", "-B", "-q", MAVEN_TREE]],
        ["mvn", "-B", "-q", "-o", MAVEN_TREE],
    ),
    "go": Sample(
        "proxy.golang.org", {"go.mod": GO_MOD, "main.go": GO}, [["go", "mod", "tidy"]],
        ["go", "build", "-o", os.devnull, "./..."],
    ),
}  # fmt: skip


@pytest.fixture(params=SAMPLES)
def sample(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Sample:
    chosen = SAMPLES[request.param]
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("GOFLAGS", "-mod=mod")
    if not shutil.which(chosen.install[0]):
        pytest.skip(f"{chosen.install[0]} is not installed")
    try:
        socket.create_connection((chosen.host, 443), timeout=5).close()
    except OSError:
        pytest.skip(f"{chosen.host} cannot be reached")
    return chosen


def pratique(root: Path, *words: str) -> Any:
    command = [sys.executable, "-m", "pratique", *words, "--skip-db-update", "-q"]
    done = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
    return json.decode(done.stdout)


def findings(root: Path) -> list[dict[str, Any]]:
    report = pratique(root, "fs", ".", "-f", "json")
    return [f for result in report["Results"] for f in result.get("Vulnerabilities", ())]


def test_nearly_all_that_can_be_mended_is_gone(sample: Sample, tmp_path: Path) -> None:
    for name, text in sample.files.items():
        (tmp_path / name).write_text(text)
    for words in sample.lock:
        subprocess.run(words, cwd=tmp_path, check=True, capture_output=True)
    written = {name: (tmp_path / name).read_text() for name in sample.files}
    before = [f for f in findings(tmp_path) if f.get("FixedVersion")]
    assert len(before) > 4, "the advisories that come along know of these"

    plan = pratique(tmp_path, "fix", "fs", ".", "--json", "--write")
    subprocess.run(sample.install, cwd=tmp_path, check=True, capture_output=True)

    after = [f for f in findings(tmp_path) if f.get("FixedVersion")]
    assert len(after) <= 0.05 * len(before), (plan["Remaining"], plan["Remarks"])
    assert not [f for f in plan["New"] if f["Severity"] in ("HIGH", "CRITICAL")]
    for change in plan["Changes"]:
        own = [f["FixedVersion"].split(", ") for f in before if f["PkgName"] == change["Name"]]
        smaller = [any(level(change["From"][0], v) != "major" for v in fixed) for fixed in own]
        assert change["Level"] != "major" or not all(smaller), change
    for name, text in written.items():
        assert_only_versions_differ(text, (tmp_path / name).read_text())
    again = pratique(tmp_path, "fix", "fs", ".", "--json")
    assert again["Files"] == []


def assert_only_versions_differ(before: str, after: str) -> None:
    """Lines may be added, and differ in their numbers; none is lost, moved or formatted anew."""
    old, new = before.splitlines(), after.splitlines()
    if "// indirect" in before:  # go lists what is needed now
        old, new = ([line for line in lines if "// indirect" not in line] for lines in (old, new))
    for kind, i, j, k, n in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        assert kind != "delete"
        if kind == "replace":
            for one, other in zip(old[i:j], new[k:n], strict=False):
                assert_same_but_numbers(one, other)


def assert_same_but_numbers(one: str, other: str) -> None:
    keep = str.maketrans("", "", "0123456789.")
    assert one.translate(keep) == other.translate(keep)
