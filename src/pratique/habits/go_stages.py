"""Go: the program alone, on an image that has certificates and time zones and nothing that runs."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.accounts import low_port
from pratique.codecs.dockerfile.build import pairs
from pratique.codecs.dockerfile.images import reference
from pratique.codecs.dockerfile.run import Step
from pratique.codecs.dockerfile.situation import Situation, started
from pratique.codecs.dockerfile.splitting import Bench, bench, name_of, parted
from pratique.model.habit import Habit, Proposal

_BASE = "gcr.io/distroless/static-debian12:nonroot"
_SOURCE = re.compile(
    r".*\.(?:go|mod|sum|work|md)|(?:docker-)?compose.*\.ya?ml|\.golangci\.ya?ml"
    r"|(?:.*/)?(?:LICENSE|NOTICE|CHANGELOG|AUTHORS|Makefile|OWNERS)[^/]*"
    r"|(?:.*/)?(?:Dockerfile|\.dockerignore|\.gitignore|\.editorconfig|\.gitattributes)[^/]*"
    r"|(?:.*/)?(?:vendor|testdata|\.git|\.github|docs)/.*"
)
_READS = re.compile(
    r"os\.(?:Open|ReadFile|ReadDir|DirFS)|ioutil\.ReadFile|template\.Parse(?:Files|Glob)"
    r"|http\.(?:Dir|ServeFile|FileServer)|exec\.Command|import \"C\"|\"os/exec\"|\"plugin\""
    r"|(?:os|ioutil)\.(?:Create\b|WriteFile|Mkdir\b|MkdirAll|Rename|StartProcess)"
    r"|(?:bolt|bbolt|badger|sqlite|leveldb|pebble)\.Open|\"[\w./-]*sqlite[\w./-]*\""
)
_RISK = ("there is no shell in the image that runs, and it runs as nonroot (65532): look after "
         "mounts that it writes to")  # fmt: skip
_MOST = 4000


def _propose(situation: Situation) -> Iterator[Proposal]:
    made = situation.made
    base = reference(made.final.root)
    builds = [step for step in made.final.steps if step.call and step.call.tool == "go"
              and step.call.action == "build"]  # fmt: skip
    if not base or base.repository != "library/golang" or len(made.stages) != 1 or not builds:
        return
    given = bench(situation)
    why = given if isinstance(given, str) else _hindrance(given, builds)
    if why or isinstance(given, str):
        yield Proposal("the Go compiler is in what runs: COPY --from the program alone into "
                       f"{_BASE} (not written: {why})")  # fmt: skip
        return
    program = _program(given, builds[0])
    copy = f"COPY --from={name_of(given)} {program} {program}"
    yield Proposal(f"the program alone runs, on {_BASE.partition(':')[0]}: no compiler, no shell",
                   _RISK, parted(given, _BASE, [copy]))  # fmt: skip


def _hindrance(given: Bench, builds: list[Step]) -> str:
    if len(builds) != 1:
        return "it builds several programs"
    if given.kept:
        return f"it may need {given.kept[0]} where it runs"
    if not _is_static(given, builds[0]):
        return "CGO_ENABLED=0 is not set: the program may need libraries"
    if any(step.call is None or step.call.tool != "go" for step in given.others):
        return "it runs more than go"
    if port := low_port(given.stage):
        return f"port {port} is root's in many places, and it would run as nonroot"
    return _started(given, builds[0]) or _data(given.situation)


def _started(given: Bench, build: Step) -> str:
    """Return why what is built is not all that runs."""
    program = _program(given, build)
    starts = given.programs
    paths = [
        posixpath.normpath(posixpath.join(given.workdir, words[0])) for words in starts if words
    ]
    if paths[:1] != [program] or any(one.exec is None for one in started(given.stage)):
        return "what it starts is not, in exec form, what `go build -o` makes"
    if given.stage.all("HEALTHCHECK") or given.stage.all("VOLUME"):
        return "HEALTHCHECK and VOLUME need a look"
    return ""


def _is_static(given: Bench, build: Step) -> bool:
    env = {name: value for one in given.stage.all("ENV") for name, value in pairs(one)}
    inline = [word.text for word in build.command.assignments]
    return "CGO_ENABLED=0" in inline or env.get("CGO_ENABLED") == "0"


def _program(given: Bench, build: Step) -> str:
    output = build.call.value("-o") if build.call else ""
    return posixpath.normpath(posixpath.join(given.workdir, output)) if output else ""


def _data(situation: Situation) -> str:
    """Return what the program may read where it runs, that is not built into it."""
    if situation.names is None or len(situation.names) > _MOST:
        return "its context is not known"
    ignore = situation.made.ignore
    for name in situation.names:
        if ignore and ignore.excludes(name):
            continue
        if not _SOURCE.fullmatch(name):
            return f"the program may read {name}"
        is_source = name.endswith(".go") and not name.endswith("_test.go")
        if is_source and not name.startswith("vendor/"):
            match = _READS.search(situation.made.read(name) or "")
            if match:
                return f"{name} has {match[0]}"
    return ""


habit = Habit("go stages", 10, _propose)
