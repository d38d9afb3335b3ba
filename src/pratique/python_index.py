"""Ask the index that pip is set up with what there is of a Python package."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from threading import Lock
from weakref import WeakKeyDictionary

from pratique.codecs.requirement import normalized
from pratique.codecs.simple_index import ACCEPT, Archive, archives, versions
from pratique.errors import MalformedError
from pratique.model.remedy import Project

_DEFAULT = "https://pypi.org/simple"
_ASKING = Lock()
_INDEXES: WeakKeyDictionary[Project, str] = WeakKeyDictionary()
_VARIABLES = ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL")


def released(project: Project, _path: str, name: str) -> Sequence[str]:
    """Return the versions of a package that its index has and has not withdrawn."""
    return versions(files_of(project, name))


def files_of(project: Project, name: str) -> list[Archive]:
    """Return what the index has; raises SourceError, and MalformedError for nonsense."""
    url = f"{_index(project)}/{normalized(name)}/"
    return archives(project.fetch(url, ACCEPT), url)


def pip(project: Project) -> list[str]:
    """Return the words that run pip: this machine's, or the one beside this program."""
    found = project.tool("pip3", "pip")
    return [found] if found else [] if project.is_offline else [sys.executable, "-m", "pip"]


def _index(project: Project) -> str:
    for variable in _VARIABLES:
        if url := os.environ.get(variable):
            return url.rstrip("/")
    with _ASKING:  # pip takes half a second to say so, and several threads ask
        if project not in _INDEXES:
            _INDEXES[project] = _set_up(project)
        return _INDEXES[project]


def _set_up(project: Project) -> str:
    with suppress(MalformedError):  # pip says so where nothing is set
        if words := pip(project):
            return project.run([*words, "config", "get", "global.index-url"]).strip().rstrip("/")
    return _DEFAULT
