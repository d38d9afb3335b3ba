"""Pull requests of a plan: which there are, their branches, and what became of them."""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import closing

from pratique.cli import fixed, fixed_markdown
from pratique.cli.parser import Asked
from pratique.delivery.deliver import deliver, is_of_another, kind_of, token_of, withdraw
from pratique.delivery.model import Kind, Wanted, mark_of
from pratique.delivery.repository import Repository
from pratique.errors import UsageError
from pratique.model.advisory import SEVERITIES
from pratique.model.finding import Finding
from pratique.outcome import Key, Outcome, Step

_SHORT = 7


def groups(outcome: Outcome, by: str) -> dict[str, frozenset[Key]]:
    """Return what goes into one request each, by a label: by package, severity or path.

    What is changed for the sake of others alone comes with them.
    """
    found: dict[str, set[Key]] = {}
    for step in (one for one in outcome.steps if one.removes):
        keys = {(step.bump.path, name) for name in (step.bump.name, *step.bump.brings)}
        found.setdefault(_label(step, by), set()).update(keys)
    return {label: frozenset(keys) for label, keys in found.items()}


def _label(step: Step, by: str) -> str:
    severities = {f.severity for f in step.removes}
    worst = next((name for name in reversed(SEVERITIES) if name in severities), "UNKNOWN")
    return {"package": step.bump.name, "severity": worst.lower(), "path": step.bump.path}[by]


def branches(labels: Sequence[str], prefix: str) -> dict[str, str]:
    """Return the branch of each label, all different: that of all is the prefix alone."""
    plain = {label: _plain(label) for label in labels}
    count = Counter(name.casefold() for name in plain.values())
    found = {}
    for label, name in plain.items():
        more = hashlib.sha256(label.encode()).hexdigest()[:_SHORT]
        own = f"{name}-{more}" if count[name.casefold()] > 1 else name
        found[label] = f"{prefix}-{own}" if own else prefix
    return found


def _plain(label: str) -> str:
    """Return a label as a name that git takes; none may end in .lock (git-check-ref-format)."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", label)
    return re.sub(r"\.{2,}", ".", name).replace(".lock", "-lock").strip("-.")


def request(outcome: Outcome, branch: str, asked: Asked, tested: str, family: str = "") -> Wanted:
    """Return the request of an outcome; `tested` is the user's test that it passed, if any."""
    plan = hashlib.sha256()
    for one in outcome.altered:
        plan.update(f"{one.path}\0{len(one.after)}\0".encode() + one.after)
    words, digest = asked.words, plan.hexdigest()[:16]
    text = fixed_markdown.body(outcome, proof(asked), tested)
    return Wanted(
        branch, fixed_markdown.title(outcome), f"{text}\n{mark_of(digest, family)}\n",
        fixed.as_message(outcome), outcome.altered, digest, tuple(words["label"]),
        words["draft"], family,
    )  # fmt: skip


def proof(asked: Asked) -> str:
    """Return what the figures of a plan come from."""
    if asked.words["kind"] == "fs":
        return fixed_markdown.SCANNED
    return fixed_markdown.BUILT if asked.words["builder"] else fixed_markdown.RECKONED


class Requests:
    """The requests of one run, upon one repository and forge."""

    def __init__(self, root: str, asked: Asked) -> None:
        """Raise UsageError where the repository is none, or has no such remote."""
        self._asked = asked
        self._repository = Repository(root, asked.words["remote"])
        folder, kind = self._repository.folder, asked.words["kind"]
        what = "fix" if kind == "fs" else _image(asked.settings.dockerfile, root)
        self._prefix = asked.words["branch"] or "/".join(filter(None, ("pratique", folder, what)))
        self._family = f"{self._prefix}:{folder}:{kind}:{what}"

    def wanted(self, parts: Mapping[str, Outcome], good: Container[str]) -> list[Wanted]:
        """Return what the good parts of a plan become."""
        named = branches(list(parts), self._prefix)
        test = self._asked.words["test"] or ""
        return [request(part, named[label], self._asked, test, self._family)
                for label, part in parts.items() if label in good]  # fmt: skip

    def deliver(self, wanted: Sequence[Wanted], whole: Outcome, held: Sequence[str]) -> str:
        """Open or update requests, and close what is outdated; without a token return how to.

        `held` are labels of parts that are not wanted now, but whose requests stay.
        """
        kind = kind_of(self._asked.words["pr"])
        token = token_of(kind)
        if token:
            return "".join(
                f"{line}\n" for line in self._delivered(kind, token, wanted, whole, held)
            )
        return "".join(f"{line}\n" for line in self._by_hand(kind, wanted))

    def _delivered(
        self, kind: Kind, token: str, wanted: Sequence[Wanted], whole: Outcome, held: Sequence[str]
    ) -> Iterator[str]:
        place, chosen = self._repository.place, self._asked.settings
        if is_of_another(kind, place[0]):
            raise UsageError(f"--pr {kind.name}: the remote is on {place[0]}")
        base = self._base()
        if not base and wanted:
            raise UsageError("the branch that requests go to is not known: --pr-base BRANCH")
        with closing(kind.connect(place, token, chosen.insecure, chosen.cacert)) as forge:
            auth = self._repository.authorized(
                forge.credentials(), insecure=chosen.insecure, cacert=chosen.cacert
            )
            for one in wanted:
                yield deliver(self._repository, forge, one, base, auth)
            kept = {one.branch for one in wanted} | self._kept(whole, held)
            yield from withdraw(self._repository, forge, self._family, kept, auth)

    def _kept(self, whole: Outcome, held: Sequence[str]) -> set[str]:
        """Return branches whose requests stay though they are not wanted now.

        What has a fix and was not planned for may only have failed today: an index that was not
        there is no reason to close anything.
        """
        by = self._asked.words["group"]
        fixable = [f for f in whole.compared.after.findings if f.fixed]
        labels = [*held, *("" if by == "all" else _left(finding, by) for finding in fixable)]
        return set(branches(list(dict.fromkeys(labels)), self._prefix).values())

    def _base(self) -> str:
        return self._asked.words["pr_base"] or self._repository.branch

    def _by_hand(self, kind: Kind, wanted: Sequence[Wanted]) -> Iterator[str]:
        """Yield the words of requests, and commands that push commits which are made here."""
        for one in wanted:
            yield f"# {one.title}\n\n{one.body}"
        names = " or ".join(kind.tokens)
        if not wanted:
            yield f"no token is given ({names}): requests of earlier plans were not looked at"
            return
        yield f"nothing was pushed, for no token is given ({names}). By hand:\n"
        remote, base = self._repository.remote, self._base()
        for one in wanted:
            commit = self._repository.commit(one)[:12]
            options = ""
            if kind.name == "gitlab":  # https://docs.gitlab.com/topics/git/commit/#push-options
                options = "-o merge_request.create "
                options += f"-o merge_request.target={base} " if base else ""
            yield f"  git push {options}{remote} {commit}:refs/heads/{one.branch}"


def _image(dockerfile: str, context: str) -> str:
    """Return what an image's branch is called: a context may have several Dockerfiles."""
    path = os.path.relpath(dockerfile, context) if dockerfile else "Dockerfile"
    return "image" if path == "Dockerfile" else f"image-{_plain(path)}"


def _left(finding: Finding, by: str) -> str:
    return {"package": finding.package.name, "severity": finding.severity.lower(),
            "path": finding.package.path}[by]  # fmt: skip
