"""WordPress, its plugins and its themes, by what their files declare.

https://developer.wordpress.org/plugins/plugin-basics/header-requirements/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_VERSION = re.compile(rb"^\s*\$wp_version\s*=\s*['\"]([0-9][\w.+-]{0,50})['\"]\s*;", re.MULTILINE)
# WordPress itself reads the first 8 KB; a header may be in any kind of comment
_HEADER_BYTES = 8192
_HEADER = re.compile(
    r"^[ \t/*#@<?ph]*(Plugin Name|Theme Name|Version|License):([^\r\n]*)",
    re.MULTILINE | re.IGNORECASE,
)


def core(file: File) -> Iterator[Package]:
    """Yield WordPress itself; a `version.php` that sets no version is an error."""
    match = _VERSION.search(file.open().read(_HEADER_BYTES))
    if match is None:
        raise MalformedError("sets no $wp_version", file.path)
    version = match[1].decode("utf-8", "replace")
    cpe = f"cpe:2.3:a:wordpress:wordpress:{version}:*:*:*:*:*:*:*"
    yield Package(file.path, "wordpress", "wordpress", "wordpress", version, cpe=cpe)


def plugin(file: File) -> Iterator[Package]:
    """Yield the plugin whose main file this is: the one that has its header, of all its files."""
    folder, _, name = file.path.rpartition("wp-content/plugins/")[2].rpartition("/")
    yield from _declared(file, "plugin name", f"plugin/{folder or name.removesuffix('.php')}")


def theme(file: File) -> Iterator[Package]:
    """Yield the theme whose `style.css` this is."""
    yield from _declared(file, "theme name", f"theme/{file.path.split('/')[-2]}")


def _declared(file: File, title: str, name: str) -> Iterator[Package]:
    text = file.open().read(_HEADER_BYTES).decode("utf-8", "replace")
    found: dict[str, str] = {}
    for key, value in _HEADER.findall(text):
        ended = value.partition("*/")[0].partition("?>")[0]
        found.setdefault(key.lower(), ended.strip())
    if not found.get(title):
        return
    if not found.get("version"):
        raise MalformedError(f"{name} declares no version", file.path)
    licenses = (found["license"],) if found.get("license") else ()
    yield Package(file.path, "wordpress", "wordpress", name, found["version"], licenses=licenses)


wordpress = Analyzer("wordpress", 1, ("wp-includes/version.php",), core)
wordpress_plugin = Analyzer(
    "wordpress-plugin", 1, ("wp-content/plugins/*/*.php", "wp-content/plugins/*.php"), plugin
)
wordpress_theme = Analyzer("wordpress-theme", 1, ("wp-content/themes/*/style.css",), theme)
