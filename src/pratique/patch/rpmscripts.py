"""Judge scriptlets and triggers of RPM packages, which are never run."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pratique.patch import scripts
from pratique.patch.rpmheader import RpmHeader

_NEW = {"%pretrans": (1151, 1153), "%pre": (1023, 1085), "%post": (1024, 1086),
        "%posttrans": (1152, 1154)}  # fmt: skip
_OLD = {"%preun": (1025, 1087), "%postun": (1026, 1088)}
# blocks for the first installation, and for the removal of a package
_ARGUMENT = r'"?\$\{?1\}?"?'
_FIRST = rf'(?:\[\[?|test)\s+{_ARGUMENT}\s+(?:-eq|==?)\s+"?1"?(?:\s+\]\]?)?'
_REMOVED = rf'(?:\[\[?|test)\s+{_ARGUMENT}\s+(?:(?:-eq|==?)\s+"?0"?|-lt\s+"?1"?)(?:\s+\]\]?)?'
_AND = r"(?:\s*&&\s*\[[^\]\n]*\])*"
_PROGRAM = re.compile(r"(?<![\w/.-])/?(?:usr/)?s?bin/(?=[\w.-])")
# nothing of these changes a file that an image at rest needs; caches are made anew by their users
_HARMLESS = re.compile(
    r"^(ldconfig\b|/usr/lib/systemd/systemd-update-helper (mark|restart|reload|user|system)|"
    r"(usr/lib/systemd/)?systemd-update-helper (mark|restart|reload|user|system)|"
    r"systemctl (--\S+ )*(daemon-reload|daemon-reexec|try-restart|reload|restart|condrestart|stop|"
    r"reload-or-try-restart|set-property)\b|"
    r"(update-desktop-database|gtk4?-update-icon-cache|install-info|udevadm|touch --no-create|"
    r"journalctl|service|mandb)\b|exit 0|:|true)"
    r"[^;&|<>`$()]*(&?>+ ?/dev/null|2>&1|\s|\|\| *(:|true|exit 0))*;?$"
)
_SAFE_OWNERS = frozenset({
    "glibc", "glibc-common", "glibc-minimal-langpack", "systemd", "systemd-udev", "man-db", "info",
    "hicolor-icon-theme", "desktop-file-utils", "dbus-common", "dbus-daemon", "dbus-broker",
    "gtk-update-icon-cache",
})  # fmt: skip


def why_needed(old: RpmHeader | None, new: RpmHeader, versions: tuple[str, str]) -> str:
    """Return what a scriptlet of an upgrade would do that matters; empty where nothing does."""
    for name, tags in _NEW.items():
        before = _script(old, *tags) if old else b""
        after = _script(new, *tags)
        if _program(new, tags[1]) == "<lua>":
            if after and after != before:
                return f"its {name} has to run (Lua)"
            continue
        known = {name: before + (_script(old, *_NEW["%post"]) if old else b"")}
        if why := scripts.why_needed(
            {name: _mattering(known[name])},
            {name: _mattering(_without(after, _FIRST if old else r"(?!)"))}, versions, [name],
        ):  # fmt: skip
            return why
    for name, tags in _OLD.items() if old else ():
        text = _script(old, *tags) if old else b""
        if text and old and _program(old, tags[1]) == "<lua>":
            return f"the {name} of {versions[0]} has to run (Lua)"
        text = _mattering(_without(text, _REMOVED))
        if why := scripts.why_needed({}, {name: text}, versions, [name]):
            return why.replace("its ", "the installed version's ", 1)
    return ""


def not_run(header: RpmHeader) -> tuple[str, ...]:
    """Return the scriptlets that rpm would have run."""
    return tuple(name for name, tags in _NEW.items() if tags[0] in header or tags[1] in header)


def why_triggered(owner: RpmHeader, name: str, paths: Iterable[str]) -> str:
    """Return which trigger of an installed package an upgrade would set off that matters."""
    who = owner.text(1000)
    if who in _SAFE_OWNERS:
        return ""
    found = list(paths)
    for names, bodies, indexes in ((5069, 5066, 5070), (5079, 5076, 5080)):
        texts, at = owner.texts(bodies), owner.numbers(indexes)
        for number, prefix in enumerate(owner.texts(names)):
            path = next((p for p in found if f"/{p}".startswith(prefix)), "")
            body = texts[at[number]] if number < len(at) and at[number] < len(texts) else "?"
            if path and scripts.why_needed(
                {}, {"trigger": _mattering(body.encode())}, ("", ""), ["trigger"]
            ):
                return f"/{path} sets off a trigger of {who}"
    if name in owner.texts(1066):
        return f"it sets off a trigger of {who}"
    return ""


def _script(header: RpmHeader | None, tag: int, program: int) -> bytes:
    if header is None:
        return b""
    text = header.text(tag)
    word = _program(header, program)
    if not text and word and not word.endswith("sh"):
        text = word
    return text.encode("utf-8", "surrogateescape")


def _program(header: RpmHeader, tag: int) -> str:
    return " ".join(header.texts(tag))


def _without(script: bytes, condition: str) -> bytes:
    """Return a script without the plain blocks that are for another occasion."""
    text = script.decode("utf-8", "surrogateescape")
    block = (
        rf"if\s+(?:{condition}){_AND}\s*(?:;|\n)\s*then\b(?:(?!\bif\b|\belse\b|\belif\b|\bfi\b).)*"
    )
    nested = r"(?:\bif\b(?:(?!\bif\b|\bfi\b).)*\bfi\b(?:(?!\bif\b|\belse\b|\belif\b|\bfi\b).)*)*"
    text = re.sub(rf"{block}{nested}\bfi\b", ":", text, flags=re.DOTALL)
    text = re.sub(rf"^\s*(?:{condition})\s*&&[^|\n]*(\|\|\s*:)?\s*$", ":", text, flags=re.MULTILINE)
    return text.encode("utf-8", "surrogateescape")


def _mattering(script: bytes) -> bytes:
    """Return the lines that are not known to be harmless, programs without their folders."""
    text = _PROGRAM.sub("", script.decode("utf-8", "surrogateescape").replace("\\\n", " "))
    lines = (line for line in text.splitlines() if not _HARMLESS.match(line.strip()))
    return "\n".join(lines).encode("utf-8", "surrogateescape")
