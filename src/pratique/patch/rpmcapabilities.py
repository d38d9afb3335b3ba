"""Capabilities of files, from the text of cap_from_text(3) to the attribute that a kernel reads."""

from __future__ import annotations

import re
import struct

from pratique.errors import MalformedError

_NAMES = (
    "chown", "dac_override", "dac_read_search", "fowner", "fsetid", "kill", "setgid", "setuid",
    "setpcap", "linux_immutable", "net_bind_service", "net_broadcast", "net_admin", "net_raw",
    "ipc_lock", "ipc_owner", "sys_module", "sys_rawio", "sys_chroot", "sys_ptrace", "sys_pacct",
    "sys_admin", "sys_boot", "sys_nice", "sys_resource", "sys_time", "sys_tty_config", "mknod",
    "lease", "audit_write", "audit_control", "setfcap", "mac_override", "mac_admin", "syslog",
    "wake_alarm", "block_suspend", "audit_read", "perfmon", "bpf", "checkpoint_restore",
)  # fmt: skip
_CLAUSE = re.compile(r"([a-z_,]*)((?:[=+][eip]*)+)")
_REVISION_2, _EFFECTIVE = 0x02000000, 1


def attribute(text: str, where: str) -> bytes:
    """Return `security.capability` for `cap_net_raw=ep`; empty where the text gives none."""
    sets = {"e": 0, "i": 0, "p": 0}
    for clause in text.split():
        match = _CLAUSE.fullmatch(clause)
        if not match:
            raise MalformedError(f"capabilities {text[:80]!r} are not understood", where)
        bits = _bits(match[1], where)
        for sign, flags in re.findall(r"([=+])([eip]*)", match[2]):
            for name in sets:
                if name in flags:
                    sets[name] |= bits
                elif sign == "=":
                    sets[name] &= ~bits
    if not any(sets.values()):
        return b""
    low, high = 0xFFFFFFFF, 32
    return struct.pack(
        "<5I", _REVISION_2 | (_EFFECTIVE if sets["e"] else 0), sets["p"] & low, sets["i"] & low,
        sets["p"] >> high, sets["i"] >> high,
    )  # fmt: skip


def _bits(names: str, where: str) -> int:
    if names in ("", "all"):
        return (1 << len(_NAMES)) - 1
    bits = 0
    for name in names.split(","):
        short = name.removeprefix("cap_")
        if short not in _NAMES:
            raise MalformedError(f"the capability {name!r} is unknown", where)
        bits |= 1 << _NAMES.index(short)
    return bits
