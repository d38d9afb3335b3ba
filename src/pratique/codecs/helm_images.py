"""Images in the values of Helm charts: `repository` and `tag` of a mapping that is called image.

https://helm.sh/docs/chart_best_practices/values/ and what `helm create` writes; `registry` beside
them is Bitnami's habit. Found as text, so that the rest of a file can stay as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_MAPPING = re.compile(r"(?mi)^([ ]*)(?:-[ ]+)?[\w-]*image:[ \t]*(?:&[\w-]+[ \t]*)?(?:#.*)?\r?$")
_MEMBER = re.compile(
    r"([ ]+)(registry|repository|tag|digest):[ \t]+([\"']?)([\w.:/@+-]+)\3[ \t]*(?:#.*)?\r?"
)


def helm_tags(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the reference of each image, and where its tag stands; those with a digest are left."""
    for mapping in _MAPPING.finditer(text):
        members = _members(text, mapping.end() + 1, len(mapping[1]))
        name, tag = members.get("repository"), members.get("tag")
        if not name or not tag or "digest" in members:
            continue
        registry = f"{members['registry'][0]}/" if "registry" in members else ""
        start = tag[1]
        yield f"{registry}{name[0]}:{tag[0]}", start, start + len(tag[0])


def _members(text: str, at: int, indent: int) -> dict[str, tuple[str, int]]:
    """Return the members of a mapping that tell an image, each with its value's place."""
    found: dict[str, tuple[str, int]] = {}
    own = 0
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end]
        stripped = line.strip()
        depth = len(line) - len(line.lstrip(" "))
        if stripped and not stripped.startswith("#"):
            if depth <= indent:
                break
            own = own or depth
            match = _MEMBER.fullmatch(line) if depth == own else None
            if match:
                found[match[2]] = (match[4], at + match.start(4))
        at = end + 1
    return found
