"""A JDK where what runs needs a JRE alone: the same publisher's image of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.images import reference
from pratique.codecs.dockerfile.rewriting import moved, retagged, root_of
from pratique.codecs.dockerfile.situation import Situation, started, words_of
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
    if edits and not moved(made, edits, root_of(made)):
        yield Proposal(f"it runs on a JRE ({new}), not on a JDK", _RISK, tuple(edits))


habit = Habit("jdk", 20, _propose)
