"""Judge maintainer scripts, which are never run: does it matter that they are not?

What a script did when the installed version was configured is done; so its lines count that the
installed version's script does not have, and what makes something anew out of a package's files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

RUN_AT_INSTALLATION = ("preinst", "postinst")
# these make something out of the files of a package, whichever version set it up
_REBUILDS = re.compile(
    r"\b(update-initramfs|update-grub|dkms|update-ca-certificates|locale-gen|glib-compile-schemas|"
    r"gdk-pixbuf-query-loaders|gio-querymodules|update-mime-database|mktexlsr|texhash|depmod|"
    r"setcap|update-dictcommon-\w+|update-gconf-defaults|update-fonts-\w+|fc-cache|"
    r"update-xmlcatalog|update-catalog|systemd-hwdb|build-classpath|update-java-alternatives)\b"
)
_OWNS = re.compile(r"\b(chown|chmod|chgrp|dpkg-statoverride)\b")
# nothing runs in an image at rest; caches of Python are made when first used, and the loader
# finds libraries in the system's folders without its cache
_HARMLESS = re.compile(
    r"(echo|printf|exit|set|true|false|:|test|\[|case|return|shift|local|export|readonly|unset|"
    r"for|read|ldconfig|py3compile|pycompile|py3clean|pyclean|invoke-rc\.d|deb-systemd-invoke|"
    r"systemctl (--system )?(daemon-reload|start|stop|restart|try-restart|reload)|"
    r"dpkg --compare-versions|dpkg-trigger --no-await ldconfig)(\s|$)"
)
_KEYWORDS = re.compile(r"((if|then|else|elif|while|until|do|!|\{|\})(\s+|$))+")
_CLOSING = ("fi", "done", "esac", ";;")
_VALUE = r"\"[^\"`]*\"|'[^']*'|[^\s\"'`;&|()<>]*"
_ASSIGNMENT = re.compile(rf"[A-Za-z_]\w*=({_VALUE})")
_WORD = r"[\w./*\"'$+-]+"
_PATTERN = re.compile(rf"\(?{_WORD}(\s*\|\s*{_WORD})*\)\s*(;;)?")
_FUNCTION = re.compile(r"[\w-]+\s*\(\)\s*\{?")
TRIGGERS_WITHOUT_HARM = frozenset({
    "libc-bin", "man-db", "mailcap", "mime-support", "install-info", "hicolor-icon-theme",
    "desktop-file-utils", "gnome-menus", "menu", "doc-base", "ureadahead", "systemd", "udev",
    "dbus", "debianutils", "python3", "php-common", "sgml-base-doc",
})  # fmt: skip
"""Packages whose triggers serve documentation, menus, or daemons that run."""


def why_needed(
    old: Mapping[str, bytes], new: Mapping[str, bytes], versions: tuple[str, str],
    names: Iterable[str] = RUN_AT_INSTALLATION,
) -> str:  # fmt: skip
    """Return what the scripts of a new version would do that matters; empty where nothing does.

    `old` and `new` are scripts by their names, `versions` the versions that they are of.
    """
    for name in names:
        before = _lines(old.get(name, b""), versions[0])
        after = _lines(new.get(name, b""), versions[1])
        for line in after:
            if match := _REBUILDS.search(line):
                return f"its {name} runs {match[1]}"
        known = set(before)
        for line in after:
            if line not in known and not _is_harmless(line):
                return f"its {name} has to run: {line[:80]}"
    return ""


def sets_owners(scripts: Mapping[str, bytes]) -> bool:
    """Tell whether a script changes modes or owners."""
    return any(
        _OWNS.search(line) for name in RUN_AT_INSTALLATION
        for line in _lines(scripts.get(name, b""), "")
    )  # fmt: skip


def not_run(scripts: Iterable[str]) -> tuple[str, ...]:
    """Return which of a package's control files are scripts that dpkg would have run."""
    return tuple(name for name in RUN_AT_INSTALLATION if name in scripts)


def _lines(script: bytes, version: str) -> list[str]:
    """Return the lines that do something, a package's own version left out of them."""
    text = script.decode("utf-8", "replace").replace("\\\n", " ")
    lines = (re.sub(r"(^|\s)#.*$", "", line).strip() for line in text.splitlines())
    found = [" ".join(line.split()) for line in lines if line]
    if not version:
        return found
    own = re.compile(rf"(?<![\w.$-]){re.escape(version)}(?![\w.])")
    return [own.sub("VERSION", line) for line in found]


def _is_harmless(line: str) -> bool:
    """Tell whether a line changes nothing; what is not understood is not harmless."""
    if "`" in line or "$(" in line or re.search(r">\s*(?!&|/dev/null\b)\S", line):
        return False
    if _FUNCTION.fullmatch(line) or _PATTERN.fullmatch(line):
        return True
    parts = re.split(r"&&|\|\||(?<!;);(?!;)|\||(?<![>&])&(?![&>])", line)
    return all(_is_harmless_command(part.strip()) for part in parts)


def _is_harmless_command(text: str) -> bool:
    if match := _KEYWORDS.match(text):
        text = text[match.end() :]
    text = text.removesuffix(";;").strip() or ";;"
    is_known = text in _CLOSING or _ASSIGNMENT.fullmatch(text) or _HARMLESS.match(text)
    return bool(is_known)
