"""Who runs it: a user of the base image, of the Dockerfile, or a new one; never root."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.accounts import (
    hindrance,
    maker_of,
    new_name,
    own_user,
    user_of_base,
    writes_to,
)
from pratique.codecs.dockerfile.build import Stage
from pratique.codecs.dockerfile.situation import Situation, started, written
from pratique.model.check import Edit
from pratique.model.habit import Habit, Proposal

_ROOT = ("root", "0")
_DROPS = re.compile(r"\b(?:gosu|su-exec|setpriv|runuser|s6-setuidgid|chpst)\b")
_RISK = "what it writes must be where this user may write; files of mode 0600 are not read"


def _propose(situation: Situation) -> Iterator[Proposal]:
    final = situation.made.final
    if any(_DROPS.search(one.text) for one in started(final)):
        return
    if final.last("USER"):
        if (final.user or "").split(":")[0] in _ROOT:
            yield Proposal("the last USER is root: take it back before CMD, if nothing needs it")
        return
    if final.user is not None and final.user.split(":")[0] not in _ROOT:
        return
    if not started(final) and final.root == "scratch":
        return
    why = hindrance(situation)
    if why:
        yield Proposal(f"it runs as root: make a user for it, and name it by USER ({why})")
    else:
        yield from _named(situation, final)


def _named(situation: Situation, final: Stage) -> Iterator[Proposal]:
    """Propose the user that is there already, else one that the distribution's own tool makes."""
    there = own_user(final) or user_of_base(final)
    name = new_name(final)
    maker = "" if there else maker_of(situation, name)
    user, group = (there, "") if there else ("10001", name)
    if not there and not maker:
        yield Proposal("it runs as root, and how its base makes users is not known: name one by "
                       "USER")  # fmt: skip
        return
    folders = writes_to(situation)
    lines = [maker] if maker else []
    if folders:
        places, owner = " ".join(folders), f"{user}:{group}" if group else user
        lines += [f"mkdir -p {places}", f"chown -R {owner} {places}"]
    run = [f"RUN {' && '.join(lines)}"] if lines else []
    what = f"{there or f'{name} (10001)'} runs it, not root"
    what += f"; {', '.join(folders)} {'is' if len(folders) == 1 else 'are'} its own" * bool(folders)
    yield Proposal(what, _RISK, tuple(_edits(situation, final, run, f"USER {user}")))


def _edits(situation: Situation, final: Stage, run: list[str], user: str) -> Iterator[Edit]:
    """Put the user before what starts, and what makes it before a VOLUME, which forgets changes."""
    made = situation.made
    line = _before(final, ("CMD", "ENTRYPOINT"), made.parsed.lines)
    volumes = final.all("VOLUME")
    early = _above(volumes[0].start, made.parsed.lines) if volumes else line
    if run and early < line:
        yield Edit(early, early - 1, written(made, *run))
        run = []
    yield Edit(line, line - 1, written(made, *run, user))


def _before(final: Stage, names: tuple[str, ...], lines: tuple[str, ...]) -> int:
    """Return the line before the first of some instructions that comes after every RUN."""
    last = max((one.end for one in final.all("RUN")), default=final.opening.end)
    after = [one.start for one in final.all(*names) if one.start > last]
    end = max((one.end for one in final.instructions), default=final.opening.end)
    return _above(min(after), lines) if after else (end if not final.all("RUN") else last) + 1


def _above(line: int, lines: tuple[str, ...]) -> int:
    """Return the line of the comment that stands right above, or the line itself."""
    while line > 2 and lines[line - 2].lstrip().startswith("#"):
        line -= 1
    return line


habit = Habit("user", 30, _propose)
