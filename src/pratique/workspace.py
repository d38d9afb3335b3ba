"""A copy of a project, in which changes are tried before anything of the project is touched."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from fnmatch import fnmatch
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Self

from msgspec import Struct

from pratique.errors import LimitExceeded, MalformedError, NotFound, PratiqueError, UsageError
from pratique.kept_answers import KeptAnswers, answers_cache
from pratique.model.settings import Settings

if TYPE_CHECKING:
    from pratique.net import Client

_LEFT_OUT = {".git", ".hg", ".svn", "node_modules", ".venv", "venv", ".tox", ".nox", "__pycache__",
             "target", ".gradle", ".mypy_cache", ".ruff_cache", ".pytest_cache"}  # fmt: skip
_MOST_FILES = 200_000
_MOST_BYTES = 2 << 30
_MOST_MATCHES = 2000
_LARGEST_FILE = 32 << 20
"""A larger one is no source: it is left out of the copy."""
_SECONDS = 240
_ENCODING = ("utf-8", "surrogateescape")


class Altered(Struct, frozen=True):
    """A file that is to be another."""

    path: str
    before: bytes | None
    """None where there is no such file yet."""
    after: bytes


class Workspace:
    """The copy; it is gone when the `with` block ends."""

    def __init__(self, root: str, settings: Settings, *, may_build: bool = False) -> None:
        """Copy a directory, without what tools make there; raises NotFound and LimitExceeded."""
        if not os.path.isdir(root):
            raise NotFound(f"{root}: no such directory")
        self._root = root
        self._settings = settings
        self.may_build = may_build
        self._lock = Lock()
        self._client: Client | None = None
        asker = None if settings.offline else self._asker
        self._answers = KeptAnswers(
            answers_cache(settings), asker, is_trusted=not settings.insecure
        )
        self._folder = tempfile.mkdtemp(prefix="pratique-fix-")
        self.path = os.path.join(self._folder, os.path.basename(os.path.abspath(root)) or "root")
        try:
            self._copy()
        except OSError as error:
            self.close()
            raise PratiqueError(f"{root}: cannot be copied: {error.strerror}") from error
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._answers.close()
        if self._client:
            self._client.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def is_offline(self) -> bool:
        return self._settings.offline

    def text(self, path: str) -> str | None:
        data = _read(self._inside(path))
        return None if data is None else data.decode(*_ENCODING)

    def write(self, path: str, text: str) -> None:
        place = self._inside(path)
        if os.path.islink(place):
            raise MalformedError("is a link to another file, and is not changed", path)
        with open(place, "wb") as file:
            file.write(text.encode(*_ENCODING))

    def matching(self, glob: str) -> list[str]:
        if glob.startswith(("/", "..")) or ".." in glob.split("/"):
            return []
        found = Path(self.path).glob(glob)
        return sorted(str(one.relative_to(self.path)) for one in islice(found, _MOST_MATCHES))

    def tool(self, *names: str) -> str:
        if self.is_offline:
            return ""
        return next((found for name in names if (found := shutil.which(name))), "")

    def run(
        self, words: Sequence[str], folder: str = "", environment: Mapping[str, str] | None = None
    ) -> str:
        name = os.path.basename(words[0])
        try:
            done = subprocess.run(
                words, cwd=self._inside(folder), env=os.environ | dict(environment or {}),
                stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_SECONDS,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise MalformedError(f"{name} took more than {_SECONDS} seconds") from None
        except OSError as error:
            raise MalformedError(f"{name} cannot be run: {error.strerror}") from error
        if done.returncode:
            said = _complaint(done.stderr + b"\n" + done.stdout)
            raise MalformedError(f"{name}: {said}")
        return done.stdout.decode("utf-8", "replace")

    def fetch(self, url: str, accept: str) -> bytes:
        return self._answers.get(url, accept)

    def oldest_answer(self) -> int | None:
        """Return the age in seconds of what an index said, where it could not be asked anew."""
        return self._answers.oldest()

    def _asker(self) -> Client:
        with self._lock:  # several threads ask
            if self._client is None:
                from pratique.net import Client  # noqa: PLC0415 - offline there is no need of it

                chosen = self._settings
                self._client = Client(
                    cacert=chosen.cacert, insecure=chosen.insecure, tries=2, timeout=20
                )
            return self._client

    def altered(self, globs: Sequence[str]) -> list[Altered]:
        """Return the files of these names that differ from the project's."""
        found = []
        for folder, _, names in os.walk(self.path):
            for name in sorted(names):
                if not any(fnmatch(name, glob) for glob in globs):
                    continue
                path = os.path.relpath(os.path.join(folder, name), self.path)
                before = _read(os.path.join(self._root, path))
                after = _read(os.path.join(folder, name))
                if after is not None and before != after:
                    found.append(Altered(path, before, after))
        return sorted(found, key=lambda one: one.path)

    def reset(self, altered: Sequence[Altered]) -> None:
        """Put files back as they were."""
        for one in altered:
            _put(self.path, one.path, one.before)

    def put(self, altered: Sequence[Altered]) -> None:
        """Make files what they are to be."""
        for one in altered:
            _put(self.path, one.path, one.after)

    def _inside(self, path: str) -> str:
        place = os.path.normpath(os.path.join(self.path, path))
        real = os.path.realpath(place)
        base = os.path.realpath(self.path)
        if os.path.commonpath([real, base]) != base:
            raise MalformedError("leads out of the project", path)
        return place

    def _copy(self) -> None:
        count = size = 0
        base = os.path.realpath(self._root)
        for folder, folders, names in os.walk(self._root):
            folders[:] = [name for name in folders if name not in _LEFT_OUT]
            there = os.path.join(self.path, os.path.relpath(folder, self._root))
            os.makedirs(there, exist_ok=True)
            for name in (*names, *(one for one in folders
                                   if os.path.islink(os.path.join(folder, one)))):  # fmt: skip
                one = os.path.join(folder, name)
                if not _is_copied(one, base):
                    continue
                count, size = count + 1, size + os.lstat(one).st_size
                if count > _MOST_FILES or size > _MOST_BYTES:
                    raise LimitExceeded(f"{self._root}: too large to try changes in a copy")
                shutil.copy2(one, os.path.join(there, name), follow_symlinks=False)


def replace_files(root: str, altered: Sequence[Altered]) -> None:
    """Make the files what they are to be, all or none.

    Raises PratiqueError, with everything as it was, where one is no longer what was read, or cannot
    be written.
    """
    for one in altered:
        if _read(os.path.join(root, one.path)) != one.before:
            raise UsageError(f"{one.path}: was changed meanwhile; nothing was written")
    done: list[Altered] = []
    try:
        for one in altered:
            done.append(one)
            _put(root, one.path, one.after)
    except BaseException as error:
        restore(root, done)
        if isinstance(error, OSError):
            raise PratiqueError(f"{error.filename}: cannot be written: {error.strerror}; "
                                "nothing was changed") from error  # fmt: skip
        raise


def restore(root: str, altered: Sequence[Altered]) -> None:
    """Make files what they were."""
    for one in altered:
        with suppress(OSError):
            _put(root, one.path, one.before)


def _put(root: str, path: str, data: bytes | None) -> None:
    place = os.path.join(root, path)
    if data is None:
        with suppress(FileNotFoundError):
            os.unlink(place)
        return
    beside = f"{place}.{os.getpid()}.part"
    try:
        with open(beside, "wb") as file:
            file.write(data)
        if os.path.exists(place):
            shutil.copymode(place, beside)
        os.replace(beside, place)
    finally:
        with suppress(OSError):
            os.unlink(beside)


def _read(place: str) -> bytes | None:
    try:
        with open(place, "rb") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def _is_copied(place: str, base: str) -> bool:
    """Tell whether a file goes into the copy: one that can be read, and no large one; a link that
    stays inside.
    """
    if os.path.islink(place):
        return _leads_inside(place, base)
    if not os.path.isfile(place) or not os.access(place, os.R_OK):
        return False
    return os.lstat(place).st_size <= _LARGEST_FILE


def _leads_inside(link: str, base: str) -> bool:
    target = os.readlink(link)
    real = os.path.realpath(link)
    return not os.path.isabs(target) and os.path.commonpath([real, base]) == base


def _complaint(output: bytes) -> str:
    """Return the lines that tell what is wrong, on one line."""
    lines = [line.strip() for line in output.decode("utf-8", "replace").splitlines()]
    lines = [line for line in lines if line and not line.lower().startswith("warn")]
    telling = [line for line in lines if "error" in line.lower() or "conflict" in line.lower()
               or "npm error" in line or "because" in line.lower()]  # fmt: skip
    said = " ".join((telling or lines)[:4])
    # uv's own words before the cause tell nothing
    return (said.rpartition(" cause: ")[2].removeprefix("error: ") or "no reason was given")[:400]
