"""Judge failures by the comments of their own file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from pratique.codecs.check_ids import canonical
from pratique.codecs.suppression import EVERY, Suppression, suppressions
from pratique.ignore.blocks import Block, block_at, document_at, is_head
from pratique.model.inventory import Problem
from pratique.model.misconfiguration import Misconfiguration

_MOST = 1000  # comments of one file that are followed: each needs a look at its lines


class _Followed(Struct, frozen=True):
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
    problems = list(_problems(comments[:_MOST], path, known, today))
    if len(comments) > _MOST:
        problems.append(Problem(f"only the first {_MOST} comments that ignore are followed", path))
    lines = text.split("\n")
    followed = [
        _followed(one, lines, kind)
        for one in comments[:_MOST]
        if not one.problem and not _is_over(one, today)
    ]
    judged = [_judged(failure, followed, path) for failure in failures]
    return Judged(
        tuple(one for one in judged if not one.reason),
        tuple(one for one in judged if one.reason),
        tuple(problems),
    )


def _judged(
    failure: Misconfiguration, followed: Sequence[_Followed], path: str
) -> Misconfiguration:
    ids = {canonical(id) for id in (failure.check, *failure.aliases)}
    for one in followed:
        if _covers(one, failure) and (ids & one.ids or EVERY in one.ids):
            return replace(failure, reason=_reason(one.comment, path))
    return failure


def _covers(one: _Followed, failure: Misconfiguration) -> bool:
    if one.of_file:
        return True
    if not failure.start:
        return one.at_head
    if one.block.start <= failure.start <= one.block.end:
        return True
    return EVERY not in one.ids and failure.start <= one.comment.line <= failure.end


def _followed(comment: Suppression, lines: Sequence[str], kind: str) -> _Followed:
    at_head = is_head(lines, comment.line)
    of_file = comment.dialect == "hadolint global" or (at_head and comment.dialect == "pratique")
    if of_file:
        block = Block(1, len(lines))
    elif comment.annotation:
        block = document_at(lines, comment.line)
    else:
        block = block_at(lines, comment.line, kind)
    return _Followed(comment, block, frozenset(map(canonical, comment.ids)), of_file, at_head)


def _problems(
    comments: Iterable[Suppression], path: str, known: Callable[[], frozenset[str]], today: str
) -> Iterator[Problem]:
    ids = cache(known)
    for one in comments:
        where = f"{path}:{one.line}"
        words = f"`{one.dialect} ignore` of {', '.join(one.ids) or 'nothing'}"
        if one.problem:
            yield Problem(f"{words} is not followed: {one.problem}", where)
        elif _is_over(one, today):
            yield Problem(f"{words} is over since {one.until}", where)
        elif not one.dialect.startswith("hadolint"):
            for id in one.ids:
                if _is_of_a_check(id) and canonical(id) not in ids():
                    yield Problem(f"{words}: no check is called {id}", where)


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
