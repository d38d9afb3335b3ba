"""Compose files: a subject for the file and one for each service (compose-spec.io).

An override file is looked at with its file, and what a service extends with the service: what is
absent in one may be there in the other. What is there is told where it stands.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Iterator
from functools import cache

from pratique.codecs.compose.builds import dockerfile_of, is_remote
from pratique.codecs.compose.interpolation import interpolated, variables_of, with_defaults
from pratique.codecs.compose.merging import merged
from pratique.codecs.compose.service import Project, Service
from pratique.codecs.located import documents
from pratique.codecs.located_values import List, Map, Span, Value
from pratique.codecs.secret_names import masked_file
from pratique.errors import MalformedError
from pratique.model.check import Kind, Subject, Surroundings
from pratique.model.configuration import Document

_LARGEST = 1 << 20
_DEEPEST = 20
_MOST_SERVICES = 1000
_MOST_MERGED = 500_000
_MOST_ERRORS = 5
_OVERRIDE = re.compile(r"^((?:docker-)?compose)\.override\.(ya?ml)$")
Read = Callable[[str], str | None]


def _subjects(document: Document, around: Surroundings) -> Iterator[Subject]:
    """Yield the file, then its services; what is wrong with one of these is told at the end."""
    files = _Files(document, around)
    top = files.top
    project = Project(document.path, top, files.beside, bool(around.root))
    shown = _without_secrets(document.text, top)
    yield Subject(project, text=shown)
    main, override = _pair(document, files.beside)
    errors: list[str] = []
    for name, own in list(_mapping(top, "services").items())[:_MOST_SERVICES]:
        line = _line_of(top, name)
        try:
            whole = files.extended(name, document.path)
        except MalformedError as error:
            errors.append(f"line {line.start}: {error.reason}")
            continue
        if name in override:
            whole = merged(whole, override[name])
        complete = name not in main and ("image" in whole or "build" in whole)
        service = Service(name, own, whole, line, project, complete)
        yield Subject(service, f"service {name}", text=shown)
    if len(_mapping(top, "services")) > _MOST_SERVICES:
        errors.append(f"more than {_MOST_SERVICES} services: the others are not judged")
    if errors:
        raise MalformedError("; ".join(errors[:_MOST_ERRORS]), document.path)


def _without_secrets(text: str, top: Map) -> str:
    """Return the text as reports may show it, line for line."""
    lines = masked_file(text).split("\n")
    for value in _mapping(top, "secrets").values():
        if isinstance(value, Map) and "content" in value:
            start, end = value.spans["content"]
            lines[start - 1 : end] = ["***"] * (end - start + 1)
    return "\n".join(lines)


class _Files:
    """A document and the files around it, each read and parsed once."""

    def __init__(self, document: Document, around: Surroundings) -> None:
        self._path = document.path
        self.top = _parsed(document.text, document.path)
        self.text = cache(lambda path: _text_of(path, around))
        self._services = cache(self._services_of)
        self._merged = 0

    def beside(self, path: str) -> str | None:
        """Return a file by its path from the document."""
        return self.text(_path_of(self._path, path))

    def _services_of(self, path: str) -> dict[str, Map]:
        if path == self._path:
            return _services(self.top)
        text = self.text(path)
        return _services(_parsed(text, path)) if text is not None else {}

    def extended(self, name: str, path: str, seen: tuple[str, ...] = ()) -> Map:
        """Return a service with what it extends, here or in another file.

        Raises MalformedError for one that is no mapping, that extends itself, or where the services
        of a file would become too large by what they extend.
        """
        own = self._services(path).get(name)
        if own is None:
            raise MalformedError(f"service {name} is no mapping", path)
        extends = own.get("extends")
        key = f"{path}:{name}"
        if key in seen or len(seen) > _DEEPEST:
            raise MalformedError(f"service {name} extends itself", path)
        base = extends.get("service") if isinstance(extends, Map) else extends
        file = extends.get("file") if isinstance(extends, Map) else None
        where = _path_of(path, file) if isinstance(file, str) else path
        if not isinstance(base, str) or base not in self._services(where):
            return own
        below = self.extended(base, where, (*seen, key))
        self._merged += _size_of(below)
        if self._merged > _MOST_MERGED:
            raise MalformedError(f"too much is extended, at service {name}", path)
        return merged(below, own)


def _size_of(value: Value) -> int:
    """Count the values in a service, as deep as merging copies them."""
    if not isinstance(value, Map | List):
        return 1
    return 1 + sum(_size_of(one) for one in (value.values() if isinstance(value, Map) else value))


def _parsed(text: str, path: str) -> Map:
    """Return the first document with the variables of its texts resolved by their defaults."""
    first = next(documents(text, path), None)
    if not isinstance(first, Map):
        raise MalformedError("a mapping with services is expected", path)
    value = with_defaults(first)
    if isinstance(value, Map) and not isinstance(value.get("services"), Map | None):
        raise MalformedError(f"line {value.spans['services'].start}: services is no mapping", path)
    return value if isinstance(value, Map) else Map()


def _mapping(value: Map, key: str) -> Map:
    inner = value.get(key)
    return inner if isinstance(inner, Map) else Map()


def _services(top: Map) -> dict[str, Map]:
    return {k: v for k, v in _mapping(top, "services").items() if isinstance(v, Map)}


def _line_of(top: Map, name: str) -> Span:
    start = _mapping(top, "services").spans[name].start
    return Span(start, start)


def _pair(document: Document, read: Read) -> tuple[dict[str, Map], dict[str, Map]]:
    """Return the services of the file that a document overrides, and of the one that overrides it.

    Compose reads `compose.yaml` and `compose.override.yaml` as one.
    """
    name = posixpath.basename(document.path)
    if match := _OVERRIDE.match(name):
        return _first(read, [f"{match[1]}.{end}" for end in ("yaml", "yml")]), {}
    if name in ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"):
        stem = name.partition(".")[0]
        return {}, _first(read, [f"{stem}.override.{end}" for end in ("yaml", "yml")])
    return {}, {}


def _first(read: Read, names: list[str]) -> dict[str, Map]:
    for name in names:
        if (text := read(name)) is not None:
            try:
                return _services(_parsed(text, name))
            except MalformedError:  # it is a document of its own, and told of there
                return {}
    return {}


def _path_of(document: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(document), path))


def _text_of(path: str, around: Surroundings) -> str | None:
    """Return a file of the project by its path from the root; nothing outside of it is read."""
    if path in around.documents:
        return around.documents[path].text
    if not around.root or path.startswith(("../", "/")):
        return None
    root = os.path.realpath(around.root)
    real = os.path.realpath(os.path.join(root, path))
    try:
        if not real.startswith(os.path.join(root, "")) or not os.path.isfile(real):
            return None
        if os.path.getsize(real) > _LARGEST:
            return None
        with open(real, encoding="utf-8", errors="replace") as file:
            return file.read()
    except (OSError, ValueError):  # ValueError: a name with a NUL
        return None


def _leads(document: Document, around: Surroundings) -> Iterator[Document]:
    """Yield the Dockerfiles that services are built by, and files that are included or extended."""
    try:
        top = _parsed(document.text, document.path)
    except MalformedError:
        return
    for path in (*_included(top), *_extends(top)):
        found = _path_of(document.path, path)
        if (text := _text_of(found, around)) is not None:
            yield Document(found, "compose", text, document.layer)
    for name, service in _services(top).items():
        inline = _mapping(service, "build").get("dockerfile_inline")
        if isinstance(inline, str):
            yield Document(f"{document.path} ({name})", "dockerfile", inline, document.layer)
        elif path := dockerfile_of(service):
            found = _path_of(document.path, path)
            if (text := _text_of(found, around)) is not None:
                yield Document(found, "dockerfile", text, document.layer)


def _included(top: Map) -> Iterator[str]:
    entries = top.get("include")
    for entry in entries if isinstance(entries, List) else []:
        paths: Value = entry.get("path") if isinstance(entry, Map) else entry
        for path in paths if isinstance(paths, List) else [paths]:
            if isinstance(path, str) and not is_remote(path):
                yield path


def _extends(top: Map) -> Iterator[str]:
    for service in _services(top).values():
        extends = service.get("extends")
        if isinstance(extends, Map) and isinstance(file := extends.get("file"), str):
            yield file


def _images(document: Document, around: Surroundings) -> Iterator[str]:
    """Yield the images that are pulled; of those with variables, what `.env` makes of them."""
    env = _text_of(_path_of(document.path, ".env"), around)
    variables = variables_of(env or "")
    try:
        first = next(documents(document.text, document.path), None)
    except MalformedError:  # subjects say so
        return
    for service in _services(first).values() if isinstance(first, Map) else ():
        image = service.get("image")
        name = interpolated(image, variables) if isinstance(image, str) else ""
        if name and "build" not in service and "$" not in name:
            yield name


compose = Kind("compose", _subjects, "compose", _leads, _images)
