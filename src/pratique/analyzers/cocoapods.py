"""Pods that CocoaPods locked: Podfile.lock."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from pratique.codecs.lock_graph import by_name, merged, named, relation
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_POD = re.compile(r'  - "?([^\s"]+) \(([^)]+)\)"?:?')
_NAME = re.compile(r'(  |    )- "?([^\s"]+)(?: \(.*\))?"?')


class _Pod(Struct):
    line: int
    name: str
    version: str
    needs: list[str] = []


def _analyze(file: File) -> Iterator[Package]:
    """Read a lock file of CocoaPods, the plain lists that it writes; a subspec is a pod here."""
    pods: list[_Pod] = []
    asked: set[str] = set()
    section = ""
    text = file.read().decode("utf-8-sig", "replace")
    for number, line in enumerate(text.splitlines(), 1):
        if line and not line[0].isspace():
            section = line.partition(":")[0]
        elif section == "PODS" and (pod := _POD.fullmatch(line)):
            pods.append(_Pod(number, pod[1], pod[2]))
        elif section in ("PODS", "DEPENDENCIES") and (need := _NAME.fullmatch(line)):
            if section == "DEPENDENCIES":
                asked.add(need[2])
            elif pods:
                pods[-1].needs.append(need[2])
    if "PODS:" not in text and text.strip():
        raise MalformedError("no lock file of CocoaPods: it has no PODS", file.path)
    known = by_name((pod.name, pod.version) for pod in pods)
    yield from merged(
        Package(
            file.path, "cocoapods", "cocoapods", pod.name, pod.version, line=pod.line,
            relation=relation(pod.name, asked), depends=named(pod.needs, known),
        )
        for pod in pods
    )  # fmt: skip


cocoapods = Analyzer("cocoapods", 1, ("Podfile.lock",), _analyze, reads="locked")
