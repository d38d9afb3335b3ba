"""Java archives: the Maven artifacts in them, shaded ones and archives in archives included."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO, cast

from msgspec import Struct

from pratique.codecs.jar_classes import TELLING, by_classes, told
from pratique.codecs.jar_identity import (
    Artifact,
    bundle_licenses,
    identify,
    is_pom_properties,
    read_manifest,
    read_pom_properties,
)
from pratique.codecs.window import Window
from pratique.codecs.zip_directory import (
    STORED,
    Directory,
    Entry,
    content,
    read_directory,
    stored_content,
)
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_ARCHIVES = (".jar", ".war", ".ear", ".par", ".jmod", ".hpi", ".jpi", ".kar", ".nar", ".sar")
_ENDINGS = tuple(ending.encode() for ending in _ARCHIVES)
_MANIFEST = "META-INF/MANIFEST.MF"
_METADATA = (b"pom.properties", _MANIFEST.encode())

_DEPTH = 16
_TOTAL_BYTES = 1 << 30
_TOTAL_ENTRIES = 1 << 20
_TOTAL_ARCHIVES = 10_000
_DIRECTORY = 64 << 20
_IN_MEMORY = 16 << 20
_SMALL, _RATIO = 1 << 20, 100  # a jar is compressed itself: real ones stay below 10
_METADATA_SIZE = 1 << 16  # signed archives have manifests of megabytes, but their head is first
_NAMED_PROBLEMS = 3

LOG4J = "org.apache.logging.log4j:log4j-core"
LOOKUP = "org/apache/logging/log4j/core/lookup/JndiLookup.class"
# relocated by shading, and agents keep classes under other endings (.classdata, .esclazz)
_LOOKUP = b"log4j/core/lookup/JndiLookup."


def _analyze(file: File) -> Iterator[Package]:
    """Read an archive (JAR file specification, Maven's archiver) and those in it, to any depth.

    Each pom.properties is a package, several of them being shaded content; an archive without
    is known by its manifest and its file name. What was copied in without metadata is known by
    resources that say a version, or by classes that only one artifact has; then without one.
    A name without a colon has no group that any evidence tells. A log4j-core whose
    JndiLookup.class was removed, which mitigates CVE-2021-44228 and CVE-2021-45046, says so in
    the field `module`, as "without" and the class. Where that class is there and nothing says of
    which version, its version is empty. What is too deep, too large or compressed too well is
    named in the error after the rest.
    """
    if not file.size:
        return
    walk = _Walk(file.path)
    try:
        yield from walk.archive(Window(file.open(), file.size, file.path), (), 0)
    except _SpentError as error:
        walk.problems.insert(0, str(error))
    if walk.problems:
        more = len(walk.problems) - _NAMED_PROBLEMS
        ending = f"; and {more} more" if more > 0 else ""
        raise MalformedError("; ".join(walk.problems[:_NAMED_PROBLEMS]) + ending, file.path)


class _SpentError(Exception):
    """A bound for the whole file was hit: nothing more is read of it."""


class _Contents(Struct):
    """What matters in one archive; its directory itself is not kept while others are read."""

    artifacts: list[Artifact]
    nested: list[Entry]
    lookup: bool
    """Whether JndiLookup is among the classes."""
    licenses: tuple[str, ...]
    """As the manifest has them, which speaks for the archive, not for what is shaded into it."""


class _Walk:
    """Goes through one file with a budget for all that is nested in it."""

    def __init__(self, path: str) -> None:
        self.problems: list[str] = []
        self._path = path
        self._bytes = _TOTAL_BYTES
        self._entries = _TOTAL_ENTRIES
        self._archives = _TOTAL_ARCHIVES

    def archive(self, file: Window, inner: tuple[str, ...], depth: int) -> Iterator[Package]:
        """Yield the packages of an archive, then those of the archives in it."""
        try:
            contents = self._contents(file, inner)
        except MalformedError as error:
            self._problem(error.reason, inner)
            return
        yield from self._packages(contents, "/".join(inner))
        for entry in contents.nested:
            yield from self._nested(file, entry, (*inner, entry.name), depth + 1)

    def _contents(self, file: Window, inner: tuple[str, ...]) -> _Contents:
        directory = read_directory(file, _DIRECTORY)
        self._spend(len(directory.data), directory.count)
        poms, manifest, nested, others = [], {}, [], []
        for entry in self._entries_of(directory, inner):
            if entry.name == _MANIFEST:
                manifest = read_manifest(self._metadata(file, entry, inner))
            elif entry.name.lower().endswith(_ARCHIVES):
                nested.append(entry)
            elif is_pom_properties(entry.name):
                pom = read_pom_properties(entry.name, self._metadata(file, entry, inner))
                poms += [pom] if pom else []
            else:
                data = self._metadata(file, entry, inner)
                others += self._told(entry, data, directory.data, inner)
        name = (*self._path.split("/"), *inner)[-1].rpartition("/")[2]
        artifacts = list(identify(name, poms, manifest, directory.data))
        artifacts += [one for one in dict.fromkeys(others) if not _is_known(one, artifacts)]
        if not directory.names(b"-INF/lib/"):  # an application's own classes are none of these
            artifacts += by_classes(directory.data, artifacts)
        licenses = bundle_licenses(manifest) if len(artifacts) == 1 else ()
        return _Contents(artifacts, nested, directory.names(_LOOKUP), licenses)

    def _entries_of(self, directory: Directory, inner: tuple[str, ...]) -> Iterator[Entry]:
        try:
            yield from directory.entries((*_METADATA, *_ENDINGS, *TELLING))
        except MalformedError as error:
            self._problem(error.reason, inner)

    def _metadata(self, file: Window, entry: Entry, inner: tuple[str, ...]) -> bytes:
        data = b""
        try:
            for piece in content(file, entry):
                data += piece
                if len(data) >= _METADATA_SIZE:
                    break
        except MalformedError as error:
            self._problem(error.reason, (*inner, entry.name))
        self._spend(len(data), 0)
        return data

    def _told(
        self, entry: Entry, data: bytes, names: bytes, inner: tuple[str, ...]
    ) -> list[Artifact]:
        try:
            return told(entry.name, data, names)
        except MalformedError as error:
            self._problem(error.reason, (*inner, entry.name))
            return []

    def _packages(self, contents: _Contents, inner: str) -> Iterator[Package]:
        module = "" if contents.lookup else f"without {LOOKUP}"
        for artifact in contents.artifacts:
            name = artifact.name
            yield Package(self._path, "jar", "maven", name, artifact.version, inner=inner,
                          licenses=contents.licenses,
                          module=module if name == LOG4J else "")  # fmt: skip
        if contents.lookup and all(artifact.name != LOG4J for artifact in contents.artifacts):
            yield Package(self._path, "jar", "maven", LOG4J, "", inner=inner)

    def _nested(
        self, file: Window, entry: Entry, inner: tuple[str, ...], depth: int
    ) -> Iterator[Package]:
        self._archives -= 1
        if self._archives < 0:
            raise _SpentError(f"holds more than {_TOTAL_ARCHIVES} archives")
        if depth > _DEPTH:
            self._problem(f"is nested more than {_DEPTH} deep", inner)
            return
        if not entry.size:
            return
        try:
            stored = stored_content(file, entry)
            if entry.method == STORED:
                yield from self.archive(stored, inner, depth)
                return
            stream = self._inflated(file, entry)
        except MalformedError as error:
            self._problem(error.reason, inner)
            return
        with stream:
            yield from self.archive(Window(stream, entry.size, self._path), inner, depth)

    def _inflated(self, file: Window, entry: Entry) -> BinaryIO:
        if entry.size > _SMALL and entry.size > _RATIO * entry.stored:
            raise MalformedError(f"{entry.stored} bytes inflate to {entry.size}: a bomb")
        self._spend(entry.size, 0)
        stream: BinaryIO = BytesIO()
        if entry.size > _IN_MEMORY:
            import tempfile  # noqa: PLC0415 - 12 ms, and few archives hold one this large

            stream = cast("BinaryIO", tempfile.TemporaryFile(prefix="pratique-"))  # noqa: SIM115
        try:
            stream.writelines(content(file, entry))
        except MalformedError:
            stream.close()
            raise
        return stream

    def _spend(self, size: int, entries: int) -> None:
        self._bytes -= size
        self._entries -= entries
        if self._bytes < 0:
            raise _SpentError(f"inflates to more than {_TOTAL_BYTES} bytes in all")
        if self._entries < 0:
            raise _SpentError(f"holds more than {_TOTAL_ENTRIES} entries in all")

    def _problem(self, reason: str, inner: tuple[str, ...]) -> None:
        self.problems.append(f"{'/'.join(inner)}: {reason}" if inner else reason)


def _is_known(one: Artifact, artifacts: list[Artifact]) -> bool:
    return any(one.artifact == known.artifact for known in artifacts)


jar = Analyzer("jar", 2, tuple(f"*{ending}" for ending in _ARCHIVES), _analyze)
