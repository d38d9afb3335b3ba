"""Tell where symbolic links lead, by their text alone: no file system is asked."""

from __future__ import annotations

from collections.abc import Callable

_MOST_HOPS = 40  # as Linux's own limit
_MOST_PARTS = 4096


def resolve(path: str, link: Callable[[str], str | None]) -> str | None:
    """Return where a path leads to inside a root; None for a loop.

    `link` gives the target of a path that is a symbolic link, and None for any other. As in a
    chroot, an absolute target starts at the root, and nothing leads above it.
    """
    parts = list(reversed(path.split("/")))
    found: list[str] = []
    hops = 0
    while parts:
        part = parts.pop()
        if part == "..":
            del found[-1:]
        elif part not in ("", "."):
            found.append(part)
            target = link("/".join(found))
            if target is not None:
                hops += 1
                parts += reversed(target.split("/"))
                if hops > _MOST_HOPS or len(parts) > _MOST_PARTS:
                    return None
                found = [] if target.startswith("/") else found[:-1]
    return "/".join(found)
