"""Commit changes on a new branch of the user's repository."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from pratique.errors import PratiqueError, UsageError
from pratique.workspace import Altered, restore


@contextmanager
def opened(root: str, name: str, altered: Sequence[Altered]) -> Iterator[Callable[[str], None]]:
    """Give what commits the files with a message; without that, all is left as it was.

    Raises UsageError where it is no repository, has such a branch, or changes of its own in them.
    """
    paths = [one.path for one in altered]
    if _git(root, "rev-parse", "--is-inside-work-tree", fails=True) != "true":
        raise UsageError(f"{root}: is in no git repository")
    if _git(root, "status", "--porcelain", "--", *paths):
        raise UsageError("files that would be changed have changes that are not committed")
    head = _git(root, "symbolic-ref", "--short", "-q", "HEAD", fails=True)
    back = [head] if head else ["--detach", _git(root, "rev-parse", "HEAD")]
    _git(root, "switch", "--quiet", "-c", name)
    committed = False

    def commit(message: str) -> None:
        nonlocal committed
        _git(root, "add", "--", *paths)
        _git(root, "commit", "--quiet", "-m", message, "--", *paths)
        committed = True

    try:
        yield commit
    finally:
        if not committed:
            _git(root, "reset", "--quiet", "--", *paths, fails=True)
            restore(root, altered)
            _git(root, "switch", "--quiet", *back, fails=True)
            _git(root, "branch", "--quiet", "-D", name, fails=True)


def _git(root: str, *words: str, fails: bool = False) -> str:
    try:
        done = subprocess.run(["git", "-C", root, *words], capture_output=True, check=False)
    except OSError as error:
        raise UsageError(f"git cannot be run: {error.strerror}") from error
    if done.returncode and not fails:
        said = (done.stderr or done.stdout).decode("utf-8", "replace").strip().splitlines()
        raise PratiqueError(f"git {words[0]}: {said[-1] if said else done.returncode}")
    return done.stdout.decode("utf-8", "replace").strip()
