"""A Rails 6.1 app, mended: planned, written, installed by Bundler, its test run, scanned again.

The index is on loopback, with Debian's gems; without Bundler or Debian's Rails this is skipped.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gem_index import OLD, GemIndex
from loopback import Stub, serve
from pratique.ecosystems.rubygems import rubygems
from test_fix_samples import findings, pratique

GEMFILE = """\
# frozen_string_literal: true

source '{url}'

gem 'rails', '~> 6.1.4' # the framework
gem "rack", ">= 2.2.3"
gem 'own', path: 'engines/own'
gem 'shared', git: '{git}'

group :test do
  gem 'rack-test'
end
"""
GEMSPEC = """\
Gem::Specification.new do |one|
  one.name, one.version, one.summary, one.authors = '{name}', '1.0.0', 'x', ['x']
  one.files = Dir['lib/*.rb']
  one.add_dependency 'rack'
end
"""
APP_TEST = """\
require 'bundler/setup'
require 'action_controller/railtie'
require 'rack/test'
require 'minitest/autorun'
require 'own'
require 'shared'

class Shop < Rails::Application
  config.eager_load = false
  config.hosts.clear
  config.secret_key_base = 'only for this test'
  config.logger = Logger.new(IO::NULL)
  routes.append { root to: proc { |_| [200, {}, ["rails #{Rails.version}"]] } }
end
Shop.initialize!

class ShopTest < Minitest::Test
  include Rack::Test::Methods
  def app = Shop

  def test_the_root_answers
    get '/'
    assert_equal "rails #{Rails.version}", last_response.body
    assert_equal '6.1.7.10', Rails.version
  end
end
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[GemIndex, Stub]]:
    if not shutil.which("bundle"):
        pytest.skip("bundler is not installed")
    said = subprocess.run(["gem", "list", "-i", "rails", "-v", "6.1.7.10"], check=False)
    if said.returncode:
        pytest.skip("Debian's Rails 6.1.7.10 is not installed")
    gems = GemIndex(tmp_path_factory.mktemp("gems"))
    with serve(gems) as stub:
        yield gems, stub


@pytest.fixture
def app(
    index: tuple[GemIndex, Stub], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, GemIndex]:
    gems, stub = index
    for name, value in {"BUNDLE_USER_HOME": str(tmp_path / "home"), "HOME": str(tmp_path / "home"),
                        "BUNDLE_PATH": str(tmp_path / "vendor"), "RUBYOPT": ""}.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    shared = tmp_path / "shared"
    root = tmp_path / "app"
    gemspec(shared, "shared")
    git(shared, "init", "-q", "-b", "main")
    git(shared, "add", ".")
    git(shared, "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-qm", "x")
    gemspec(root / "engines/own", "own")
    (root / "Gemfile").write_text(GEMFILE.format(url=stub.url, git=f"file://{shared}"))
    (root / "app_test.rb").write_text(APP_TEST)
    gems.only_old = True
    bundle(root, "lock", "--add-platform", "ruby")
    gems.only_old = False
    return root, gems


def gemspec(folder: Path, name: str) -> None:
    (folder / "lib").mkdir(parents=True)
    (folder / "lib" / f"{name}.rb").write_text("")
    (folder / f"{name}.gemspec").write_text(GEMSPEC.format(name=name))


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


def bundle(root: Path, *words: str) -> str:
    done = subprocess.run(["bundle", *words], cwd=root, check=False, capture_output=True, text=True)
    assert not done.returncode, done.stdout + done.stderr
    return done.stdout


def fixable(root: Path, gems: GemIndex) -> list[dict[str, Any]]:
    """Return the findings that a version of the index fixes."""
    key = rubygems.version_key
    return [
        f for f in findings(root)
        if any(not key(gems.newest[f["PkgName"]]) < key(v)
               for v in f.get("FixedVersion", "").split(", ") if v)
    ]  # fmt: skip


def test_a_rails_app_is_mended_and_runs(app: tuple[Path, GemIndex]) -> None:
    root, gems = app
    before = (root / "Gemfile").read_text()
    lock = (root / "Gemfile.lock").read_text()
    assert all(f"    {name} ({OLD[name]})" in lock for name in ("rails", "rack", "nokogiri"))
    assert len(fixable(root, gems)) > 40, "the advisories that come along know of these"

    plan = pratique(root, "fix", "fs", ".", "--json", "--write")

    assert fixable(root, gems) == [], (plan["Remaining"], plan["Remarks"])
    assert not any(change["Level"] == "major" for change in plan["Changes"])
    after = (root / "Gemfile").read_text()
    assert after == before.replace(">= 2.2.3", ">= 2.2.22")
    new = (root / "Gemfile.lock").read_text()
    for start in ("PATH", "GIT", "PLATFORMS", "BUNDLED WITH"):
        assert section(new, start) == section(lock, start)
    installed = bundle(root, "install")
    assert "Installing rails 6.1.7.10" in installed
    assert "1 runs, 2 assertions, 0 failures" in bundle(root, "exec", "ruby", "app_test.rb")
    assert pratique(root, "fix", "fs", ".", "--json")["Files"] == []


def section(lock: str, start: str) -> str:
    return lock.partition(f"{start}\n")[2].partition("\n\n")[0]
