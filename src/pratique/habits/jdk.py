"""A JDK where what runs needs a JRE alone: the same publisher's image of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pratique.codecs.dockerfile.build import Build, build
from pratique.codecs.dockerfile.images import reference
from pratique.codecs.dockerfile.instructions import parse
from pratique.codecs.dockerfile.rewriting import retagged, root_of
from pratique.codecs.dockerfile.situation import Situation, started, words_of
from pratique.codecs.edits import applied
from pratique.model.check import Edit
from pratique.model.habit import Habit, Proposal

_JDK = re.compile(r"(\d[\w.]*)-jdk(?=-|$)")
_BUILDS = re.compile(
    r"\b(?:javac|jar|jlink|jdeps|jpackage|jcmd|jmap|jstack|jattach|jstat|mvnw?|gradlew?|ant|sbt|lein)\b"
)
_RISK = "jcmd, jstack, javac and the other tools of a JDK are not there any more"


def _propose(situation: Situation) -> Iterator[Proposal]:
    made = situation.made
    base = reference(root_of(made).base)
    if not base or base.repository != "library/eclipse-temurin" or not _JDK.search(base.tag):
        return
    words = [word for one in started(made.final) for word in words_of(one)]
    upon = [stage for stage in made.stages if root_of(made) in stage.lineage]
    text = "\n".join(one.text for stage in upon for one in stage.instructions
                     if one.name in ("RUN", "HEALTHCHECK"))  # fmt: skip
    if words[:1] != ["java"] or _BUILDS.search(text) or any("agentlib" in word for word in words):
        return
    new = _JDK.sub(r"\1-jre", base.tag)
    edits = retagged(made, base.tag, new)
    if edits and _stay(made, edits):
        yield Proposal(f"it runs on a JRE ({new}), not on a JDK", _RISK, tuple(edits))


def _stay(made: Build, edits: Iterable[Edit]) -> bool:
    """Tell whether the bases of other stages stay: an ARG may be theirs as well."""
    after = build(parse(applied("\n".join(made.parsed.lines), edits)))
    own = root_of(made)
    return all(stage is own or stage.base == now.base or stage.parent
               for stage, now in zip(made.stages, after.stages, strict=True))  # fmt: skip


habit = Habit("jdk", 20, _propose)
