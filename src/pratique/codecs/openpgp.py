"""Whose key made an OpenPGP signature: RFC 9580 and, for its older packets, RFC 4880."""

from __future__ import annotations

_SIGNATURE = 2
_ISSUER, _FINGERPRINT = 16, 33


def issuer(packet: bytes) -> str:
    """Return the key's id, 16 hexadecimal digits; empty where a packet is not a signature."""
    body = _body(packet)
    if body[:1] == b"\x03":
        return body[7:15].hex() if len(body) >= 15 else ""
    if body[:1] not in (b"\x04", b"\x06"):
        return ""
    is_4 = body[:1] == b"\x04"
    width = 2 if is_4 else 4  # of the length of subpackets
    found, at = "", 4
    for _ in range(2):  # those that are hashed, then the others
        size = int.from_bytes(body[at : at + width], "big")
        found = found or _in_subpackets(body[at + width : at + width + size], is_4=is_4)
        at += width + size
    return found


def _body(packet: bytes) -> bytes:
    """Return what a first packet holds, if that is a signature."""
    head = packet[0] if packet else 0
    if not head & 0x80:
        return b""
    if head & 0x40:
        size, rest = _length(packet[1:])
        return rest[:size] if head & 0x3F == _SIGNATURE else b""
    width = 1 << (head & 3)
    if head & 3 == 3 or head >> 2 & 0xF != _SIGNATURE:
        return b""
    size = int.from_bytes(packet[1 : 1 + width], "big")
    return packet[1 + width : 1 + width + size]


def _length(data: bytes) -> tuple[int, bytes]:
    first = data[0] if data else 0
    if first < 192:
        return first, data[1:]
    if first < 255:
        return ((first - 192) << 8) + (data[1] if len(data) > 1 else 0) + 192, data[2:]
    return int.from_bytes(data[1:5], "big"), data[5:]


def _in_subpackets(data: bytes, *, is_4: bool) -> str:
    while data:
        size, data = _length(data)
        kind, content, data = data[:1], data[1:size], data[max(size, 1) :]
        if kind and kind[0] & 0x7F == _ISSUER and len(content) == 8:
            return content.hex()
        if kind and kind[0] & 0x7F == _FINGERPRINT and len(content) > 20:
            # the last digits of a fingerprint are the id, from version 6 on the first
            return (content[-8:] if is_4 else content[1:9]).hex()
    return ""
