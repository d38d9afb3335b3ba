"""Ports of a service: `HOST_IP:PUBLISHED:TARGET/PROTOCOL`, with ranges, and the long syntax."""

from __future__ import annotations

import re

from msgspec import Struct

from pratique.codecs.located_values import Map, Value

_SHORT = re.compile(
    r"(?:(?P<ip>\[[0-9a-fA-F:.%]*\]|[0-9.]+|\$\{?\w+\}?|localhost)?:)??(?:(?P<published>[\d-]*):)?"
    r"(?P<target>\d[\d-]*)(?:/(?P<protocol>\w+))?"
)
_MOST = 20
_LOOPBACK = re.compile(r"127\.|\[?::1\]?$|localhost$")


class Port(Struct, frozen=True, gc=False):
    """A port of the container, and where on the host it is published."""

    target: int
    published: int
    """0 where the engine chooses one."""
    ip: str = ""
    """Empty for every address of the host."""
    protocol: str = "tcp"

    @property
    def is_everywhere(self) -> bool:
        """Tell whether every address of the host is listened on."""
        return self.ip in ("", "0.0.0.0", "[::]", "::", "*")  # noqa: S104 - told, not bound

    @property
    def is_local(self) -> bool:
        return bool(_LOOPBACK.match(self.ip))


def ports_of(value: Value) -> list[Port]:
    """Return the ports of an entry: several for a range, none for what is no port."""
    if isinstance(value, Map):
        return _long(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return []
    match = _SHORT.fullmatch(str(value))
    if match is None:
        return []
    targets = _numbers(match["target"])
    published = _numbers(match["published"] or "")
    published += [0] * (len(targets) - len(published))
    protocol = match["protocol"] or "tcp"
    pairs = zip(targets, published, strict=False)
    return [Port(target, host, match["ip"] or "", protocol) for target, host in pairs]


def _long(value: Map) -> list[Port]:
    targets = _numbers(str(value.get("target", "")))
    published = _numbers(str(value.get("published", "")))
    ip, protocol = str(value.get("host_ip") or ""), str(value.get("protocol") or "tcp")
    published += [0] * (len(targets) - len(published))
    return [
        Port(target, host, ip, protocol) for target, host in zip(targets, published, strict=False)
    ]


def _numbers(text: str) -> list[int]:
    first, _, last = text.partition("-")
    if not first.isdigit() or len(first) > 5:
        return []
    end = int(last) if last.isdigit() and len(last) <= 5 else int(first)
    return list(range(int(first), min(end, int(first) + _MOST - 1) + 1))
