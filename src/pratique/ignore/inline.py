"""Judge failures by the comments of their own file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from pratique.codecs.check_ids import canonical
from pratique.codecs.suppression import EVERY, Suppression, suppressions
from pratique.ignore.blocks import Block, Blocks
from pratique.model.inventory import Problem
from pratique.model.misconfiguration import Misconfiguration

_MOST = 1000  # comments of one file that are followed: each needs a look at its lines


class _Placed(Struct, frozen=True):
    comment: Suppression
    block: Block
    ids: frozenset[str]
    of_file: bool
    """It is about all of the file."""
    at_head: bool
    """Nothing but comments is above it: it is about what is absent too."""


class Judged(Struct, frozen=True):
    """What of a file's failures counts, what does not, and the comments that cannot be followed."""

    failures: tuple[Misconfiguration, ...]
    suppressed: tuple[Misconfiguration, ...] = ()
    problems: tuple[Problem, ...] = ()


def judge(
    failures: Sequence[Misconfiguration],
    text: str,
    kind: str,
    path: str,
    known: Callable[[], frozenset[str]],
    today: str,
) -> Judged:
    """Return the failures of one file, those that a comment of its names with the reason given.

    A comment is about the line that it is on, or what follows it: an instruction, an object, an
    entry with all below it; at the head of a file about the whole file, so that what is absent can
    be excused too. Trivy's and hadolint's are not for the whole file there, but for what is absent
    from it. `known` gives the canonical ids of all checks, for those that nothing is known by.
    """
    comments = suppressions(text)
    if not comments:
        return Judged(tuple(failures))
    blocks = Blocks(text.split("\n"), kind)
    placed = [_placed(one, blocks) for one in comments[:_MOST]]
    problems = [
        Problem(what, f"{path}:{one.comment.line}")
        for one in placed
        for what in _problems(one, failures, known, today)
    ]
    if len(comments) > _MOST:
        problems.append(Problem(f"only the first {_MOST} comments that ignore are followed", path))
    followed = [
        one for one in placed if not one.comment.problem and not _is_over(one.comment, today)
    ]
    judged = [_judged(failure, followed, path) for failure in failures]
    return Judged(
        tuple(one for one in judged if not one.reason),
        tuple(one for one in judged if one.reason),
        tuple(problems),
    )


def _judged(failure: Misconfiguration, followed: Sequence[_Placed], path: str) -> Misconfiguration:
    ids = {canonical(id) for id in (failure.check, *failure.aliases)}
    for one in followed:
        if _covers(one, failure) and (ids & one.ids or EVERY in one.ids):
            return replace(failure, reason=_reason(one.comment, path))
    return failure


def _covers(one: _Placed, failure: Misconfiguration) -> bool:
    if one.of_file:
        return True
    if not failure.start:
        return one.at_head
    if one.block.start <= failure.start <= one.block.end:
        return True
    return EVERY not in one.ids and failure.start <= one.comment.line <= failure.end


def _placed(comment: Suppression, blocks: Blocks) -> _Placed:
    at_head = blocks.is_head(comment.line)
    of_file = comment.dialect == "hadolint global" or (at_head and comment.dialect == "pratique")
    if of_file:
        block = blocks.whole()
    elif comment.annotation:
        block = blocks.document(comment.line)
    else:
        block = blocks.at(comment.line)
    return _Placed(comment, block, frozenset(map(canonical, comment.ids)), of_file, at_head)


def _problems(
    placed: _Placed,
    failures: Sequence[Misconfiguration],
    known: Callable[[], frozenset[str]],
    today: str,
) -> Iterator[str]:
    """Yield why a comment cannot be followed.

    One without ids may be about secrets; it is told of where it looks like one about checks.
    """
    one = placed.comment
    words = f"`{one.dialect} ignore` of {', '.join(one.ids) or 'nothing'}"
    if one.problem:
        if one.ids or any(_covers(placed, failure) for failure in failures):
            yield f"{words} is not followed: {one.problem}"
    elif _is_over(one, today):
        yield f"{words} is over since {one.until}"
    elif not one.dialect.startswith("hadolint"):
        for id in one.ids:
            if _is_of_a_check(id) and canonical(id) not in known():
                yield f"{words}: no check is called {id}"


def _is_of_a_check(id: str) -> bool:
    """Tell ids of checks by their capitals and digits: rules of secrets are `github-pat`."""
    plain = canonical(id)
    return plain.startswith(("DS-", "KSV-", "KCV-")) or (id.upper() == id and any(
        character.isdigit() for character in id
    ))  # fmt: skip


def _is_over(one: Suppression, today: str) -> bool:
    return bool(one.until) and today >= one.until


def _reason(comment: Suppression, path: str) -> str:
    why = f": {comment.reason}" if comment.reason else f" by {path}:{comment.line}"
    return f"ignored{why}" + (f" (until {comment.until})" if comment.until else "")
