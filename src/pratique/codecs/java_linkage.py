"""Whether classes still find what they use of others, once some archives are other versions.

As the Java virtual machine resolves it (The JVM Specification, 5.4.3): a member is looked for in
the class that is named, then in those above it. What leads out of the archives at hand is taken
to be there as it was.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from pratique.codecs.classfile import ClassFile, Member

Classes = Mapping[str, ClassFile]
"""Classes by their names."""

_OBJECT = "java/lang/Object"
_OF_OBJECT = frozenset(("<init>", "clone", "equals", "finalize", "getClass", "hashCode", "notify",
                        "notifyAll", "toString", "wait"))  # fmt: skip
_MOST_ABOVE = 200


def broken(user: ClassFile, own: Container[str], before: Classes, after: Classes) -> Iterator[str]:
    """Yield what a class uses that was there before, and is not after, as a person would name it.

    What is in its `own` archive does not count. A class of a new archive finds nothing of before:
    for such a one the archives after are to be given twice.
    """
    is_new = before is after
    for name in sorted(user.classes):
        if name not in own and name in before and name not in after:
            yield f"{shown(user.name)} uses {shown(name)}"
    for owner, name, kind in sorted(user.uses):
        if owner in own or owner not in before or owner not in after:
            continue
        member = (name, kind)
        if _has(after, owner, member) is False and (
            is_new or _has(before, owner, member) is not False
        ):
            call = "()" if kind.startswith("(") else ""
            yield f"{shown(user.name)} uses {shown(owner)}.{name}{call}"


def _has(classes: Classes, owner: str, member: Member) -> bool | None:
    """Tell whether a class or one above it has a member; None where that leads out of these."""
    pending, seen, leads_out = [owner], set[str](), False
    while pending and len(seen) < _MOST_ABOVE:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        if name == _OBJECT:
            if member[0] in _OF_OBJECT:
                return True
            continue
        one = classes.get(name)
        if one is None:
            leads_out = True
            continue
        if member in one.members:
            return True
        if member[0] != "<init>":  # which is not inherited
            pending += one.above
    return None if leads_out else False


def shown(name: str) -> str:
    """Return a class as people write it."""
    return name.replace("/", ".")
