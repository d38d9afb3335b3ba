"""Gemfiles and composer.json: what is asked of their tools, and what stays."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec import json

from pratique.errors import MalformedError, NotFound
from pratique.model.settings import Settings
from pratique.remedy.bundler import bundler
from pratique.remedy.composer import composer
from pratique.workspace import Workspace
from projects import Memory, bump, refuse

GEMFILE = "source 'https://x'\ngem 'rack', '~> 2.2.2' # server\n  gem \"rails\", \"6.0.3\", require: false\ngem 'plain'\n"
COMPOSER = '{\n    "repositories": [{"require": {"a/b": "1.0"}}],\n    "require": {"A/b": "^1.0", "c/d" : "1.0.0"}\n}\n'


def fine(_words: Sequence[str]) -> str:
    return ""


def test_a_gemfile_asks_for_the_lowest_while_it_is_locked() -> None:
    seen: list[str] = []

    def run(words: Sequence[str]) -> str:
        seen.append(memory.texts["Gemfile"])
        return ""

    memory = Memory({"Gemfile": GEMFILE, "Gemfile.lock": ""}, {"bundle": run})
    bumps = [bump("rack", "2.2.2", "2.2.8.1", "Gemfile.lock"), bump("rails", "6.0.3", "6.0.6", "Gemfile.lock"),
             bump("nokogiri", "1.0", "1.1", "Gemfile.lock", direct=False)]  # fmt: skip
    list(bundler.apply(memory, "Gemfile.lock", bumps))
    assert seen[0] == (
        "source 'https://x'\ngem 'rack', '2.2.8.1' # server\n"
        "  gem \"rails\", \"6.0.6\", require: false\ngem 'plain'\ngem 'nokogiri', '1.1'\n"
    )
    assert (
        memory.texts["Gemfile"]
        == seen[1]
        == GEMFILE.replace("2.2.2", "2.2.8").replace("6.0.3", "6.0.6")
    )


def test_a_requirement_that_is_not_understood_is_an_error() -> None:
    memory = Memory({"Gemfile": "gem 'x', '>= 1', '< 2'\ngem 'y', '< 2'\n"}, {"bundle": fine})
    with pytest.raises(MalformedError, match="y is asked for as < 2"):
        list(bundler.apply(memory, "Gemfile.lock", [bump("y", "1", "2.1", "Gemfile.lock")]))
    with pytest.raises(MalformedError, match="bundler is not here"):
        list(
            bundler.apply(
                Memory({"Gemfile": ""}), "Gemfile.lock", [bump("y", "1", "2", "Gemfile.lock")]
            )
        )


RAILS_LOCK = """\
GIT
  remote: https://git.example/x
  specs:
    x (1.0)

GEM
  remote: https://gems.example/a/
  remote: https://gems.example/b/
  specs:
    activesupport (6.1.4)
      tzinfo (~> 2.0)
    activerecord (6.1.4)
      activesupport (= 6.1.4)
    rails (6.1.4)
      activerecord (= 6.1.4)
    tzinfo (2.0.4)

DEPENDENCIES
  rails
"""


def test_the_sources_of_the_lock_are_asked() -> None:
    info = (
        b"---\n1.0 a:>= 1|checksum:x\n1.1-java |checksum:x\n1.1 |checksum:x\n2.0.rc1 |checksum:x\n"
    )
    memory = Memory({"Gemfile.lock": RAILS_LOCK}, urls={"gems.example/b/info/rack": info})
    assert bundler.versions(memory, "Gemfile.lock", "rack") == ["1.0", "1.1"]
    with pytest.raises(NotFound, match="info/other"):
        bundler.versions(memory, "Gemfile.lock", "other")


def test_gems_that_are_tied_to_one_another_are_updated_together() -> None:
    memory = Memory({"Gemfile": "gem 'rails'\n", "Gemfile.lock": RAILS_LOCK}, {"bundle": fine})
    bumps = [bump("activesupport", "6.1.4", "6.1.7.10", "Gemfile.lock", direct=False)]
    list(bundler.apply(memory, "Gemfile.lock", bumps))
    asked = memory.ran[0][memory.ran[0].index("--update") + 1 :]
    assert set(asked) == {"activesupport", "activerecord", "rails"}


def test_composer_is_asked_for_the_lowest_before_anything_is_changed() -> None:
    memory = Memory({"composer.json": COMPOSER}, {"composer": fine})
    list(composer.apply(memory, "composer.lock", [bump("a/b", "1.0.0", "1.0.1", "composer.lock")]))
    assert memory.ran[0][-1] == "a/b:1.0.1"
    assert {"--no-plugins", "--no-scripts", "--no-install"} <= set(memory.ran[0])
    assert memory.texts["composer.json"] == COMPOSER


def test_composer_json_is_changed_where_it_must() -> None:
    def first_refuses(_words: Sequence[str]) -> str:
        return refuse(()) if memory.texts["composer.json"] == COMPOSER else ""

    memory = Memory({"composer.json": COMPOSER}, {"composer": first_refuses})
    list(composer.apply(memory, "composer.lock", [bump("a/b", "1.0.0", "2.0.1", "composer.lock")]))
    assert memory.texts["composer.json"] == COMPOSER.replace("^1.0", "^2.0.1")


@pytest.mark.skipif(not shutil.which("composer"), reason="composer is not installed")
def test_the_real_composer_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPOSER_ALLOW_SUPERUSER", "1")
    monkeypatch.setenv("COMPOSER_HOME", str(tmp_path / "home"))
    root = tmp_path / "app"
    root.mkdir()
    dist = {"type": "zip", "url": "https://example.org/x.zip"}
    packages = [
        {"name": "x/y", "version": version, "dist": dist} for version in ("1.0.0", "1.0.5", "1.1.0")
    ]
    document = {"repositories": [{"packagist.org": False}, {"type": "package", "package": packages}],
                "require": {"x/y": "1.0.0"}}  # fmt: skip
    (root / "composer.json").write_bytes(json.format(json.encode(document), indent=4))
    words = ["composer", "update", "--no-install", "--no-interaction", "--quiet"]
    subprocess.run(words, cwd=root, check=True, env=os.environ)
    with Workspace(str(root), Settings()) as work:
        assert composer.versions(work, "composer.lock", "x/y") == ["1.1.0", "1.0.5", "1.0.0"]
        list(
            composer.apply(work, "composer.lock", [bump("x/y", "1.0.0", "1.0.5", "composer.lock")])
        )
        altered = {one.path: one.after.decode() for one in work.altered(composer.files)}
    assert '"version": "1.0.5"' in altered["composer.lock"]
    assert '"x/y": "1.0.5"' in altered["composer.json"]
