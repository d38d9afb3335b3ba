"""The images that one file of a project names, and the file with others in their place."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping

from pratique.codecs import image_lines
from pratique.codecs.dockerfile.images import reference
from pratique.codecs.dockerfile.rewriting import retagged
from pratique.codecs.edits import applied
from pratique.errors import MalformedError
from pratique.rebuilding import read

_DOCKERFILE = re.compile(r"(?:Dockerfile|Containerfile)(?:\..+)?|.+\.(?:Dockerfile|Containerfile)")


def is_dockerfile(path: str) -> bool:
    name = os.path.basename(path)
    return _DOCKERFILE.fullmatch(name) is not None and not name.endswith(".dockerignore")


def references(path: str, text: str) -> Iterator[str]:
    """Yield the images that a file names; of a Dockerfile that is none, nothing."""
    if not is_dockerfile(path):
        yield from (one.reference for one in image_lines.named(text))
        return
    try:
        stages = read(text, path).stages
    except MalformedError:
        return
    yield from (one.base for one in stages if one.parent is None and reference(one.base))


def renewed(path: str, text: str, changes: Mapping[str, str]) -> str:
    """Return a file with references in the place of others; the rest stays as it is."""
    if not is_dockerfile(path):
        return image_lines.replaced(text, dict(changes))
    for index, stage in enumerate(read(text, path).stages):
        old, new = reference(stage.base), reference(changes.get(stage.base, ""))
        if stage.parent is None and old and new:
            now = read(text, path)
            edits = retagged(now, old.tag, new.tag, new.digest, now.stages[index])
            text = applied(text, edits)
    return text
