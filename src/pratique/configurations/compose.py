"""Compose files: a subject for the file and one for each service (compose-spec.io).

An override file is looked at with its file, and what a service extends with the service: what is
absent in one may be there in the other. What is there is told where it stands.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Iterator

from pratique.codecs.compose.builds import dockerfile_of, is_remote
from pratique.codecs.compose.interpolation import interpolated, variables_of, with_defaults
from pratique.codecs.compose.merging import merged
from pratique.codecs.compose.service import Project, Service
from pratique.codecs.located import documents
from pratique.codecs.located_values import List, Map, Span, Value
from pratique.errors import MalformedError
from pratique.model.check import Kind, Subject, Surroundings
from pratique.model.configuration import Document

_LARGEST = 1 << 20
_DEEPEST = 20
_OVERRIDE = re.compile(r"^((?:docker-)?compose)\.override\.(ya?ml)$")
Read = Callable[[str], str | None]


def _subjects(document: Document, around: Surroundings) -> Iterator[Subject]:
    top = _parsed(document.text, document.path)
    project = Project(document.path, top, _beside(document, around), bool(around.root))
    yield Subject(project)
    services = _services(top)
    main, override = _pair(document, project.read)
    for name, own in services.items():
        whole = _extended(name, services, document.path, around, ())
        if name in override:
            whole = merged(whole, override[name])
        complete = name not in main and ("image" in whole or "build" in whole)
        line = _line_of(top, name)
        subject = Service(name, own, whole, line, project, complete)
        yield Subject(subject, f"service {name}")
    for name, value in (_mapping(top, "services")).items():
        if not isinstance(value, Map):
            line = _line_of(top, name)
            raise MalformedError(f"line {line.start}: service {name} is no mapping", document.path)


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


def _extended(
    name: str, services: dict[str, Map], path: str, around: Surroundings, seen: tuple[str, ...]
) -> Map:
    """Return a service with what it extends, here or in another file."""
    own = services[name]
    extends = own.get("extends")
    key = f"{path}:{name}"
    if key in seen or len(seen) > _DEEPEST:
        raise MalformedError(f"service {name} extends itself", path)
    base = extends.get("service") if isinstance(extends, Map) else extends
    file = extends.get("file") if isinstance(extends, Map) else None
    if not isinstance(base, str):
        return own
    if isinstance(file, str):
        path = _path_of(path, file)
        text = _text_of(path, around)
        services = _services(_parsed(text, path)) if text is not None else {}
    if base not in services:
        return own
    return merged(_extended(base, services, path, around, (*seen, key)), own)


def _beside(document: Document, around: Surroundings) -> Read:
    return lambda path: _text_of(_path_of(document.path, path), around)


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
    read = _beside(document, around)
    variables = variables_of(read(".env") or "")
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
