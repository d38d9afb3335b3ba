"""What rpm's database has in its indexes of a header (lib/backend of rpm 4.16 to 4.20)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.patch.rpmheader import RpmHeader

INDEXES = {
    "Name": 1000, "Basenames": 1117, "Group": 1016, "Requirename": 1049, "Providename": 1047,
    "Conflictname": 1054, "Obsoletename": 1090, "Triggername": 1066, "Dirnames": 1118,
    "Installtid": 1128, "Sigmd5": 261, "Sha1header": 269, "Filetriggername": 5069,
    "Transfiletriggername": 5079, "Recommendname": 5046, "Suggestname": 5049,
    "Supplementname": 5052, "Enhancename": 5055,
}  # fmt: skip
_ONCE = ("Triggername", "Filetriggername", "Transfiletriggername")
_REQUIRE_FLAGS = 1048
# needed while a package is installed alone: pretrans, posttrans, pre, post, rpmlib, keyring
_INSTALLING = 1 << 5 | 1 << 7 | 1 << 9 | 1 << 10 | 1 << 24 | 1 << 26
_ERASING = 1 << 11 | 1 << 12


def rows(header: RpmHeader, index: str) -> Iterator[tuple[str | bytes, int]]:
    """Yield the keys of a header in one index, each with its position among the tag's values."""
    tag = INDEXES[index]
    if index == "Installtid":
        yield from ((n.to_bytes(4, "little"), i) for i, n in enumerate(header.numbers(tag)))
    elif index == "Sigmd5":
        if md5 := header.binary(tag):
            yield md5, 0
    else:
        seen: set[str] = set()
        flags = header.numbers(_REQUIRE_FLAGS) if index == "Requirename" else ()
        for number, text in enumerate(header.texts(tag)):
            is_transient = number < len(flags) and _is_transient(flags[number])
            if is_transient or (index in _ONCE and text in seen):
                continue
            seen.add(text)
            yield text, number


def _is_transient(flags: int) -> bool:
    return bool(flags & _INSTALLING) and not flags & _ERASING
