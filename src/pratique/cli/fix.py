"""`fix`: try changes in a copy, print the plan with its proof, and make them where asked to."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from difflib import unified_diff

from msgspec.structs import replace

from pratique.cli import branch, fixed
from pratique.cli.ignoring import rules_of
from pratique.cli.parser import Asked
from pratique.cli.progress import watch
from pratique.cli.scan import look
from pratique.cli.time_limit import time_limit
from pratique.cli.writing import write_file
from pratique.codecs.plaintext import printable
from pratique.errors import LyingError, PratiqueError, UsageError
from pratique.model.event import Observe
from pratique.model.finding import Finding
from pratique.model.ignore_rule import Rule
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.outcome import Key, Outcome
from pratique.remedying import Remedying
from pratique.scanning import scan_directory
from pratique.workspace import Altered, Workspace, replace_files, restore

_TEST_FAILED, _MISSING = 1, 5


def run(asked: Asked) -> int:
    """Plan, show, make; the status is --exit-code where fixable findings stay."""
    is_image = asked.words["kind"] == "image"
    if not asked.target and not (is_image and asked.settings.input):
        raise UsageError("name a directory or an image")
    chosen = replace(asked.settings, scanners=("vuln",))
    rules = rules_of(asked)
    # package managers take what they take: nothing ends them early but the user's own word
    seconds = chosen.timeout if asked.words.get("timeout") else 0
    with time_limit(seconds), watch(chosen) as observe:
        if is_image and asked.words["candidates"]:
            return _candidates(asked, chosen, observe, rules)
        if is_image:
            outcome, root = _of_image(asked, chosen, observe, rules)
        else:
            outcome, root = _of_project(asked.target, asked, chosen, observe, rules), asked.target
            if asked.words["images"]:
                from pratique.cli.fix_images import Images  # noqa: PLC0415 - where it is asked for

                pin = asked.words["pin"]
                outcome = Images(root, chosen, observe, rules, pin=pin).outcome(outcome)
            if asked.words["habits"]:
                from pratique.cli.fix_habits import with_habits  # noqa: PLC0415 - likewise

                outcome = with_habits(outcome, root, chosen, rules)
        parts = {"": outcome}
        if asked.words["group"] != "all":

            def tried(keys: frozenset[Key]) -> Outcome:
                return _of_project(root, asked, chosen, observe, rules, keys)

            parts = _parts(_groups(outcome, asked), tried)
    status = _shown(outcome, asked)
    made = _made(outcome, parts, asked, root)
    words = asked.words
    is_written = words["write"] and not words["pr"] and not is_image
    if made == _TEST_FAILED and words["test"]:
        _narrowed(outcome, root, asked, rules)
    if made == 0 and is_written and words["verify"] and outcome.altered:
        made = _verified(outcome, root, chosen, rules)
    return made or status


def _verified(outcome: Outcome, root: str, chosen: Settings, rules: Sequence[Rule]) -> int:
    """Scan what was written; put all back where it has flaws that the plan does not."""
    again = replace(chosen, skip_db_update=True)
    with watch(again) as observe:
        found = scan_directory(root, again, observe, rules, locked=True)
    planned = {_flaw(f) for f in outcome.compared.after.findings}
    more = [f for f in found.findings if _flaw(f) not in planned]
    if more:
        restore(root, outcome.altered)
        first = f"{more[0].id} of {more[0].package.name} {more[0].package.version}"
        print(f"pratique: what was written has {first} and {len(more) - 1} more that the plan does "
              "not: all was put back", file=sys.stderr)  # fmt: skip
        return _TEST_FAILED
    if not chosen.quiet:
        print(f"written, and scanned again: {len(found.findings)} findings, as planned",
              file=sys.stderr)  # fmt: skip
    return 0


def _narrowed(outcome: Outcome, root: str, asked: Asked, rules: Sequence[Rule]) -> None:
    """Tell which change the user's test fails with; of a project's packages alone."""
    words = asked.words
    if outcome.mended:
        print("pratique: better habits are part of it: try it without --habits", file=sys.stderr)
        return
    if words["kind"] == "image" or words["pr"] or words["images"]:
        return
    from pratique.cli.narrowed import blamed  # noqa: PLC0415 - where a test fails

    again = replace(asked.settings, scanners=("vuln",), skip_db_update=True, quiet=True)

    def attempt(without: frozenset[str]) -> Outcome | None:
        with watch(again) as observe:
            rest = _of_project(root, asked, again, observe, rules, without=without)
        return rest if _passes(rest.altered, root, words["test"]) else None

    print("pratique: looking for the change that it fails with …", file=sys.stderr)
    print(f"pratique: {printable(blamed(outcome.steps, attempt))}", file=sys.stderr)


def _passes(altered: Sequence[Altered], root: str, test: str) -> bool:
    """Tell whether a test passes with changes, which are put back."""
    replace_files(root, altered)
    nowhere = subprocess.DEVNULL
    try:
        done = subprocess.run(  # noqa: S602 - the user's own
            test, shell=True, cwd=root, check=False, stdout=nowhere, stderr=nowhere
        )
    finally:
        restore(root, altered)
    return done.returncode == 0


def _flaw(finding: Finding) -> tuple[str, str, str]:
    return finding.id, finding.package.path, finding.package.name


def _parts(
    groups: Mapping[str, frozenset[Key]], tried: Callable[[frozenset[Key]], Outcome]
) -> dict[str, Outcome]:
    """Return each group tried by itself; those that cannot be are tried together, and told of."""
    parts = {label: _alone(tried(keys), keys, groups) for label, keys in groups.items()}
    alone = [label for label, part in parts.items() if not part.altered]
    if len(alone) > 1:
        joined = frozenset().union(*(groups[label] for label in alone))
        both = _alone(tried(joined), joined, groups)
        if both.altered:
            return {label: part for label, part in parts.items() if label not in alone} | {
                "-and-".join(sorted(alone)): both
            }
    for label in alone:
        print(f"pratique: {printable(label)}: cannot be changed by itself; --group all takes it "
              "along", file=sys.stderr)  # fmt: skip
    return parts


def _alone(part: Outcome, keys: frozenset[Key], groups: Mapping[str, frozenset[Key]]) -> Outcome:
    """Say of packages of other groups that they are another change."""
    others = frozenset().union(*groups.values()) - keys
    return replace(part, refused=dict.fromkeys(others, "another change is for it") | part.refused)


def _groups(outcome: Outcome, asked: Asked) -> dict[str, frozenset[Key]]:
    from pratique.cli.requested import groups  # noqa: PLC0415 - few have groups

    words = asked.words
    if words["kind"] == "image" or not (words["pr"] or words["branch"]):
        raise UsageError("--group is for the branches of a project: fix fs, with --pr or --branch")
    return groups(outcome, words["group"])


def _of_image(
    asked: Asked, chosen: Settings, observe: Observe, rules: Sequence[Rule]
) -> tuple[Outcome, str]:
    from pratique.cli.fix_image import Image  # noqa: PLC0415 - a project has none

    image = Image(asked, chosen, observe, rules)
    if not image.dockerfile:
        return image.outcome(None), image.context
    project = _of_project(image.context, asked, replace(chosen, input=""), observe, rules)
    return image.outcome(project), image.context


def _candidates(asked: Asked, chosen: Settings, observe: Observe, rules: Sequence[Rule]) -> int:
    from pratique.cli.fix_image import Image  # noqa: PLC0415 - a project has none

    shown = look(asked.settings)
    write_file(Image(asked, chosen, observe, rules).candidates(shown), asked.settings.file)
    return 0


def _of_project(
    root: str, asked: Asked, chosen: Settings, observe: Observe, rules: Sequence[Rule],
    only: frozenset[Key] | None = None, without: frozenset[str] = frozenset(),
) -> Outcome:  # fmt: skip
    before = scan_directory(root, chosen, observe, rules, locked=True)
    again = replace(chosen, skip_db_update=True)

    def rescan(path: str) -> Report:
        found = scan_directory(path, again, observe, rules, locked=True)
        return replace(found, name=before.name)

    with Workspace(root, chosen, may_build=asked.words["allow_builds"]) as work:
        out = without.union(asked.words["without"])
        return Remedying(work, before, rescan, asked.words["up_to"], only, out).outcome()


def _shown(outcome: Outcome, asked: Asked) -> int:
    words, chosen = asked.words, asked.settings
    patch = "".join(line for one in outcome.altered for line in _diff(one))
    if words["patch"]:
        write_file(patch, words["patch"])
    if words["markdown"]:
        from pratique.cli import fixed_markdown, requested  # noqa: PLC0415 - for comments

        text = fixed_markdown.body(outcome, requested.proof(asked))
        write_file(f"### {fixed_markdown.title(outcome)}\n\n{text}", words["markdown"])
    if words["diff"]:
        write_file(patch, chosen.file)
    elif words["json"]:
        write_file(fixed.as_json(outcome), chosen.file)
    else:
        write_file(fixed.as_table(outcome, look(chosen), ids=words["ids"]), chosen.file)
    return _status(outcome, chosen)


def _status(outcome: Outcome, chosen: Settings) -> int:
    after = outcome.compared.after
    if outcome.lies:
        return LyingError.exit_status
    if chosen.exit_code and any(finding.fixed for finding in after.findings):
        return chosen.exit_code
    return _MISSING if after.missing else 0


def _made(whole: Outcome, parts: Mapping[str, Outcome], asked: Asked, root: str) -> int:
    """Make the changes; put them back where the user's test fails."""
    words = asked.words
    if words["pr"]:
        return _requested(whole, parts, asked, root)
    parts = {label: part for label, part in parts.items() if part.altered}
    if words["branch"] and words["group"] != "all":
        return _branched(parts, asked, root)
    if not (words["write"] or words["branch"]) or not parts:
        return 0
    [outcome] = parts.values()
    if words["branch"]:
        with branch.opened(root, words["branch"], outcome.altered) as commit:
            status = _written(outcome.altered, root, words["test"])
            if status == 0:
                commit(fixed.as_message(outcome))
        return status
    return _written(outcome.altered, root, words["test"])


def _requested(whole: Outcome, parts: Mapping[str, Outcome], asked: Asked, root: str) -> int:
    """Deliver each part that passes the user's test as a request."""
    from pratique.cli.requested import Requests  # noqa: PLC0415 - git and forges are for few

    requests = Requests(root, asked)
    changed = {label: part for label, part in parts.items() if part.altered}
    good = _tested(changed, asked, root)
    held = [label for label in parts if label not in good and (label or changed)]
    print(requests.deliver(requests.wanted(parts, good), whole, held), end="", file=sys.stderr)
    return 0 if len(good) == len(changed) else _TEST_FAILED


def _branched(parts: Mapping[str, Outcome], asked: Asked, root: str) -> int:
    """Make a branch for each part that passes the test; what is checked out stays."""
    from pratique.cli import requested  # noqa: PLC0415 - git is for few
    from pratique.delivery.repository import Repository  # noqa: PLC0415

    repository = Repository(root)
    good = _tested(parts, asked, root)
    named = requested.branches(list(parts), asked.words["branch"])
    for label, part in good.items():
        name = named[label]
        repository.name(repository.commit(requested.request(part, name, asked, "")), name)
        print(f"branch {name}", file=sys.stderr)
    return 0 if len(good) == len(parts) else _TEST_FAILED


def _tested(parts: Mapping[str, Outcome], asked: Asked, root: str) -> dict[str, Outcome]:
    """Return the parts that pass the user's test, for which each is made and put back."""
    test = asked.words["test"]
    hidden: tuple[str, ...] = ()
    if asked.words["pr"]:
        from pratique.delivery.deliver import kind_of  # noqa: PLC0415 - forges are for few

        hidden = kind_of(asked.words["pr"]).tokens
    good = {}
    for label, part in parts.items():
        if not test or _written(part.altered, root, test, hidden) == 0:
            good[label] = part
        if test and label in good:
            restore(root, part.altered)
    return good


def _written(
    altered: Sequence[Altered], root: str, test: str | None, hidden: Container[str] = ()
) -> int:
    """Write, and try the user's test, which may run what is new: it sees no hidden variable."""
    replace_files(root, altered)
    if not test:
        return 0
    seen = {name: value for name, value in os.environ.items() if name not in hidden}
    try:
        done = subprocess.run(test, shell=True, cwd=root, check=False, stdout=sys.stderr, env=seen)  # noqa: S602 - the user's own
    except BaseException:
        restore(root, altered)
        raise
    if done.returncode:
        restore(root, altered)
        print(f"pratique: the test failed (status {done.returncode}): all was put back",
              file=sys.stderr)  # fmt: skip
        return _TEST_FAILED
    return 0


def _diff(one: Altered) -> Iterator[str]:
    """Yield the lines of a unified diff that patch and git take."""
    try:
        before, after = (one.before or b"").decode(), one.after.decode()
    except UnicodeDecodeError as error:
        raise PratiqueError(f"{one.path}: is not UTF-8: no patch can be written") from error
    name = one.path.replace(os.sep, "/")
    old = "/dev/null" if one.before is None else f"a/{name}"
    for line in unified_diff(_lines(before), _lines(after), old, f"b/{name}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """Part at line feeds alone: a carriage return belongs to its line."""
    *whole, last = text.split("\n")
    return [line + "\n" for line in whole] + ([last] if last else [])
