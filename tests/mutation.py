"""Damage real files as accidents and hostility do, the same way for the same seed."""

from __future__ import annotations

import random
import re

_BYTES = b"\0\n\r\t \"'#%&()*,-:;=@[\\]{}~09az\x80\xff"
_TOKEN = re.compile(rb'"[^"\n]{0,200}"|[\w.+-]+')
_WORDS = (
    b"null", b"true", b"{}", b"[]", b"[[]]", b'""', b'"a"', b"-1", b"1e999", b"9" * 40, b"0x7fffffff",
    b"&a", b"*a", b"<<", b"!!binary", b"- - -", b"<!ENTITY a '&a;&a;'>", b"&a;", b"${a}", b"../..",
    b"\xed\xa0\x80", b"\xff\xfe", b"[" * 3000, b"{" * 3000, b'{"a":' * 3000, b"<a>" * 3000,
)  # fmt: skip
_INTEGERS = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 0x7FFFFFFFFFFFFFFF)
_TEXT = 1 << 16  # beyond this a file is mutated as bytes only, since its lines are costly to split


def mutated(data: bytes, seed: int) -> bytes:
    """Cut, flip, double, delete and replace up to six parts of a file."""
    dice = random.Random(seed)
    for _ in range(dice.randint(1, 6)):
        kind = dice.randrange(10 if len(data) <= _TEXT else 5)
        data = _with_bytes(data, dice, kind) if kind < 5 else _with_text(data, dice, kind)
    return data


def _with_bytes(data: bytes, dice: random.Random, kind: int) -> bytes:
    at = dice.randrange(len(data) + 1)
    if kind == 0:
        return data[:at] if dice.random() < 0.3 else data[:at] + data[at + dice.randint(1, 40) :]
    if kind == 1:
        return data[:at] + bytes([dice.choice(_BYTES)]) + data[at + 1 :]
    if kind == 2:
        return data[:at] + bytes([dice.choice(_BYTES)]) + data[at:]
    if kind == 3:
        size = dice.choice((2, 4, 8))
        number = dice.choice(_INTEGERS) & ((1 << 8 * size) - 1)
        raw = number.to_bytes(size, "big")
        return data[:at] + (raw if dice.random() < 0.5 else raw[::-1]) + data[at + size :]
    return data[:at] + bytes([dice.randrange(256)]) + data[at + 1 :]


def _with_text(data: bytes, dice: random.Random, kind: int) -> bytes:
    if kind == 5:
        at = dice.randrange(len(data) + 1)
        return data[:at] + str(dice.choice([0, -1, 10**30])).encode() + data[at:]
    if kind in (6, 7):
        lines = data.split(b"\n")
        line = dice.randrange(len(lines))
        if kind == 6:
            del lines[line : line + dice.randint(1, 5)]
            return b"\n".join(lines)
        return b"\n".join([*lines[:line], *lines[max(0, line - 3) :]])
    tokens = [match.span() for match in _TOKEN.finditer(data)]
    if not tokens:
        return data
    start, end = dice.choice(tokens)
    other = dice.choice(tokens)
    word = dice.choice(_WORDS) if kind == 8 else data[other[0] : other[1]]
    return data[:start] + word + data[end:]
