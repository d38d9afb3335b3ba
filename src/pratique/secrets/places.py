"""Tell where a rule does not look: what packages bring along is known to everybody."""

from __future__ import annotations

import re
from functools import lru_cache

from pratique.secrets.ruleset import Ruleset
from pratique.secrets.sought import Sought

_PACKAGES = (
    r"(?:^|/)(?:site-packages|dist-packages|node_modules|bower_components|gems|pkg/mod"
    r"|registry/src|perl5|\.m2/repository|\.nuget/packages)/"
    r"|^usr/(?:lib|lib64|include|libexec|share(?!/(?:nginx|caddy|httpd|www)/))/|^usr/local/(?:lib|include|share)/"
    r"|^usr/local/go/|^(?:lib|lib64)/|^var/lib/(?:dpkg|apt|rpm)/|^opt/(?:conda|yarn-v[\d.]+)/"
)
_INSTALLED = re.compile(_PACKAGES)
_EXCUSED = {
    "tests": r"(?:^|/)_{0,2}(?:tests?|specs?|testing|testdata|test-data|fixtures?|mocks?)_{0,2}/"
    r"|[._-](?:test|spec)s?\.\w+$|(?:^|/)test[\w-]*\.\w+$",
    "examples": r"(?:^|/)(?:examples?|samples?|demos?)/",
    "docs": r"(?:^|/)(?:docs?|man|info|locale|help|gtk-doc)/|\.(?:md|rst|markdown|pod|html?|adoc)$",
}
_EXCUSES = {name: re.compile(pattern) for name, pattern in _EXCUSED.items()}


def concerns(sought: Sought, path: str, rules: Ruleset) -> bool:
    """Tell whether a rule looks at a file at all."""
    if sought.path is not None and not sought.path.search(path):
        return False
    if sought.rule.paths and not any(matches(path) for matches in sought.globs):
        return False
    if sought.is_own:
        return True
    if sought.rule.category == "Generic" and is_installed(path):
        return False
    return not is_excused(path, rules.not_excused)


@lru_cache(1024)
def is_installed(path: str) -> bool:
    """Tell whether a package manager put a file there, going by its folder."""
    return _INSTALLED.search(path) is not None


@lru_cache(1024)
def is_excused(path: str, switched_off: frozenset[str]) -> bool:
    """Tell whether a file is a test, an example or a text of a package."""
    return is_installed(path) and any(
        pattern.search(path) for name, pattern in _EXCUSES.items() if name not in switched_off
    )
