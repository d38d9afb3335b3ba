"""Maven: the jar alone, on the JRE of the same publisher."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.images import reference
from pratique.codecs.dockerfile.situation import Situation, started, words_of
from pratique.codecs.dockerfile.splitting import Bench, bench, name_of, parted
from pratique.model.habit import Habit, Proposal

_BASE = re.compile(r"[\d.]+-eclipse-temurin-(\d+)(-alpine|-noble|-jammy|-focal)?")
_WHOLE_JAR = ("spring-boot-maven-plugin", "maven-shade-plugin", "jar-with-dependencies",
              "quarkus.package.type>uber-jar")  # fmt: skip
_RISK = ("files of the context that the program reads at run time (not those in the jar) are not "
         "there; neither are the tools of a JDK")  # fmt: skip


def _propose(situation: Situation) -> Iterator[Proposal]:
    made = situation.made
    base = reference(made.final.root)
    if not base or base.repository != "library/maven" or len(made.stages) != 1:
        return
    match = _BASE.fullmatch(base.tag)
    given = bench(situation)
    why = given if isinstance(given, str) else _hindrance(given)
    if isinstance(given, str) or why or not match:
        reason = why or "which JRE goes with this base is not known"
        yield Proposal("Maven and a JDK are in what runs: COPY --from the jar alone into a JRE's "
                       f"image (not written: {reason})")  # fmt: skip
        return
    jar = _jar(given)
    copy = f"COPY --from={name_of(given)} {jar} {jar}"
    new = f"eclipse-temurin:{match[1]}-jre{match[2] or ''}"
    yield Proposal(f"the jar alone runs, on {new}: no Maven, no JDK", _RISK,
                   parted(given, new, [copy]))  # fmt: skip


def _hindrance(given: Bench) -> str:
    if given.kept or given.stage.all("HEALTHCHECK"):
        return f"it may need {[*given.kept, 'what HEALTHCHECK runs'][0]} where it runs"
    if any(step.command.name not in ("mvn", "mvnw") for step in given.others):
        return "it runs more than Maven"
    if not any("package" in step.command.args or "install" in step.command.args
               or "verify" in step.command.args for step in given.others):  # fmt: skip
        return "no `mvn package` is seen"
    if not _jar(given):
        return "it starts no `java -jar` of a jar that is built there, in exec form"
    pom = given.situation.made.read("pom.xml") if given.situation.names is not None else None
    if not any(word in (pom or "") for word in _WHOLE_JAR):
        return "whether the jar has all that it needs is not known"
    return ""


def _jar(given: Bench) -> str:
    """Return the path of the jar that is started; empty where more is, or another way."""
    starts = started(given.stage)
    if len(starts) != 1 or starts[0].exec is None:
        return ""
    words = words_of(starts[0])
    if (
        words[:1] != ["java"]
        or "-jar" not in words
        or any(w.startswith("-javaagent") for w in words)
    ):
        return ""
    after = words[words.index("-jar") + 1 :]
    path = posixpath.normpath(posixpath.join(given.workdir, after[0])) if after else ""
    return path if path.startswith(f"{given.workdir}/target/") and path.endswith(".jar") else ""


habit = Habit("maven stages", 10, _propose)
