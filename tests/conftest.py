"""Fixtures that the whole suite shares."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# a busy machine is no failure: what must be fast says so itself
settings.register_profile("suite", deadline=None)
# what is pushed is judged by the same examples each time; new ones are looked for at home
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "suite")
for name in (
    "CI",
    "GITHUB_ACTIONS",
    "GITLAB_CI",
    "TF_BUILD",
):  # where a test is run is not its matter
    os.environ.pop(name, None)
if "PRATIQUE_CACHE_DIR" not in os.environ:  # nor are the advisories that its user has
    os.environ["PRATIQUE_CACHE_DIR"] = tempfile.mkdtemp(prefix="pratique-tests-")
    atexit.register(shutil.rmtree, os.environ["PRATIQUE_CACHE_DIR"], ignore_errors=True)

CORPUS = Path(os.environ.get("PRATIQUE_CORPUS", Path(__file__).parents[2] / "shared"))


@pytest.fixture(scope="session")
def corpus() -> Callable[[str], Path]:
    """Give the path of a file or folder of the corpus's fixtures, or skip the test."""

    def find(name: str) -> Path:
        path = CORPUS / "fixtures" / name
        if not path.exists():
            pytest.skip(f"no corpus here: {path} is missing (set PRATIQUE_CORPUS)")
        return path

    return find


@pytest.fixture(scope="session")
def feed_mirror() -> Path:
    """Give the folder of advisory feeds laid out by upstream host, or skip the test."""
    path = CORPUS / "feeds" / "mirror-dev"
    if not path.exists():
        pytest.skip(f"no feeds here: {path} is missing (set PRATIQUE_CORPUS)")
    return path
