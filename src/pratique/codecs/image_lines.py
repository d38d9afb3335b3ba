"""Where manifests name images, found and changed as text: Kubernetes, Compose, Kustomize, Helm.

`image: name:tag` of a container or a service, and `newTag` of an entry of `images` in a
kustomization (https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from pratique.codecs.helm_images import helm_tags

_IMAGE = re.compile(r"(?m)^[ \t]*(?:-[ \t]+)?image:[ \t]+([\"']?)([\w.:/@-]+)\1[ \t]*(?:#.*)?\r?$")
_MANIFEST = re.compile(r"(?m)^(?:apiVersion:|services:|kind:)")
_KUSTOMIZATION = re.compile(r"(?m)^kind:[ \t]*Kustomization\b|^images:[ \t]*$")
_ENTRY = re.compile(r"(?m)^([ \t]*)-[ \t]+.*(?:\n(?:\1[ \t]+\S.*|[ \t]*$))*")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_MEMBER = re.compile(
    r"(?m)^[ \t]*(?:-[ \t]+)?(name|newName|newTag|digest):[ \t]+([\"']?)([\w.:/@+-]+)\2"
)


class Named(Struct, frozen=True):
    """An image that a text names."""

    reference: str
    start: int
    """Where the part stands that another takes the place of."""
    end: int
    whole: bool = True
    """Whether that is the reference, else its tag alone."""


def named(text: str) -> Iterator[Named]:
    """Yield the images of a manifest, in order; nothing for a text that is no manifest."""
    if _MANIFEST.search(text):
        for match in _IMAGE.finditer(text):
            yield Named(match[2], match.start(2), match.end(2))
    if _KUSTOMIZATION.search(text):
        yield from _kustomized(text)
    for reference, start, end in helm_tags(text):
        yield Named(reference, start, end, whole=False)


def _kustomized(text: str) -> Iterator[Named]:
    for entry in _ENTRY.finditer(text):
        members = {m[1]: m for m in _MEMBER.finditer(entry[0])}
        name, tag = members.get("newName") or members.get("name"), members.get("newTag")
        if name and tag and "digest" not in members:
            start = entry.start() + tag.start(3)
            yield Named(f"{name[3]}:{tag[3]}", start, start + len(tag[3]), whole=False)


def replaced(text: str, changes: dict[str, str]) -> str:
    """Return the text with references in the place of others; the rest stays as it is."""
    for one in sorted(named(text), key=lambda one: one.start, reverse=True):
        if new := changes.get(one.reference):
            put = new if one.whole else _tag(text, one, new)
            text = text[: one.start] + put + text[one.end :]
    return text


def _tag(text: str, one: Named, new: str) -> str:
    """Return a tag as YAML has it: what looks like a number is a text in quotes alone."""
    tag = new.partition("@")[0].rpartition(":")[2]
    is_quoted = text[one.start - 1 : one.start] in ("'", '"')
    return tag if is_quoted or not _NUMBER.fullmatch(tag) else f'"{tag}"'
