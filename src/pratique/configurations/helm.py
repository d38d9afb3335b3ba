"""Helm charts, as `helm template` renders them."""

from __future__ import annotations

import os
import posixpath
import re
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator

from pratique.codecs.kubernetes.inputs import CHART, chart_of
from pratique.codecs.kubernetes.rendered import broken, kinds_in, objects_of
from pratique.codecs.kubernetes.secrets import masked
from pratique.codecs.located import List, Map, documents
from pratique.errors import MalformedError
from pratique.external import output_of
from pratique.model.check import Kind, Subject, Surroundings
from pratique.model.configuration import Document
from pratique.model.settings import Settings

_SOURCE = re.compile(r"^# Source: (.+)$", re.MULTILINE)
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,51}[a-z0-9])?")
_MISSING = re.compile(r"missing in charts/ directory: (.+)")
_LARGEST = 4 << 20


def _subjects(document: Document, around: Surroundings) -> Iterator[Subject]:
    if chart_of(document.path, around.documents) or not around.root:
        return  # a subchart is rendered with its chart
    if _is_library(document):
        return  # it has nothing to render
    helm = shutil.which("helm")
    if helm is None:
        raise MalformedError("the chart is not judged: helm is not installed", document.path)
    path = os.path.join(around.root, document.path)
    chart = os.path.dirname(path) if _is_folder(document) else path
    with tempfile.TemporaryDirectory(prefix="pratique-") as home:
        rendered, note = _rendered(helm, chart, home, document, around.settings)
    yield from _of_templates(rendered, document, chart)
    if note:
        raise MalformedError(note, document.path)


def _rendered(
    helm: str, chart: str, home: str, document: Document, settings: Settings
) -> tuple[str, str]:
    """Return the manifests of a chart, and what is missing of it."""
    release = _release(document)
    command = [helm, "template", release, f"--namespace={release}", *_options(settings), "--"]
    try:
        return output_of([*command, chart], home, document.path), ""
    except MalformedError as error:
        missing = _MISSING.search(error.reason)
        if not missing or not _is_folder(document):
            raise
    note = f"charts that it depends on are not there, and not judged: {missing[1].strip()}"
    try:
        return output_of([*command, _alone(chart, home, document)], home, document.path), note
    except MalformedError as error:
        raise MalformedError(f"{note}; {error.reason}", document.path) from error


def _options(settings: Settings) -> Iterator[str]:
    yield from ("--skip-tests", "--skip-crds")
    for flag, values in (
        ("--values", settings.helm_values),
        ("--set", settings.helm_set),
        ("--set-string", settings.helm_set_string),
        ("--set-file", settings.helm_set_file),
        ("--api-versions", settings.helm_api_versions),
    ):
        if values:
            yield f"{flag}={','.join(values)}"
    if settings.helm_kube_version:
        yield f"--kube-version={settings.helm_kube_version}"


def _alone(chart: str, home: str, document: Document) -> str:
    """Return a copy of a chart that depends on what it has: links, and a Chart.yaml without more.

    Helm renders nothing of a chart whose dependencies are not there, though most templates do
    without.
    """
    folder = os.path.join(home, "chart")
    os.mkdir(folder)
    for name in os.listdir(chart):
        if name not in (CHART, "Chart.lock", "requirements.yaml", "requirements.lock"):
            os.symlink(os.path.join(os.path.abspath(chart), name), os.path.join(folder, name))
    import yaml  # noqa: PLC0415 - for few charts

    (value,) = documents(document.text, document.path)
    kept = {k: v for k, v in value.items() if k != "dependencies"} if isinstance(value, Map) else {}
    with open(os.path.join(folder, CHART), "w", encoding="utf-8") as file:
        yaml.safe_dump(_plain(kept), file)
    return folder


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, List):
        return [_plain(member) for member in value]
    return value


def _of_templates(rendered: str, document: Document, chart: str) -> Iterator[Subject]:
    """Yield the objects that each template makes, at the template's lines."""
    read = _reader(chart)
    folder = posixpath.dirname(document.path)
    others = kinds_in(rendered)
    errors = []
    for source, text in _by_source(rendered):
        inside = source.partition("/")[2]
        path = (
            posixpath.join(folder, inside) if _is_folder(document) else f"{document.path}:{inside}"
        )
        template = read(inside)
        try:
            for one in objects_of(text, template or text, path, others):
                yield Subject(one, one.resource, path, masked(template or text, one))
        except MalformedError as error:
            errors.append(error)
    if errors:
        raise broken(errors, document.path)


def _by_source(rendered: str) -> Iterator[tuple[str, str]]:
    """Yield each document with the template it is from, which Helm writes above it."""
    for text in re.split(r"^---\s*$", rendered, flags=re.MULTILINE):
        if match := _SOURCE.search(text):
            yield match[1].strip(), text


def _reader(chart: str) -> Callable[[str], str]:
    """Return what reads a template of a chart by its path; empty where it is not to be had."""
    if os.path.isdir(chart):
        return lambda path: _text(os.path.join(chart, path))
    packed: dict[str, str] = {}
    try:
        with tarfile.open(chart, "r:gz") as archive:
            for entry in archive:
                if "/templates/" in entry.name and entry.isfile() and entry.size <= _LARGEST:
                    file = archive.extractfile(entry)
                    data = file.read() if file else b""
                    packed[entry.name.partition("/")[2]] = data.decode("utf-8", "replace")
    except (tarfile.TarError, OSError, EOFError, zlib.error):
        return lambda _: ""
    return lambda path: packed.get(path, "")


def _text(path: str) -> str:
    try:
        if os.path.getsize(path) > _LARGEST:
            return ""
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""  # of a subchart that is packed


def _is_folder(document: Document) -> bool:
    return posixpath.basename(document.path) == CHART


def _release(document: Document) -> str:
    name = posixpath.basename(posixpath.dirname(document.path)).lower()
    for value in _declared(document):
        name = str(value.get("name", name))
    return name if _NAME.fullmatch(name) else "release"


def _is_library(document: Document) -> bool:
    return any(value.get("type") == "library" for value in _declared(document))


def _declared(document: Document) -> Iterator[Map]:
    try:
        yield from (v for v in documents(document.text, document.path) if isinstance(v, Map))
    except MalformedError:
        return  # Helm says it better


kind = Kind("helm", _subjects, "kubernetes")
